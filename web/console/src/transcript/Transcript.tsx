import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";

import { speaksAt, transcriptLines, type OpenCall } from "@ringdown/core";
import { Button, useWatched } from "@ringdown/ui";

import { useDesk, useKey } from "../app/useDesk";
import { usePlayhead } from "../timeline/usePlayhead";
import { Channels } from "./Channels";
import { Line } from "./Line";
import { Reader } from "./Reader";
import s from "./transcript.module.css";
import { TtyNotice } from "./TtyNotice";

/** Rows drawn at once; more come by a button, which also reads better than a virtual list. */
export const ROWS = 80;
const NEAR_PX = 32;

/** Both sides of the call as they become text. It follows the call unless the person looks back. */
export function Transcript({ open }: { open: OpenCall }) {
  const desk = useDesk();
  const marked = useWatched(desk.marked);
  const player = useWatched(desk.player.state);
  const playMs = usePlayhead(250);
  const lines = useMemo(() => transcriptLines(open), [open]);
  const box = useRef<HTMLDivElement>(null);
  const [follows, setFollows] = useState(true);
  /** The first row shown while the person looks back; it stays, so that nothing moves. */
  const [first, setFirst] = useState(0);
  const [leftAt, setLeftAt] = useState(0);
  const [focusId, setFocusId] = useState<string | null>(null);

  const from = follows ? Math.max(0, lines.length - ROWS) : Math.min(first, lines.length);
  const shown = lines.slice(from);
  const finals = open.utterances.length;
  const fresh = follows ? 0 : Math.max(0, finals - leftAt);
  const stop = shown.find((line) => line.utterance.utterance_id === focusId) ?? shown.at(-1);

  const lookBack = useCallback(
    (firstRow: number) => {
      setFollows(false);
      setFirst(firstRow);
      setLeftAt(finals);
    },
    [finals],
  );
  /** A person looks into a line: from now on it stays where it is. */
  const look = useCallback(() => {
    if (follows) lookBack(from);
  }, [follows, from, lookBack]);
  const toLive = () => {
    setFollows(true);
    const element = box.current;
    if (element) element.scrollTop = element.scrollHeight;
  };

  useLayoutEffect(() => {
    const element = box.current;
    if (follows && element) element.scrollTop = element.scrollHeight;
  }, [follows, lines]);
  useEffect(() => {
    const element = box.current;
    if (!follows || !element) return;
    // Less room must not push the newest line out of sight.
    const watch = new ResizeObserver(() => {
      element.scrollTop = element.scrollHeight;
    });
    watch.observe(element);
    return () => watch.disconnect();
  }, [follows]);

  const onScroll = () => {
    const element = box.current;
    if (!element) return;
    const near = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_PX;
    if (near && !follows && !element.querySelector("[data-readings]")) setFollows(true);
    else if (!near && follows) lookBack(from);
  };

  // Somebody asked where it was heard: bring that row into sight, inside this box alone.
  useEffect(() => {
    if (!marked) return;
    const index = lines.findIndex((line) => line.utterance.utterance_id === marked.utterance_id);
    if (index < 0) return;
    const frame = requestAnimationFrame(() => {
      if (index < from) lookBack(index);
      box.current?.querySelector(`[data-utterance="${marked.utterance_id}"]`)?.scrollIntoView({ block: "nearest" });
    });
    return () => cancelAnimationFrame(frame);
    // Only a new mark moves the view; new lines must not.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [marked]);

  const focusLine = (id: string | undefined) =>
    box.current?.querySelector<HTMLElement>(`[data-utterance="${id ?? ""}"] [data-time]`)?.focus();
  useKey("go.transcript", () => focusLine(stop?.utterance.utterance_id));

  useEffect(() => {
    const element = box.current;
    // Clicking anywhere on a row plays it; the keyboard has the row's time button for that.
    const onClick = (event: MouseEvent) => {
      const target = event.target instanceof Element ? event.target : null;
      const row = target?.closest<HTMLElement>("[data-start]");
      if (!row || target?.closest("[data-own-click]") || window.getSelection()?.isCollapsed === false) return;
      void desk.player.play(Number(row.dataset["start"]));
    };
    element?.addEventListener("click", onClick);
    return () => element?.removeEventListener("click", onClick);
  }, [desk]);

  const move = (event: React.KeyboardEvent) => {
    const stopped = event.target instanceof HTMLElement ? event.target : null;
    if (!stopped?.matches("[data-time], [data-chip]")) return;
    if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
      const stops = [...(stopped.closest("[data-utterance]")?.querySelectorAll<HTMLElement>("[data-time], [data-chip]") ?? [])];
      stops[stops.indexOf(stopped) + (event.key === "ArrowLeft" ? -1 : 1)]?.focus();
      event.preventDefault();
      return;
    }
    const ids = shown.map((line) => line.utterance.utterance_id);
    const here = ids.indexOf(stop?.utterance.utterance_id ?? "");
    const target = { ArrowUp: here - 1, ArrowDown: here + 1, Home: 0, End: ids.length - 1 }[event.key];
    if (target === undefined) return;
    event.preventDefault();
    focusLine(ids[Math.min(ids.length - 1, Math.max(0, target))]);
  };

  return (
    <section className={s["panel"]} aria-labelledby="transcript-title">
      <div className={s["head"]}>
        <h2 id="transcript-title">Transcript</h2>
        <Channels open={open} />
        <span className={s["legend"]}><span className={s["doubt"]}>Dotted</span>: doubtful <span className={s["check"]}>Underlined</span>: unconfirmed</span>
      </div>
      <div className={s["wrap"]}>
        {/* Arrow keys bubble up from the rows' own buttons; the log is no control itself. */}
        {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
        <div
          className={s["scroll"]}
          ref={box}
          data-looking={!follows || undefined}
          role="log"
          aria-label="Transcript"
          aria-live="off"
          onScroll={onScroll}
          onKeyDown={move}
          onFocus={(event) => setFocusId(event.target.closest<HTMLElement>("[data-utterance]")?.dataset["utterance"] ?? null)}
        >
          {from > 0 && (
            <Button onPress={() => lookBack(Math.max(0, from - ROWS))}>Show earlier ({from})</Button>
          )}
          {shown.length === 0 && <p className={s["empty"]}>Nothing has been said yet.</p>}
          {shown.map((line) => (
            <Line
              key={line.utterance.utterance_id}
              callId={open.call_id}
              line={line}
              onLook={look}
              marked={marked?.utterance_id === line.utterance.utterance_id ? marked : null}
              playing={player.status !== "paused" && speaksAt(line.utterance, playMs)}
              tabStop={line === stop}
            />
          ))}
        </div>
        <TtyNotice open={open} />
        {!follows && (
          <div className={s["more"]}>
            <Button onPress={toLive}>{fresh > 0 ? `${fresh} new ${fresh === 1 ? "line" : "lines"}` : "Back to live"} ↓</Button>
          </div>
        )}
      </div>
      <Reader open={open} />
    </section>
  );
}
