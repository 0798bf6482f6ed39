/** The browser's timers and clocks, as a port: tests drive them by hand. */
export interface Timers {
  now(): number;
  set(callback: () => void, delayMs: number): unknown;
  clear(handle: unknown): void;
  /** A number in [0, 1), used to spread reconnections. */
  random(): number;
}

/**
 * Server time minus local time in milliseconds, judged from one exchange: the server is assumed to
 * have looked at its clock half-way between asking and hearing.
 */
export function clockOffset(serverIso: string, askedAt: number, heardAt: number): number {
  return Date.parse(serverIso) - (askedAt + heardAt) / 2;
}

/** Milliseconds since `iso` on the server's clock, never negative; 0 for a time nobody can read. */
export function elapsedMs(iso: string | null, offsetMs: number, localNow: number): number {
  const start = iso === null ? Number.NaN : Date.parse(iso);
  return Number.isNaN(start) ? 0 : Math.max(0, localNow + offsetMs - start);
}
