import type { Fix } from "./api";

const MOST = 100;
const LOW_BATTERY = 0.15;
const DAY_MS = 86_400_000;

/** What the browser says of a place. */
export interface Place {
  timestamp: number;
  coords: {
    latitude: number;
    longitude: number;
    accuracy: number;
    altitude: number | null;
    altitudeAccuracy: number | null;
    heading: number | null;
    speed: number | null;
  };
}

const known = (value: number | null): number | null => (value !== null && Number.isFinite(value) ? value : null);

export function fixOf({ coords, timestamp }: Place, now: number): Fix {
  // Some phones count from another year.
  const at = Math.abs(now - timestamp) > DAY_MS ? now : timestamp;
  return {
    lat: coords.latitude,
    lon: coords.longitude,
    accuracy_m: coords.accuracy,
    altitude_m: known(coords.altitude),
    altitude_accuracy_m: known(coords.altitudeAccuracy),
    heading_deg: known(coords.heading),
    speed_mps: known(coords.speed),
    at: new Date(at).toISOString(),
  };
}

/** Which fixes are sent: one in `every` ms, or at once when it is twice as good; kept while there is no connection. */
export class Trail {
  private waiting: Fix[] = [];
  private last: { at: number; accuracy: number } | null = null;
  private sparing = false;

  constructor(private readonly every: number) {}

  /** An almost empty battery that is not charged lasts longer with a third of the fixes. */
  battery(level: number, charging: boolean): void {
    this.sparing = !charging && level < LOW_BATTERY;
  }

  /** Whether the fix is to be sent. */
  seen(fix: Fix, now: number): boolean {
    const every = this.every * (this.sparing ? 3 : 1);
    const due = this.last === null || now - this.last.at >= every * 0.9;
    if (!due && fix.accuracy_m > (this.last?.accuracy ?? 0) / 2) return false;
    this.last = { at: now, accuracy: fix.accuracy_m };
    this.waiting.push(fix);
    // The newest are worth most.
    this.waiting = this.waiting.slice(-MOST);
    return true;
  }

  take(): Fix[] {
    const taken = this.waiting;
    this.waiting = [];
    return taken;
  }

  /** They did not arrive: before those that came since. */
  putBack(fixes: readonly Fix[]): void {
    this.waiting = [...fixes, ...this.waiting].slice(-MOST);
  }

  forget(): void {
    this.waiting = [];
  }
}
