import type { ListeningGrant } from "@ringdown/api";
import { Cell, type Side, type Timers } from "@ringdown/core";

import type { PlayerState } from "../timeline/player";

/** What the media worker tells each second and after every command; milliseconds on the call's clock. */
export interface Status {
  position: number;
  duration: number;
  paused: boolean;
  atEnd: boolean;
  callOver: boolean;
}

export type Command =
  | { cmd: "pause" | "resume" | "scrub-to-end" }
  | { cmd: "scrub"; position: number }
  | { cmd: "set-gain"; gain: number; callerType: "caller" | "callTaker" };

/** What a joined room tells. `ended` comes once, and only for an end that we did not ask for. */
export interface LinkEvents {
  told(message: unknown): void;
  interrupted(): void;
  restored(): void;
  blocked(blocked: boolean): void;
  ended(why: "closed" | "lost"): void;
}

/** A joined room: commands go out, sound and status come in. */
export interface Link {
  send(command: Command): void;
  /** Lets sound begin, from a press of a key or a button. */
  unblock(): Promise<void>;
  leave(): void;
}

/** Where to go once joined; `fromMs` is null for the live edge (a finished call: its beginning). */
interface Place {
  fromMs: number | null;
  paused: boolean;
}

/** What listening needs of the world. `connect` fails with words for the person. */
export interface ListeningPorts {
  open(callId: string, autoplay: boolean): Promise<ListeningGrant>;
  close(sessionId: string): Promise<unknown>;
  connect(url: string, token: string, on: LinkEvents): Promise<Link>;
}

export type Phase = "off" | "connecting" | "on" | "interrupted" | "failed";

export interface ListenState {
  phase: Phase;
  callId: string | null;
  status: Status | null;
  /** Decibels; a side that is switched off keeps its place here. */
  gains: Record<Side, number>;
  /** The browser lets no sound begin before a press. */
  blocked: boolean;
  trouble: string | null;
}

export const GAIN = { least: -60, most: 20 } as const;
const CALLER_TYPE = { caller: "caller", call_taker: "callTaker" } as const;
/** Status comes each second; silence of this length means that the worker or the way is gone. */
const SILENT_MS = 4_000;
const GIVEN_UP_MS = 15_000;
const RETRY_MS = [500, 1_000, 2_000, 4_000, 8_000];
const TRIES = 10;
const ENDED = "Listening was ended by the server.";
const CLOSED_WORDS: Record<string, string> = { recording_removed: "The recording of this call has been removed." };

const isStatus = (message: unknown): message is Status & { kind: "status" } => {
  const told = message as Partial<Status & { kind: unknown }> | null;
  return told?.kind === "status" && typeof told.position === "number" && typeof told.duration === "number";
};

const ERROR_WORDS: Readonly<Record<string, string>> = {
  sides_not_separable: "This call was recorded as one mix: its sides cannot be set apart.",
  rate_limited: "Too many changes at once. The last one may not have been taken.",
};

/**
 * Listens to a call through a session of its own, live or recorded: joins, keeps its place when the
 * way is lost, and leaves. It knows nothing of the page or of the media server's library.
 */
export class Listener {
  readonly state = new Cell<ListenState>({
    phase: "off", callId: null, status: null, gains: { caller: 0, call_taker: 0 }, blocked: false, trouble: null,
  });
  readonly sides: Record<Side, boolean> = { caller: true, call_taker: true };
  #link: Link | null = null;
  #session: string | null = null;
  #run = 0;
  #toldAt = 0;
  #untilMs = Number.POSITIVE_INFINITY;
  #tries = 0;
  #place: Place | null = null;
  /** Why the server is about to end the session, once it has said so. */
  #closed: string | null = null;

  constructor(
    private readonly ports: ListeningPorts,
    private readonly timers: Timers,
  ) {}

  /** Whether the playhead is the session's. */
  get on(): boolean {
    const { phase } = this.state.get();
    return phase !== "off" && phase !== "failed";
  }

  /** Begins to listen: at the live edge, or a finished call from `fromMs`. */
  async start(callId: string, fromMs: number | null): Promise<void> {
    this.stop();
    this.#tries = 0;
    await this.#join(callId, { fromMs, paused: false });
  }

  /** Leaves; the session ends at once. */
  stop(): void {
    this.#run += 1;
    this.#drop();
    this.#untilMs = Number.POSITIVE_INFINITY;
    this.#set({ phase: "off", callId: null, status: null, blocked: false, trouble: null });
  }

