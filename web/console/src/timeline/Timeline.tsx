import { useEffect, useRef, useState, type KeyboardEvent, type PointerEvent } from "react";

import { clockText, liveEdgeMs, type ConsoleState, type OpenCall } from "@ringdown/core";
import { Badge, Button, Icon, Kbd, useNow, useWatched } from "@ringdown/ui";

import { useDesk, useKey, useKeyName, useLive } from "../app/useDesk";
import { ListenButton, ListenTrouble, SideControl } from "../listen/Listen";
import { behindWords } from "../listen/words";
import { draw, palette, type Picture } from "./draw";
import s from "./timeline.module.css";
import { usePlayhead } from "./usePlayhead";
import { bucketFor, spanFor, WaveData } from "./waveform";

const pickOffset = (state: ConsoleState) => state.offset_ms;
const STEP_MS = 10_000;
const WAVE_EVERY_MS = 1_000;

/** Loudness of the call, fetched as it grows. */
function useWave(callId: string, bucketMs: number, ended: boolean): WaveData | null {
  const { api } = useDesk();
  const [wave, setWave] = useState<{ data: WaveData; version: number } | null>(null);
  useEffect(() => {
    const data = new WaveData(bucketMs);
    let stopped = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async () => {
      try {
        const from = data.nextMs;
        const answer = await api.waveform(callId, from, from + bucketMs * 2000, bucketMs);
        if (stopped) return;
        data.add(answer);
        setWave((old) => ({ data, version: (old?.version ?? 0) + 1 }));
        if (ended) return;
      } catch {
        // The picture can wait; the lamps say what is wrong with the lane.
      }
      if (!stopped) timer = setTimeout(() => void ask(), WAVE_EVERY_MS);
    };
    void ask();
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }, [api, callId, bucketMs, ended]);
  return wave?.data ?? null;
}

