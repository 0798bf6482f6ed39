import { Cell, type Timers } from "@ringdown/core";

/** What has come of a video since it began. */
export interface Frames {
  decoded: number;
  bytes: number;
  width: number;
  height: number;
}

export interface CameraEvents {
  /** The element that plays the video; silent until somebody wants its sound. */
  picture(element: HTMLVideoElement | null): void;
  /** `closed`: somebody decided so. `lost`: the way to the media server broke. */
  ended(why: "closed" | "lost"): void;
}

/** A joined room. */
export interface Camera {
  frames(): Promise<Frames | null>;
  sound(on: boolean): void;
  leave(): void;
}

export interface Way {
  url: string;
  token: string;
}

/** What the server answers to whoever wants to look. */
export interface Grant {
  viewing: { viewing_id: string };
  url?: string | null;
  token?: string | null;
}

/** What it answers to a sign of life. */
export interface Still {
  ended_at: string | null;
  taken_over_by: { name: string } | null;
}

export interface WatchPorts {
  watch(): Promise<Grant>;
  alive(viewingId: string, shownMs: number): Promise<Still>;
  close(viewingId: string, shownMs: number): Promise<unknown>;
  connect(way: Way, on: CameraEvents): Promise<Camera>;
  words(error: unknown): string;
  /** The server said no, rather than nothing: trying again changes nothing. */
  isRefusal(error: unknown): boolean;
}

export interface Watched {
  phase: "off" | "joining" | "on" | "over" | "failed";
  /** Unblurred. It begins blurred, and a person decides. */
  shown: boolean;
  sound: boolean;
  element: HTMLVideoElement | null;
  /** Pictures come. */
  moving: boolean;
  /** No new picture has come for a while. */
  dead: boolean;
  width: number;
  height: number;
  fps: number;
  kbps: number;
  trouble: string | null;
}

export const OFF: Watched = { phase: "off", shown: false, sound: false, element: null, moving: false, dead: false, width: 0, height: 0, fps: 0, kbps: 0, trouble: null };

const LOOK_MS = 1_000;
const ALIVE_EVERY = 2;
/** A picture a second is the slowest that is sent; after this a video counts as dead, within five seconds. */
export const DEAD_AFTER_MS = 4_000;
const AGAIN_MS = [500, 1_000, 2_000];
const LONGEST_WAIT_MS = 4_000;

/**
 * One person before one caller's video: blurred and silent until they want to see, counted while they
 * see, closed at once. It tells the server that it is still there and joins again after a break.
 */
export class Watching {
  readonly state = new Cell<Watched>(OFF);
  #camera: Camera | null = null;
  #viewing: string | null = null;
  #shownMs = 0;
  #shownSince: number | null = null;
  #last: { at: number; frames: Frames } | null = null;
  #movedAt = 0;
  #ticks = 0;
  #tries = 0;
  #timer: unknown = null;
  /** Each `start` and `stop` begins a new turn; what an older one still waits for is dropped. */
  #turn = 0;

  constructor(
    private readonly ports: WatchPorts,
    private readonly timers: Timers,
  ) {}

