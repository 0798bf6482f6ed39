import { Cell, type Side } from "@ringdown/core";

import { LIVE_CUSHION_MS, type Player, type PlayerState } from "../timeline/player";
import type { Listener } from "./listener";

/**
 * One playhead for the person, whatever carries the sound: pieces of the recording, or, while they
 * listen in, the session. Every control of the page acts on the one that is on.
 */
export class Sound {
  readonly state: Cell<PlayerState>;
  #endsAtMs: number | null = null;

  constructor(
    private readonly recording: Player,
    readonly listener: Listener,
  ) {
    this.state = new Cell(recording.state.get());
    recording.state.subscribe(() => this.#show());
    listener.state.subscribe(() => this.#show());
  }

  /** Turns to another call; what sounded falls silent and listening ends. */
  turnTo(callId: string | null): void {
    const { callId: heard, phase } = this.listener.state.get();
    if (phase !== "off" && heard !== callId) this.listener.stop();
    this.recording.turnTo(callId);
  }

  endAt(ms: number | null): void {
    this.#endsAtMs = ms;
    this.recording.endAt(ms);
  }

  /** Listens in: a live call at its edge, a finished one from the playhead on. */
  listen(): void {
    const { callId } = this.recording.state.get();
    if (callId === null) return;
    const atMs = this.recording.positionMs();
    this.recording.pause();
    const over = this.#endsAtMs !== null;
    void this.listener.start(callId, over ? (atMs >= (this.#endsAtMs ?? 0) - 50 ? 0 : atMs) : null);
  }

  /** Stops listening; the playhead stays where it was. */
  leave(): void {
    const atMs = this.listener.positionMs();
    this.listener.stop();
    this.recording.seek(atMs);
  }

  positionMs(): number {
    return this.listener.on ? this.listener.positionMs() : this.recording.positionMs();
  }

  async play(fromMs?: number, untilMs?: number): Promise<void> {
    if (this.listener.on) this.listener.play(fromMs, untilMs);
    else await this.recording.play(fromMs, untilMs);
  }

  pause(): void {
    if (this.listener.on) this.listener.pause();
    else this.recording.pause();
  }

  toggle(): void {
    if (this.state.get().status === "paused") void this.play();
    else this.pause();
  }

  seek(toMs: number): void {
    if (this.listener.on) this.listener.seek(toMs);
    else this.recording.seek(toMs);
  }

  /** To the newest sound; `edgeMs` is how far the call has come on the clock. */
  toLive(edgeMs: number): void {
    if (this.listener.on) this.listener.toLive();
    else void this.recording.play(Math.max(0, edgeMs - LIVE_CUSHION_MS));
  }

  setSide(side: Side, on: boolean): void {
    this.recording.setSide(side, on);
    this.listener.setSide(side, on);
    this.#show();
  }

  #show(): void {
    const own = this.recording.state.get();
    this.state.set(this.listener.on ? { ...this.listener.asPlayer(), callId: own.callId } : own);
  }
}
