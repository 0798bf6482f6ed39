import type { AudioPiece } from "@ringdown/api";
import { Cell, readWav, type Pcm, type Side, type Timers } from "@ringdown/core";

import type { Sink } from "./sink";

type FetchPiece = (callId: string, fromMs: number, toMs: number, signal?: AbortSignal) => Promise<AudioPiece>;

export interface PlayerState {
  callId: string | null;
  /** `waiting`: at the live edge, or the next piece is late. */
  status: "paused" | "playing" | "waiting";
  sides: Record<Side, boolean>;
  /** The furthest moment the server has told of. */
  edgeMs: number;
  trouble: string | null;
}

interface Piece {
  fromMs: number;
  toMs: number;
  /** When it starts sounding, on the sink's clock. */
  at: number;
}

const PIECE_MS = 5_000;
/** Sound is asked for until this much is scheduled ahead. */
const AHEAD_S = 1.5;
/** At the live edge, this much stays in hand, so that short pieces join. */
export const LIVE_CUSHION_MS = 700;
const START_S = 0.06;
const RETRY_MS = 250;
/** Pieces kept; about two minutes of both sides, 4 MB. */
const KEEP = 24;

/**
 * Plays a call from any moment, live or finished: fetches the recording piece by piece and schedules
 * the pieces back to back. It knows nothing of the page; time and sound come through ports.
 */
export class Player {
  readonly state = new Cell<PlayerState>({
    callId: null,
    status: "paused",
    sides: { caller: true, call_taker: true },
    edgeMs: 0,
    trouble: null,
  });
  #endsAtMs = Number.POSITIVE_INFINITY;
  #cursorMs = 0;
  #stoppedAtMs = 0;
  #pieces: Piece[] = [];
  #cache = new Map<number, Pcm>();
  #run = 0;
  #abort: AbortController | null = null;
  /** Ends after this moment, when only a stretch was asked for. */
  #untilMs = Number.POSITIVE_INFINITY;

  constructor(
    private readonly fetchPiece: FetchPiece,
    private readonly sink: Sink,
    private readonly timers: Timers,
  ) {}

  /** Turns to another call; what played falls silent. */
  turnTo(callId: string | null): void {
    if (callId === this.state.get().callId) return;
    this.#halt();
    this.#cache.clear();
    this.#stoppedAtMs = 0;
    this.#set({ callId, status: "paused", edgeMs: 0, trouble: null });
  }

  /** Says where the recording ends, once the call is over; `null` while it goes on. */
  endAt(ms: number | null): void {
    this.#endsAtMs = ms ?? Number.POSITIVE_INFINITY;
  }

  /** Where the playhead is, in milliseconds on the call's clock. */
  positionMs(): number {
    if (this.state.get().status === "paused") return this.#stoppedAtMs;
    const now = this.sink.now();
    const begun = this.#pieces.filter((piece) => piece.at <= now).at(-1);
    if (!begun) return this.#pieces[0]?.fromMs ?? this.#stoppedAtMs;
    return Math.min(begun.toMs, begun.fromMs + (now - begun.at) * 1000);
  }

  /** Plays from here, or from where it stopped; `untilMs` stops it there. */
  async play(fromMs?: number, untilMs?: number): Promise<void> {
    const start = Math.max(0, fromMs ?? this.positionMs());
    this.#halt();
    this.#stoppedAtMs = start;
    this.#cursorMs = start;
    this.#untilMs = untilMs ?? Number.POSITIVE_INFINITY;
    this.#run += 1;
    const run = this.#run;
    this.#abort = new AbortController();
    this.#set({ status: "waiting", trouble: null });
    await this.sink.wake();
    if (run === this.#run) void this.#pump(run);
  }

  pause(): void {
    this.#stoppedAtMs = this.positionMs();
    this.#halt();
    this.#set({ status: "paused" });
  }

  toggle(): void {
    if (this.state.get().status === "paused") void this.play();
    else this.pause();
  }

  /** Moves the playhead; goes on playing if it was. */
  seek(toMs: number): void {
    const target = Math.max(0, toMs);
    if (this.state.get().status !== "paused") void this.play(target);
    else {
      this.#stoppedAtMs = target;
      this.#set({ trouble: null });
    }
  }

  setSide(side: Side, on: boolean): void {
    this.sink.setSide(side, on);
    this.#set({ sides: { ...this.state.get().sides, [side]: on } });
  }

  #halt(): void {
    this.#run += 1;
    this.#abort?.abort();
    this.#pieces = [];
    this.sink.hush();
  }

