import { useEffect, useRef, useState } from "react";

import { clockText, elapsedMs, listCalls, type CallView, type ConsoleState, type DraftSummary } from "@ringdown/core";
import { Badge, Button, Hidden, Icon, Kbd, useNow, useWatched } from "@ringdown/ui";

import { useAct, useDesk, useKey, useKeyName, useLive } from "../app/useDesk";
import { TextBacks } from "../phone";
import s from "./calls.module.css";
import { phone, STATE_CALL_WORDS } from "./words";

const pickCalls = (state: ConsoleState) => state.calls;
const pickPast = (state: ConsoleState) => state.past;
const pickSummaries = (state: ConsoleState) => state.summaries;
const pickTty = (state: ConsoleState) => state.tty;
const pickQueued = (state: ConsoleState) => state.text_backs.length > 0;
const pickOffset = (state: ConsoleState) => state.offset_ms;

function Row({ call, summary, open, tty, now, offset }: { call: CallView; summary: DraftSummary | undefined; open: boolean; tty: boolean; now: number; offset: number }) {
  const desk = useDesk();
  const ended = call.state === "ended";
  const quiet = ended && call.attention === null;
  const lasted = ended
    ? elapsedMs(call.started_at, 0, Date.parse(call.ended_at ?? call.started_at))
    : elapsedMs(call.started_at, offset, now);
  return (
    <li className={s["row"]} data-open={open || undefined} data-attention={call.attention ?? undefined}>
      <button type="button" className={s["rowButton"]} data-call={call.call_id} aria-current={open ? "true" : undefined} onClick={() => desk.openCall(call.call_id)}>
        <span className={s["rowTop"]}>
          <span className={s["ani"]}>{phone(call.ani)}</span>
          <span className={s["timer"]}><Hidden>{ended ? "lasted " : "running for "}</Hidden>{clockText(lasted)}</span>
        </span>
        <span className={s["rowMiddle"]}>{summary?.type_text ?? (quiet ? null : <span className={s["nothing"]}>Type unknown</span>)}</span>
        <span className={s["rowMiddle"]}>{summary?.location_text ?? (quiet ? null : <span className={s["nothing"]}>Location unknown</span>)}</span>
        <span className={s["rowBottom"]}>
          {call.demo && <Badge tone="accent">DEMO</Badge>}
          {call.attention === "source_lost" && <Badge tone="down" icon="warn">Sound lost</Badge>}
          {call.attention === "abandoned" && <Badge tone="down" icon="warn">Abandoned</Badge>}
          {tty && <Badge tone="down" icon="warn">TTY</Badge>}
          <span className={s["state"]}>{STATE_CALL_WORDS[call.state]}</span>
          <span className={s["taker"]}>{call.assigned_to ? call.assigned_to.name : ended ? "" : "Nobody yet"}</span>
        </span>
      </button>
    </li>
  );
}

/** Every call of the centre that somebody must still see, then the finished ones. */
export function CallList() {
  const desk = useDesk();
  const act = useAct();
  const now = useNow(1000);
  const calls = useLive(pickCalls);
  const past = useLive(pickPast);
  const summaries = useLive(pickSummaries);
  const tty = useLive(pickTty);
  const offset = useLive(pickOffset);
  const queued = useLive(pickQueued);
  const place = useWatched(desk.place);
  const openId = place.page === "calls" ? place.callId : null;
  const { open, ended } = listCalls(calls, past, openId);
  const box = useRef<HTMLElement>(null);
  const [awaited, setAwaited] = useState<string | null>(null);
  const demoKey = useKeyName("demo.start");

  useEffect(() => {
    void desk.api.endedCalls(20).then(
      (finished) => desk.store.apply({ type: "past", calls: finished }),
      () => undefined, // Older calls are a convenience; the live list does not wait for them.
    );
  }, [desk]);

  // The demo call was asked for, so it opens when it comes, unless the person has gone elsewhere.
  useEffect(() => {
    if (awaited === null) return;
    const look = () => {
      const come = Object.values(desk.store.get().calls).find((call) => call.external_id === awaited);
      if (!come) return;
      setAwaited(null);
      if (desk.place.get() === place) desk.openCall(come.call_id);
    };
    const first = setTimeout(look, 0);
    const stop = desk.store.subscribe(look);
    return () => {
      clearTimeout(first);
      stop();
    };
  }, [desk, awaited, place]);

  const step = (by: 1 | -1) => {
    const rows = [...(box.current?.querySelectorAll<HTMLElement>("[data-call]") ?? [])];
    const here = rows.findIndex((row) => row === document.activeElement);
    const from = here >= 0 ? here : rows.findIndex((row) => row.dataset["call"] === openId);
    rows[Math.min(rows.length - 1, Math.max(0, from + by))]?.focus();
  };
  useKey("call.next", () => step(1));
  useKey("call.previous", () => step(-1));
  useKey("go.calls", () => {
    const rows = box.current?.querySelectorAll<HTMLElement>("[data-call]");
    ([...(rows ?? [])].find((row) => row.dataset["call"] === openId) ?? rows?.[0])?.focus();
  });

  const demo = () =>
    void act(async () => {
      const { external_id } = await desk.api.startDemo();
      setAwaited(external_id);
      desk.say("The demo call is on its way.");
    });
  const mayDemo = desk.may("demo:start");
  useKey("demo.start", () => mayDemo && demo());

  const rows = (list: CallView[]) => (
    // Arrow keys bubble up from the rows' own buttons; the list is no control itself.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <ul
      onKeyDown={(event) => {
        if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
        event.preventDefault();
        step(event.key === "ArrowDown" ? 1 : -1);
      }}
    >
      {list.map((call) => (
        <Row key={call.call_id} call={call} summary={summaries[call.call_id]} open={call.call_id === openId} tty={tty.includes(call.call_id)} now={now} offset={offset} />
      ))}
    </ul>
  );
  const lasting = open.filter((call) => call.state !== "ended" || call.attention !== null).length;
  const waiting = open.filter((call) => call.attention !== null).length;

  return (
    <nav className={s["list"]} aria-label="Calls" ref={box}>
      <div className={s["listHead"]}>
        <h2>Calls <span className={s["count"]}>{lasting}</span></h2>
        {waiting > 0 && <Badge tone="down" icon="warn">{waiting} {waiting === 1 ? "needs" : "need"} a look</Badge>}
      </div>
      <div className={s["scroll"]}>
        {open.length > 0 ? rows(open) : <p className={s["empty"]}>No call is open. A new call appears here by itself.</p>}
        {queued && <TextBacks />}
        {ended.length > 0 && (
          <>
            <h3 className={s["sub"]}>Ended</h3>
            {rows(ended)}
          </>
        )}
      </div>
      {mayDemo && (
        <div className={s["listFoot"]}>
          <Button onPress={demo}><Icon name="play" />Start demo call <Kbd keys={demoKey} /></Button>
        </div>
      )}
    </nav>
  );
}