  positionMs(): number {
    const { status, phase } = this.state.get();
    if (!status) return 0;
    if (status.paused || phase !== "on") return status.position;
    const reached = status.position + this.timers.now() - this.#toldAt;
    return Math.min(reached, this.#edgeMs());
  }

  /** How far the playhead is behind the newest sound, in ms. */
  behindMs(): number {
    return this.state.get().status ? Math.max(0, this.#edgeMs() - this.positionMs()) : 0;
  }

  play(fromMs?: number, untilMs = Number.POSITIVE_INFINITY): void {
    if (fromMs !== undefined) this.#scrub(fromMs);
    this.#untilMs = untilMs;
    this.#command({ cmd: "resume" }, { paused: false });
    void this.#link?.unblock();
    this.#watchEnd(this.#run);
  }

  pause(): void {
    this.#untilMs = Number.POSITIVE_INFINITY;
    this.#command({ cmd: "pause" }, { paused: true, position: this.positionMs() });
  }

  seek(toMs: number): void {
    this.#untilMs = Number.POSITIVE_INFINITY;
    this.#scrub(toMs);
  }

  toLive(): void {
    this.#untilMs = Number.POSITIVE_INFINITY;
    const { status } = this.state.get();
    if (!status) return;
    this.#command({ cmd: "scrub-to-end" }, { position: this.#edgeMs(), paused: status.callOver, atEnd: true });
    void this.#link?.unblock();
  }

  /** Lets sound begin where the browser has held it back; from a press alone. */
  unblock(): void {
    void this.#link?.unblock();
  }

  setGain(side: Side, db: number): void {
    const gain = Math.min(GAIN.most, Math.max(GAIN.least, Math.round(db)));
    this.#set({ gains: { ...this.state.get().gains, [side]: gain } });
    this.#sendGain(side);
  }

  setSide(side: Side, on: boolean): void {
    this.sides[side] = on;
    if (this.on) this.#sendGain(side);
  }

  /** The state in the words of the player beside it. */
  asPlayer(): PlayerState {
    const { phase, callId, status, trouble } = this.state.get();
    const waits = phase === "connecting" || phase === "interrupted";
    const paused = status?.paused ?? phase !== "connecting";
    return {
      callId, trouble, sides: { ...this.sides }, edgeMs: status?.duration ?? 0,
      status: paused ? "paused" : waits ? "waiting" : "playing",
    };
  }

  async #join(callId: string, place: Place): Promise<void> {
    this.#run += 1;
    const run = this.#run;
    const again = this.#tries > 0;
    this.#set({ phase: again ? "interrupted" : "connecting", callId, ...(again ? {} : { trouble: null, status: null }) });
    try {
      const grant = await this.ports.open(callId, place.fromMs === null);
      if (run !== this.#run) return void this.ports.close(grant.session_id).catch(() => undefined);
      this.#session = grant.session_id;
      this.#place = place;
      const link = await this.ports.connect(grant.url, grant.token, this.#events(run));
      if (run !== this.#run) { link.leave(); return; }
      this.#link = link;
      this.#toldAt = this.timers.now();
      this.#takePlace();
      this.#watchSilence(run);
    } catch (error) {
      if (run !== this.#run) return;
      const words = error instanceof Error ? error.message : "The call cannot be listened to.";
      if (again) this.#again(run, words);
      else this.#fail(words);
    }
  }

  #events(run: number): LinkEvents {
    const mine = (work: () => void) => () => {
      if (run === this.#run) work();
    };
    return {
      told: (message) => {
        if (run !== this.#run) return;
        if (!isStatus(message)) { this.#toldElse(message); return; }
        const { position, duration, paused, atEnd, callOver } = message;
        this.#toldAt = this.timers.now();
        this.#tries = 0;
        const was = this.state.get();
        this.#set({ phase: "on", trouble: was.phase === "on" ? was.trouble : null, status: { position, duration, paused, atEnd, callOver } });
        this.#takePlace();
        this.#endStretch();
      },
      interrupted: mine(() => this.#interrupted()),
      restored: mine(() => {
        this.#toldAt = this.timers.now();
      }),
      blocked: (blocked) => {
        if (run === this.#run) this.#set({ blocked });
      },
      ended: (why) => {
        if (run !== this.#run) return;
        this.#link = null;
        if (why === "closed" || this.#closed !== null) this.#fail(this.#closed ?? ENDED);
        else this.#again(run, "The connection to the media server was lost.");
      },
    };
  }

  /** Once joined and told where the worker stands: goes to the place that is wanted. */
  #takePlace(): void {
    const { status, gains } = this.state.get();
    if (!this.#place || !this.#link || this.state.get().phase !== "on" || !status) return;
    const { fromMs, paused } = this.#place;
    this.#place = null;
    for (const side of ["caller", "call_taker"] as const) if (!this.sides[side] || gains[side] !== 0) this.#sendGain(side);
    if (fromMs !== null) this.#scrub(fromMs);
    if (status.paused !== paused) this.#command({ cmd: paused ? "pause" : "resume" }, { paused });
  }

  /** What is no status: a refused command, or why the session is about to end. */
  #toldElse(message: unknown): void {
    const told = message as { kind?: unknown; code?: unknown; detail?: unknown } | null;
    const code = typeof told?.code === "string" ? told.code : "";
    if (told?.kind === "closed") this.#closed = CLOSED_WORDS[code] ?? ENDED;
    if (told?.kind !== "error") return;
    this.#set({ trouble: ERROR_WORDS[code] ?? `The media server did not take that${typeof told.detail === "string" ? `: ${told.detail}` : "."}` });
  }

  #interrupted(): void {
    const { status } = this.state.get();
    const position = this.positionMs();
    this.#set({
      phase: "interrupted",
      trouble: "Sound is interrupted. It comes back by itself; your place is kept.",
      ...(status ? { status: { ...status, position } } : {}),
    });
  }

  /** The way is lost for good: joins anew, at the same place, with pauses that grow. */
  #again(run: number, words: string): void {
    const { callId, status } = this.state.get();
    if (callId === null) return;
    if (this.#tries >= TRIES) { this.#fail(`${words} It was tried ${TRIES} times.`); return; }
    const atLive = status !== null && !status.callOver && status.atEnd && !status.paused;
    const place = { fromMs: status === null || atLive ? null : this.positionMs(), paused: status?.paused ?? false };
    this.#interrupted();
    this.#set({ trouble: `${words} Connecting again; your place is kept.` });
    this.#drop();
    const delay = RETRY_MS[Math.min(this.#tries, RETRY_MS.length - 1)] ?? 0;
    this.#tries += 1;
    this.timers.set(() => {
      if (run === this.#run) void this.#join(callId, place);
    }, delay);
  }

  #fail(words: string): void {
    this.#run += 1;
    this.#drop();
    this.#set({ phase: "failed", blocked: false, trouble: words });
  }

  #drop(): void {
    const session = this.#session;
    this.#link?.leave();
    this.#link = null;
    this.#session = null;
    this.#place = null;
    this.#closed = null;
    // A session nobody closes ends by itself a minute later.
    if (session !== null) void this.ports.close(session).catch(() => undefined);
  }

  #watchSilence(run: number): void {
    this.timers.set(() => {
      if (run !== this.#run) return;
      const silent = this.timers.now() - this.#toldAt;
      if (silent > GIVEN_UP_MS) { this.#again(run, "The media server has fallen silent."); return; }
      if (silent > SILENT_MS && this.state.get().phase === "on") this.#interrupted();
      this.#watchSilence(run);
    }, 1_000);
  }

  #watchEnd(run: number): void {
    if (this.#untilMs === Number.POSITIVE_INFINITY) return;
    this.timers.set(() => {
      if (run !== this.#run) return;
      this.#endStretch();
      this.#watchEnd(run);
    }, 100);
  }

  #endStretch(): void {
    if (this.positionMs() >= this.#untilMs) this.pause();
  }

  #edgeMs(): number {
    const { status, phase } = this.state.get();
    if (!status) return 0;
    const grown = status.callOver || phase !== "on" ? 0 : this.timers.now() - this.#toldAt;
    return status.duration + grown;
  }

  #scrub(toMs: number): void {
    const position = Math.max(0, Math.round(toMs));
    this.#command({ cmd: "scrub", position }, { position: Math.min(position, this.#edgeMs()), atEnd: false });
  }

  #sendGain(side: Side): void {
    const gain = this.sides[side] ? this.state.get().gains[side] : GAIN.least;
    this.#link?.send({ cmd: "set-gain", gain, callerType: CALLER_TYPE[side] });
    this.#set({ trouble: null });
  }

  /** Sends and shows what is to be expected, until the worker says what is. */
  #command(command: Command, expected: Partial<Status>): void {
    const { status } = this.state.get();
    if (!status || !this.#link) return;
    this.#link.send(command);
    const duration = this.#edgeMs();
    const position = this.positionMs();
    this.#toldAt = this.timers.now();
    this.#set({ trouble: null, status: { ...status, position, duration, ...expected } });
  }

  #set(change: Partial<ListenState>): void {
    this.state.set({ ...this.state.get(), ...change });
  }
}
