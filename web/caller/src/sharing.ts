import { type Api, Failure, type Session, type Share } from "./api";
import { Location } from "./location";
import { type Panel, panel } from "./panel";
import { noticeOf, type Notice } from "./screens";
import { Thread } from "./thread";
import { send } from "./tus";
import { Video } from "./video";
import { fill, type Words } from "./words";

const BEAT_MS = 2000;
/** Signs of life without an answer, after which the page says so. */
const LOST_AFTER = 2;
const sleep = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

export interface Shared {
  api: Api;
  session: Session;
  words: Words;
  agent: string;
  /** It is over, for this reason. */
  done(notice: Notice): void;
  /** Agree to these too, on the same link. */
  open(shares: readonly Share[]): Promise<Session>;
}

/** Everything while the caller shares: a sign of life every two seconds, and what its answers order. */
export class Sharing {
  private readonly panel: Panel;
  private readonly thread = new Thread();
  private readonly video: Video;
  private readonly location: Location;
  private agreed: Set<Share>;
  private over = false;
  private failures = 0;
  private sending = false;
  private queue: Promise<void> = Promise.resolve();
  private lock: WakeLockSentinel | null = null;

  constructor(
    page: HTMLElement,
    private readonly with_: Shared,
  ) {
    const { api, session, words, agent } = with_;
    this.agreed = new Set(session.shares);
    this.panel = panel(page, session, words, agent, {
      stop: (share) => void this.stop(share),
      camera: () => void this.again("video"),
      place: () => void this.again("location"),
      turn: () => void this.video.turn(),
      light: () => void this.video.light(),
      write: (text) => this.write(text),
      file: (file) => this.file(file),
    });
    this.video = new Video(api, session, this.panel, sleep);
    this.location = new Location(api, session.trail_every_s, this.panel);
    document.addEventListener("visibilitychange", this.seen);
  }

  /** Begins with what was agreed to. `opened` settles when the server has recorded it. */
  start(opened: Promise<unknown>): void {
    if (this.agreed.has("video")) void this.video.start(opened).catch(() => undefined);
    if (this.agreed.has("location")) void this.location.start(opened).catch(() => undefined);
    void this.awake();
    opened.then(
      () => this.beat(),
      () => this.end(),
    );
  }

  private sharing(): Share[] {
    const now: Record<Share, boolean> = { location: this.location.sharing, video: this.video.sharing, upload: true, chat: true };
    return [...this.agreed].filter((share) => now[share]);
  }

  private async beat(): Promise<void> {
    while (!this.over) {
      const began = Date.now();
      try {
        const video = this.agreed.has("video") ? await this.video.look().catch(() => null) : null;
        const agreed = new Set(this.agreed);
        const told = await this.with_.api.alive(this.sharing(), video, this.thread.after);
        if (this.ended()) return;
        this.failures = 0;
        this.panel.connection(false);
        this.thread.take(told.messages);
        if (told.messages.length > 0) this.panel.thread(this.thread.lines);
        this.obey(told.orders, agreed);
        void this.location.flush();
        void this.sendTexts();
      } catch (error) {
        if (this.ended()) return;
        const notice = noticeOf(error);
        if (notice === "wrong" || notice === "over" || notice === "other") {
          this.finish(notice === "other" ? "other" : "ended");
          return;
        }
        this.failures += 1;
        if (this.failures >= LOST_AFTER) this.panel.connection(true);
      }
      await sleep(Math.max(250, BEAT_MS - (Date.now() - began)));
    }
  }

  private ended(): boolean {
    return this.over;
  }

  /** What was agreed to only after the sign of life left is not meant by its answer. */
  private obey(orders: readonly string[], agreed: ReadonlySet<Share>): void {
    if (orders.includes("stop")) {
      this.finish("ended");
      return;
    }
    for (const share of agreed) {
      if (!orders.includes(`stop_${share}`) || !this.agreed.delete(share)) continue;
      if (share === "video") this.video.halt("closed");
      if (share === "location") this.location.halt();
      this.panel.close(share);
    }
  }

  /** The caller stops: first here, at once; then the server is told until it knows. */
  private async stop(share: Share | "all"): Promise<void> {
    if (share === "all") {
      this.finish("stopped");
    } else {
      this.agreed.delete(share);
      if (share === "video") this.video.halt("off");
      if (share === "location") this.location.halt();
    }
    const { api } = this.with_;
    const { opens } = api;
    for (let tries = 0; tries < 30 && api.opens === opens; tries += 1) {
      try {
        await api.stop(share, "caller");
        return;
      } catch (error) {
        if (error instanceof Failure && error.status > 0 && error.status < 500 && error.status !== 429) return;
        await sleep(BEAT_MS);
      }
    }
  }

  /** The caller turns something on again, which is agreeing anew if it was stopped. */
  private async again(share: "video" | "location"): Promise<void> {
    const opened = this.agreed.has(share) ? Promise.resolve() : this.with_.open([...this.agreed, share]);
    opened.then(
      () => this.agreed.add(share),
      (error: unknown) => {
        if (noticeOf(error) !== "offline") this.finish("ended");
        else if (share === "video") this.video.halt("off");
        else this.location.halt();
      },
    );
    await (share === "video" ? this.video.start(opened) : this.location.start(opened)).catch(() => undefined);
  }

  private readonly seen = (): void => {
    const visible = document.visibilityState === "visible";
    void this.video.seen(visible, Date.now());
    this.location.seen(visible && this.agreed.has("location"));
    if (visible) void this.awake();
  };

  /** Keeps the screen on where the phone allows it. */
  private async awake(): Promise<void> {
    try {
      const locks = (navigator as { wakeLock?: WakeLock }).wakeLock;
      this.lock = (await locks?.request("screen")) ?? null;
      if (this.over) await this.lock?.release();
    } catch {
      // An almost empty battery: the page asks to keep the screen on anyway.
    }
  }

  private write(text: string): void {
    this.thread.write(text);
    this.panel.thread(this.thread.lines);
    void this.sendTexts();
  }

  private async sendTexts(): Promise<void> {
    if (this.sending) return;
    this.sending = true;
    try {
      for (let line = this.thread.next; line !== undefined && !this.over; line = this.thread.next) {
        this.thread.take([await this.with_.api.text(line.text)]);
        this.panel.thread(this.thread.lines);
      }
    } catch {
      // It stays marked as not sent, and goes with the next sign of life.
    } finally {
      this.sending = false;
    }
  }

  /** One file after the other: the link is narrow. */
  private file(file: File): void {
    const { words: w, api } = this.with_;
    const says = this.panel.file(file.name);
    says(fill(w.fileWaiting, { percent: 0 }));
    const shown = (part: number, waiting: boolean) => says(fill(waiting ? w.fileWaiting : w.fileSending, { percent: Math.floor(part * 100) }));
    this.queue = this.queue.then(() =>
      send(api, file, shown, sleep, () => this.over).then(
        () => says(w.fileSent),
        (error: unknown) => {
          const status = error instanceof Failure ? error.status : 0;
          says(status === 413 ? w.fileTooBig : status === 415 ? w.fileWrong : w.fileFailed);
        },
      ),
    );
  }

  private finish(notice: Notice): void {
    if (this.over) return;
    this.end();
    this.with_.done(notice);
  }

  /** Nothing is taken or sent any more. */
  end(): void {
    this.over = true;
    document.removeEventListener("visibilitychange", this.seen);
    this.video.halt("off");
    this.location.halt();
    void this.lock?.release().catch(() => undefined);
  }
}