  async #pump(run: number): Promise<void> {
    while (run === this.#run) {
      const last = this.#pieces.at(-1);
      const endsAt = last ? last.at + (last.toMs - last.fromMs) / 1000 : 0;
      const ahead = endsAt - this.sink.now();
      if (this.#cursorMs >= this.#untilMs) {
        if (ahead > 0) await this.#sleep(Math.min(RETRY_MS, ahead * 1000));
        else this.pause();
        continue;
      }
      if (ahead > AHEAD_S) {
        this.#set({ status: "playing" });
        await this.#sleep(RETRY_MS);
        continue;
      }
      const length = await this.#next(run, endsAt);
      if (run !== this.#run) return;
      this.#set({ status: length > 0 || ahead > 0 ? "playing" : "waiting" });
      if (length === 0 && this.#cursorMs >= this.#endsAtMs - 20) this.#untilMs = this.#cursorMs;
      // Short pieces come at the live edge: ask again when there is something to ask for.
      else if (length < 1000) await this.#sleep(RETRY_MS);
    }
  }

  /** Fetches and schedules what comes next; the milliseconds scheduled, 0 for nothing yet. */
  async #next(run: number, endsAt: number): Promise<number> {
    const fromMs = this.#cursorMs;
    const toMs = Math.min(this.#untilMs, fromMs + PIECE_MS);
    let pcm: Pcm;
    try {
      pcm = await this.#sound(fromMs, toMs);
    } catch (error) {
      if (run === this.#run)
        this.#set({ trouble: error instanceof Error ? error.message : "The sound cannot be played." });
      return 0;
    }
    if (run !== this.#run) return 0;
    const frames = Math.max(0, ...pcm.channels.map((channel) => channel.length));
    const lengthMs = (frames * 1000) / pcm.rate;
    if (lengthMs < 20) return 0;
    const at = Math.max(endsAt, this.sink.now() + START_S);
    this.sink.schedule(pcm, at);
    this.#pieces = [...this.#pieces.slice(-KEEP), { fromMs, toMs: fromMs + lengthMs, at }];
    this.#cursorMs = fromMs + lengthMs;
    this.#set({ trouble: null });
    return lengthMs;
  }

  async #sound(fromMs: number, toMs: number): Promise<Pcm> {
    const { callId } = this.state.get();
    if (callId === null) throw new Error("No call is open.");
    const known = this.#cache.get(fromMs);
    if (known) return known;
    const piece = await this.fetchPiece(callId, Math.round(fromMs), Math.round(toMs), this.#abort?.signal);
    this.#set({ edgeMs: Math.max(this.state.get().edgeMs, piece.live_edge_ms) });
    const pcm = readWav(piece.bytes);
    if (piece.to_ms >= toMs && toMs - fromMs === PIECE_MS) {
      this.#cache.set(fromMs, pcm);
      const oldest = this.#cache.keys().next().value;
      if (this.#cache.size > KEEP && oldest !== undefined) this.#cache.delete(oldest);
    }
    return pcm;
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => void this.timers.set(resolve, ms));
  }

  #set(change: Partial<PlayerState>): void {
    const now = this.state.get();
    const changed = Object.entries(change).some(
      ([key, value]) => !Object.is(now[key as keyof PlayerState], value),
    );
    if (changed) this.state.set({ ...now, ...change });
  }
}
