import { clockOffset, type Timers } from "./clock";
import { decode } from "./decode";
import type { Store } from "./store";
import type { CallDetail, LampView, Snapshot } from "./wire";

/** How the feed reaches the server; the console supplies fetch and WebSocket, tests a script. */
export interface FeedPorts {
  snapshot: () => Promise<Snapshot>;
  detail: (callId: string) => Promise<CallDetail>;
  lamps: () => Promise<LampView[]>;
  /** Opens the feed after a position. `closed` is called once, whatever the reason. */
  connect: (after: number, on: { frame: (text: string) => void; closed: () => void }) => { close: () => void };
  /** Says whether this failure means that the session is over. */
  isSignedOut: (error: unknown) => boolean;
  /** Says whether this failure means that the call asked for does not exist. */
  isGone: (error: unknown) => boolean;
}

/** The feed's own health, shown as a lamp like any other lane. */
export interface LinkState {
  state: "connecting" | "live" | "reconnecting" | "signed_out" | "stopped";
  /** Local time of the last change of `state`. */
  since: number;
  attempt: number;
}

/** The server pings at least every ten seconds; silence for longer than this is a dead line. */
export const SILENCE_MS = 25_000;
/** Frames are folded together once per this time, so that a burst draws one picture. */
export const BATCH_MS = 40;
const FIRST_RETRY_MS = 300;
const LAST_RETRY_MS = 5_000;

/** Waiting time before the given attempt (1, 2, …): doubling, capped, spread by half. */
export function backoffMs(attempt: number, random: number): number {
  const full = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** (attempt - 1));
  return full * (0.5 + random / 2);
}

/**
 * Keeps the store in step with the server: snapshot, then the feed from its position; after a drop
 * the feed again from the last position; on `resync` a new snapshot. It never gives up, except when
 * the session is over, and then only until `start` is called again.
 */
export class Feed {
  #link: LinkState;
  readonly #listeners = new Set<() => void>();
  #socket: { close(): void } | null = null;
  #pending: string[] = [];
  #flushTimer: unknown = null;
  #retryTimer: unknown = null;
  #watchTimer: unknown = null;
  /** Counts up on every start and stop: answers to an older question are dropped. */
  #epoch = 0;
  #wanted: string | null = null;

  constructor(
    private readonly store: Store,
    private readonly ports: FeedPorts,
    private readonly timers: Timers,
  ) {
    this.#link = { state: "stopped", since: timers.now(), attempt: 0 };
  }

  readonly link = (): LinkState => this.#link;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  start(): void {
    this.stop();
    this.#setLink("connecting", 0);
    void this.#begin(this.#epoch);
  }

  stop(): void {
    this.#epoch += 1;
    this.#dropSocket();
    this.timers.clear(this.#retryTimer);
    this.#setLink("stopped", 0);
  }

  /** Tries at once instead of waiting for the back-off: the browser says it is online again. */
  hurry(): void {
    if (this.#link.state !== "reconnecting" || this.#socket) return;
    this.timers.clear(this.#retryTimer);
    void this.#begin(this.#epoch);
  }

  /** Opens a call: its facts are kept aside from now on, then its detail is fetched. */
  async open(callId: string): Promise<void> {
    this.#wanted = callId;
    this.store.apply({ type: "opening", call_id: callId });
    const detail = await this.ports.detail(callId);
    this.store.apply({ type: "detail", detail });
  }

  closeCall(): void {
    this.#wanted = null;
    this.store.apply({ type: "close" });
  }

  async #begin(epoch: number): Promise<void> {
    try {
      const resumed = this.store.get().position !== null;
      if (resumed) this.store.apply({ type: "lamps", lamps: await this.ports.lamps() });
      else await this.#snapshot(epoch);
      if (epoch !== this.#epoch) return;
      this.#connect(epoch);
    } catch (error) {
      this.#failed(epoch, error);
    }
  }

  async #snapshot(epoch: number): Promise<void> {
    const asked = this.timers.now();
    const snapshot = await this.ports.snapshot();
    if (epoch !== this.#epoch) return;
    const offset_ms = clockOffset(snapshot.now, asked, this.timers.now());
    this.store.apply({ type: "snapshot", snapshot, offset_ms });
    if (this.#wanted === null) return;
    try {
      await this.open(this.#wanted);
    } catch (error) {
      if (!this.ports.isGone(error)) throw error;
      this.closeCall();
    }
  }

  #connect(epoch: number): void {
    const position = this.store.get().position ?? 0;
    this.#socket = this.ports.connect(position, {
      frame: (text) => {
        if (epoch === this.#epoch) this.#frame(text);
      },
      closed: () => {
        if (epoch === this.#epoch) this.#failed(epoch, null);
      },
    });
    this.#watch();
  }

  #frame(text: string): void {
    if (this.#link.state !== "live") this.#setLink("live", 0);
    this.#watch();
    this.#pending.push(text);
    this.#flushTimer ??= this.timers.set(() => {
      this.#flush();
    }, BATCH_MS);
  }

  #flush(): void {
    this.timers.clear(this.#flushTimer);
    this.#flushTimer = null;
    const messages = this.#pending.map(decode).filter((message) => message !== null);
    this.#pending = [];
    this.store.apply(...messages);
    if (messages.some((message) => message.type === "resync")) void this.#resync();
  }

  async #resync(): Promise<void> {
    this.#epoch += 1;
    const epoch = this.#epoch;
    this.#dropSocket();
    try {
      await this.#snapshot(epoch);
      if (epoch === this.#epoch) this.#connect(epoch);
    } catch (error) {
      this.#failed(epoch, error);
    }
  }

  #watch(): void {
    this.timers.clear(this.#watchTimer);
    const epoch = this.#epoch;
    this.#watchTimer = this.timers.set(() => {
      this.#failed(epoch, null);
    }, SILENCE_MS);
  }

  #failed(epoch: number, error: unknown): void {
    if (epoch !== this.#epoch) return;
    this.#epoch += 1;
    if (this.#pending.length > 0) this.#flush();
    this.#dropSocket();
    this.store.apply({ type: "disconnected" });
    if (error !== null && this.ports.isSignedOut(error)) {
      this.#setLink("signed_out", 0);
      return;
    }
    const attempt = this.#link.attempt + 1;
    this.#setLink("reconnecting", attempt);
    const mine = this.#epoch;
    this.#retryTimer = this.timers.set(
      () => {
        if (mine === this.#epoch) void this.#begin(mine);
      },
      backoffMs(attempt, this.timers.random()),
    );
  }

  #dropSocket(): void {
    this.timers.clear(this.#watchTimer);
    this.timers.clear(this.#flushTimer);
    this.#flushTimer = null;
    this.#pending = [];
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }

  #setLink(state: LinkState["state"], attempt: number): void {
    const since = state === this.#link.state ? this.#link.since : this.timers.now();
    this.#link = { state, since, attempt };
    for (const listener of this.#listeners) listener();
  }
}
