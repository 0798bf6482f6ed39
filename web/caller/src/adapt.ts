/** How much is sent of the camera. */
export interface Level {
  kbps: number;
  fps: number;
  height: number;
}

/** What came of it in the last seconds. */
export interface Sent {
  width: number;
  height: number;
  fps: number;
  kbps: number;
  lossPercent: number;
  /** What the browser thinks the link carries; null if it does not say. */
  canKbps: number | null;
  /** Of the sound, where there is any: it comes first. */
  soundLossPercent: number;
}

const LOWEST: Level = { kbps: 40, fps: 1, height: 360 };
const STEPS: readonly Level[] = [
  LOWEST,
  { kbps: 80, fps: 8, height: 180 },
  { kbps: 130, fps: 15, height: 270 },
  { kbps: 220, fps: 15, height: 360 },
];
const START = 1;
/** Packets carry headers, and lost ones are sent again. */
const OVERHEAD = 0.88;
const DOWN_AFTER = 2;
const UP_AFTER = 2;
const LONGEST_WAIT = 16;
/** Looks without a single picture, after which the camera does not come through. */
const DEAD_AFTER = 2;

/** Decides, look by look (one every two seconds), how much to send: low at first, up while all is well, down to single pictures. */
export class Ladder {
  private readonly levels: readonly Level[];
  private at = START;
  private bad = 0;
  private good = 0;
  private wait = UP_AFTER;
  private rose = false;
  private nothing = 0;

  constructor(maxKbps: number) {
    const most = maxKbps * OVERHEAD;
    const top = STEPS.length - 1;
    this.levels = STEPS.map((step, index) => ({ ...step, kbps: Math.round(index === top ? most : Math.min(step.kbps, most)) }));
  }

  get level(): Level {
    return this.levels[this.at] ?? LOWEST;
  }

  get state(): "live" | "slides" | "dead" {
    if (this.nothing >= DEAD_AFTER) return "dead";
    return this.at === 0 ? "slides" : "live";
  }

  /** Takes in what was sent; answers whether the level is another one now. */
  look(sent: Sent): boolean {
    this.nothing = sent.kbps > 0 || sent.fps > 0 ? 0 : this.nothing + 1;
    const before = this.at;
    const { level } = this;
    // The encoder keeps to the link by itself; what is far below its level looks better at the next.
    const cannot = sent.canKbps !== null && sent.canKbps < level.kbps * 0.55;
    const stutters = level.fps > 1 && sent.fps < level.fps * 0.4;
    if (sent.soundLossPercent > 3) this.down();
    else if (sent.lossPercent > 10 || cannot || stutters) {
      this.good = 0;
      this.bad += 1;
      if (this.bad >= DOWN_AFTER || sent.lossPercent > 30) this.down();
    } else {
      this.bad = 0;
      this.good += sent.lossPercent > 3 || this.nothing > 0 ? 0 : 1;
      if (this.good >= this.wait) this.up(sent);
    }
    return this.at !== before;
  }

  private down(): void {
    // What has just been tried in vain is tried again later and later.
    if (this.rose) this.wait = Math.min(LONGEST_WAIT, this.wait * 2);
    this.rose = false;
    this.bad = this.good = 0;
    this.at = Math.max(0, this.at - 1);
  }

  private up(sent: Sent): void {
    const next = this.levels[this.at + 1];
    this.good = 0;
    if (next === undefined) {
      this.wait = UP_AFTER;
      return;
    }
    if (sent.canKbps !== null && sent.canKbps < next.kbps * 0.65) return;
    this.rose = true;
    this.at += 1;
  }
}