/** The whole call at a glance: listen to any moment of it, while it goes on or afterwards. */
export function Timeline({ open }: { open: OpenCall }) {
  const desk = useDesk();
  const { player } = desk;
  const { call } = open;
  const state = useWatched(player.state);
  const listening = useWatched(player.listener.state);
  const marked = useWatched(desk.marked);
  const prefs = useWatched(desk.prefs);
  const offset = useLive(pickOffset);
  const now = useNow(500);
  const positionMs = usePlayhead(100);
  const ended = call.ended_at !== null;
  const edgeMs = liveEdgeMs(call, offset, now);
  const spanMs = spanFor(edgeMs, ended);
  const wave = useWave(call.call_id, bucketFor(spanMs), ended);
  const canvas = useRef<HTMLCanvasElement>(null);
  const probe = useRef<HTMLSpanElement>(null);
  const slider = useRef<HTMLDivElement>(null);
  const mayListen = desk.may("media:listen");
  const behindMs = player.listener.on ? player.listener.behindMs() : Math.max(0, edgeMs - positionMs);
  const playing = state.status !== "paused";

  useEffect(() => {
    player.turnTo(call.call_id);
  }, [player, call.call_id]);
  useEffect(() => {
    player.endAt(ended ? edgeMs : null);
  }, [player, ended, edgeMs]);

  const [resized, setResized] = useState(0);
  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    const watch = new ResizeObserver(() => setResized((n) => n + 1));
    watch.observe(element);
    return () => watch.disconnect();
  }, []);

  useEffect(() => {
    if (!canvas.current || !probe.current) return;
    const picture: Picture = {
      spanMs, edgeMs, positionMs, live: !ended, wave, utterances: open.utterances, gaps: open.gaps, tones: open.tones, marked, on: state.sides,
    };
    draw(canvas.current, picture, palette(probe.current));
  }, [spanMs, edgeMs, positionMs, ended, wave, open.utterances, open.gaps, open.tones, marked, state.sides, prefs.theme, resized]);

  const clamp = (ms: number): number => Math.min(edgeMs, Math.max(0, ms));
  const seek = (ms: number) => player.seek(clamp(ms));
  const toLive = () => player.toLive(edgeMs);
  const toggle = () => {
    // At the very end of a finished call, "play" means from the start.
    if (!playing && ended && positionMs >= edgeMs - 50) void player.play(0);
    else player.toggle();
  };
  useKey("play", () => mayListen && toggle());
  useKey("play.back", () => seek(player.positionMs() - STEP_MS));
  useKey("play.forward", () => seek(player.positionMs() + STEP_MS));
  useKey("play.live", () => mayListen && toLive());
  useKey("go.timeline", () => slider.current?.focus());
  const keys = { play: useKeyName("play"), back: useKeyName("play.back"), forward: useKeyName("play.forward"), live: useKeyName("play.live") };

  const onKeyDown = (event: KeyboardEvent) => {
    const target = {
      ArrowLeft: positionMs - 1000, ArrowRight: positionMs + 1000, ArrowDown: positionMs - 1000, ArrowUp: positionMs + 1000,
      PageDown: positionMs - 15_000, PageUp: positionMs + 15_000, Home: 0, End: edgeMs,
    }[event.key];
    if (target === undefined && event.key !== " " && event.key !== "Enter") return;
    event.preventDefault();
    if (target === undefined) toggle();
    else seek(target);
  };
  const scrub = (event: PointerEvent<HTMLDivElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    seek(((event.clientX - box.left) / box.width) * spanMs);
  };

  const told = behindWords({ phase: listening.phase, ended, playing, behindMs });
  return (
    <section className={s["timeline"]} aria-label="Recording">
      <div className={s["controls"]}>
        <Button isDisabled={!mayListen} onPress={toggle}><Icon name={playing ? "pause" : "play"} />{playing ? "Pause" : "Play"} <Kbd keys={keys.play} /></Button>
        <Button kind="quiet" onPress={() => seek(positionMs - STEP_MS)} aria-label="Back 10 s"><Icon name="back" />10 s <Kbd keys={keys.back} /></Button>
        <Button kind="quiet" onPress={() => seek(positionMs + STEP_MS)} aria-label="On 10 s"><Icon name="forward" />10 s <Kbd keys={keys.forward} /></Button>
        {!ended && <Button kind="quiet" isDisabled={!mayListen} onPress={toLive}><Icon name="live" />Live <Kbd keys={keys.live} /></Button>}
        <ListenButton open={open} />
        <span className={s["clock"]}>{clockText(positionMs)} <span className={s["quiet"]}>of {clockText(edgeMs)}</span></span>
        <span className={s["behind"]}>
          {told && <Badge tone={told.tone}>{told.text}</Badge>}
          {state.status === "waiting" && !player.listener.on && <span className={s["quiet"]}> waiting for sound…</span>}
        </span>
        <span className={s["sides"]}><SideControl side="caller" /><SideControl side="call_taker" /></span>
      </div>
      <ListenTrouble />
      {state.trouble !== null && !player.listener.on && <p className={s["trouble"]} role="status"><Icon name="warn" />{state.trouble}</p>}
      <div
        className={s["track"]}
        ref={slider}
        role="slider"
        tabIndex={0}
        aria-label="Moment of the call"
        aria-valuemin={0}
        aria-valuemax={Math.round(edgeMs / 1000)}
        aria-valuenow={Math.round(Math.min(edgeMs, positionMs) / 1000)}
        aria-valuetext={[`${clockText(positionMs)} of ${clockText(edgeMs)}`, told?.text].filter(Boolean).join(". ")}
        onKeyDown={onKeyDown}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          scrub(event);
        }}
        onPointerMove={(event) => event.buttons === 1 && scrub(event)}
      >
        <canvas ref={canvas} className={s["canvas"]} aria-hidden="true" />
        <span ref={probe} hidden />
      </div>
    </section>
  );
}
