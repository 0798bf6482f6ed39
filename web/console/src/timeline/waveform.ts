import type { Waveform } from "@ringdown/api";
import type { Side } from "@ringdown/core";

/** Lengths of the time axis: it grows in steps, so that the picture does not creep every second. */
const SPANS_MS = [60, 120, 300, 600, 1200, 1800, 3600, 7200, 14_400, 28_800].map((s) => s * 1000);

/** The length of the axis for a call of this length. A finished call fills it; a live one has room. */
export function spanFor(edgeMs: number, ended: boolean): number {
  if (ended) return Math.max(1000, edgeMs);
  return SPANS_MS.find((span) => edgeMs < span * 0.97) ?? Math.ceil(edgeMs / 3_600_000 + 1) * 3_600_000;
}

/** Milliseconds per bucket, so that a span has about as many buckets as there are pixels. */
export const bucketFor = (spanMs: number): number => Math.max(50, Math.ceil(spanMs / 800 / 50) * 50);

/** Loudness of a call as far as it is known; bounded by the number of buckets of its span. */
export class WaveData {
  readonly sides: Record<Side, number[]> = { caller: [], call_taker: [] };

  constructor(readonly bucketMs: number) {}

  /** Where the next question begins: the last bucket may have been half full, so it is asked again. */
  get nextMs(): number {
    const known = Math.max(this.sides.caller.length, this.sides.call_taker.length);
    return Math.max(0, known - 1) * this.bucketMs;
  }

  add(wave: Waveform): void {
    const first = Math.floor(wave.from_ms / this.bucketMs);
    for (const side of ["caller", "call_taker"] as const)
      wave.sides[side].forEach((level, index) => {
        this.sides[side][first + index] = level;
      });
  }
}