  #put(change: Partial<Watched>): void {
    this.state.set({ ...this.state.get(), ...change });
  }

  /** Begins to look, or goes on by a grant that was given for it, such as for looking instead of another. */
  start(given: Grant | null = null): void {
    const { phase } = this.state.get();
    if (given === null && (phase === "joining" || phase === "on")) return;
    this.#leave();
    this.#closeViewing();
    this.#tries = 0;
    void this.#join(this.#turn, given);
  }

  async #join(turn: number, given: Grant | null = null): Promise<void> {
    this.#put({ ...OFF, phase: "joining", trouble: this.state.get().trouble });
    let grant: Grant;
    try {
      grant = given ?? (await this.ports.watch());
    } catch (error) {
      if (turn !== this.#turn) return;
      if (this.ports.isRefusal(error)) this.#put({ ...OFF, phase: "failed", trouble: this.ports.words(error) });
      else this.#again(turn, this.ports.words(error));
      return;
    }
    const viewingId = grant.viewing.viewing_id;
    if (turn !== this.#turn) {
      this.#tell(this.ports.close(viewingId, 0));
      return;
    }
    this.#viewing = viewingId;
    this.#shownMs = 0;
    this.#shownSince = null;
    try {
      if (!grant.url || !grant.token) throw new Error("The caller shows nothing now.");
      const way = { url: grant.url, token: grant.token };
      const camera = await this.ports.connect(way, {
        picture: (element) => {
          if (turn === this.#turn) this.#put({ element });
        },
        ended: (why) => {
          if (turn === this.#turn) this.#ended(turn, why);
        },
      });
      if (turn !== this.#turn) {
        camera.leave();
        return;
      }
      this.#camera = camera;
      this.#last = null;
      this.#movedAt = this.timers.now();
      this.#put({ phase: "on", trouble: null });
      this.#timer = this.timers.set(() => void this.#tick(turn), LOOK_MS);
    } catch (error) {
      if (turn !== this.#turn) return;
      this.#closeViewing();
      this.#again(turn, this.ports.words(error));
    }
  }

  #again(turn: number, trouble: string): void {
    const wait = AGAIN_MS[this.#tries] ?? LONGEST_WAIT_MS;
    this.#tries += 1;
    this.#put({ ...OFF, phase: "joining", trouble });
    this.#timer = this.timers.set(() => void (turn === this.#turn && this.#join(turn)), wait);
  }

  #ended(turn: number, why: "closed" | "lost"): void {
    this.#drop();
    this.#closeViewing();
    if (why === "closed") this.#put({ ...OFF, phase: "over", trouble: null });
    else this.#again(turn, "The way to the media server was lost.");
  }

  async #tick(turn: number): Promise<void> {
    const camera = this.#camera;
    if (turn !== this.#turn || !camera) return;
    const frames = await camera.frames().catch(() => null);
    // Awaited: somebody may have left meanwhile.
    if (turn !== this.#turn || this.#camera !== camera) return;
    const now = this.timers.now();
    if (frames) this.#measure(frames, now);
    if (now - this.#movedAt >= DEAD_AFTER_MS) this.#put({ moving: false, dead: true, fps: 0, kbps: 0 });
    this.#ticks += 1;
    if (this.#ticks % ALIVE_EVERY === 0 && this.#viewing !== null)
      this.ports.alive(this.#viewing, this.shownMs()).then(
        ({ ended_at, taken_over_by }) => {
          if (turn === this.#turn && ended_at !== null) this.#out(taken_over_by ? `${taken_over_by.name} looks instead of you.` : "The viewing has ended.");
        },
        (error: unknown) => {
          if (turn === this.#turn && this.ports.isRefusal(error)) this.#out(this.ports.words(error));
        },
      );
    this.#timer = this.timers.set(() => void this.#tick(turn), LOOK_MS);
  }

  #measure(frames: Frames, now: number): void {
    const last = this.#last;
    this.#last = { at: now, frames };
    // The library may have begun to count anew.
    if (!last || now <= last.at || frames.decoded < last.frames.decoded) {
      if (frames.decoded > 0) this.#moved(now, frames, 0, 0);
      return;
    }
    const seconds = (now - last.at) / 1000;
    const more = frames.decoded - last.frames.decoded;
    if (more === 0) return;
    this.#moved(now, frames, more / seconds, (8 * (frames.bytes - last.frames.bytes)) / seconds / 1000);
  }

  #moved(now: number, { width, height }: Frames, fps: number, kbps: number): void {
    this.#movedAt = now;
    this.#tries = 0;
    this.#put({ moving: true, dead: false, width, height, fps, kbps: Math.max(0, kbps) });
  }

  /** How long it has been unblurred, until now. */
  shownMs(): number {
    return Math.round(this.#shownMs + (this.#shownSince === null ? 0 : this.timers.now() - this.#shownSince));
  }

  show(): void {
    if (this.state.get().phase !== "on" || this.state.get().shown) return;
    this.#shownSince = this.timers.now();
    this.#put({ shown: true });
  }

  /** Blurred and silent, at once, whatever the network does. */
  hide(): void {
    if (!this.state.get().shown) return;
    this.#shownMs = this.shownMs();
    this.#shownSince = null;
    this.#camera?.sound(false);
    this.#put({ shown: false, sound: false });
    if (this.#viewing !== null) this.#tell(this.ports.alive(this.#viewing, this.#shownMs));
  }

  sound(on: boolean): void {
    if (on && !this.state.get().shown) return;
    this.#camera?.sound(on);
    this.#put({ sound: on });
  }

  /** Leaves for good; the viewing ends. */
  stop(): void {
    this.#leave();
    this.#closeViewing();
    this.#put(OFF);
  }

  /** Somebody else looks instead; the server knows and has ended this viewing. */
  taken(by: string): void {
    this.#out(`${by} looks instead of you.`);
  }

  #out(trouble: string): void {
    this.#leave();
    this.#viewing = null;
    this.#put({ ...OFF, phase: "over", trouble });
  }

  get viewing(): string | null {
    return this.#viewing;
  }

  #leave(): void {
    this.#turn += 1;
    this.#drop();
  }

  #drop(): void {
    this.timers.clear(this.#timer);
    this.#camera?.leave();
    this.#camera = null;
    this.#shownMs = this.shownMs();
    this.#shownSince = null;
  }

  #closeViewing(): void {
    if (this.#viewing !== null) this.#tell(this.ports.close(this.#viewing, this.#shownMs));
    this.#viewing = null;
  }

  /** The server ends a viewing by itself when it hears no more of it. */
  #tell(work: Promise<unknown>): void {
    work.catch(() => undefined);
  }
}
