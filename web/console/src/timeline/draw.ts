import type { GapView, Side, ToneView, UtteranceView } from "@ringdown/core";

import type { WaveData } from "./waveform";

/** Everything one picture of the timeline shows. Times in milliseconds on the call's clock. */
export interface Picture {
  spanMs: number;
  edgeMs: number;
  positionMs: number;
  live: boolean;
  wave: WaveData | null;
  utterances: readonly UtteranceView[];
  gaps: readonly GapView[];
  tones: readonly ToneView[];
  marked: { start_ms: number; end_ms: number; side: Side } | null;
  on: Record<Side, boolean>;
}

const COLOURS = ["text", "quiet", "line", "caller", "call-taker", "focus", "mark", "down", "raised"] as const;
export type Palette = Record<(typeof COLOURS)[number], string>;

/** Tokens as the page shows them now, theme and forced colours included. */
export function tokens<Name extends string>(probe: HTMLElement, names: readonly Name[]): Record<Name, string> {
  const forced = window.matchMedia("(forced-colors: active)").matches;
  const entries = names.map((name) => {
    const plain = name === "focus" || name === "mark" ? "Highlight" : name === "ground" || name === "panel" ? "Canvas" : "CanvasText";
    probe.style.color = forced ? plain : `var(--${name})`;
    return [name, getComputedStyle(probe).color] as const;
  });
  return Object.fromEntries(entries) as Record<Name, string>;
}

/** The colours of the timeline. */
export const palette = (probe: HTMLElement): Palette => tokens(probe, COLOURS);

/** Draws both sides: loudness, utterances under it, gaps, the playhead and the live edge. */
export function draw(canvas: HTMLCanvasElement, picture: Picture, colours: Palette): void {
  const ratio = window.devicePixelRatio || 1;
  const width = canvas.clientWidth;
  const height = canvas.clientHeight;
  if (canvas.width !== Math.round(width * ratio)) canvas.width = Math.round(width * ratio);
  if (canvas.height !== Math.round(height * ratio)) canvas.height = Math.round(height * ratio);
  const c = canvas.getContext("2d");
  if (!c || width === 0) return;
  c.setTransform(ratio, 0, 0, ratio, 0, 0);
  c.clearRect(0, 0, width, height);
  const x = (ms: number): number => (ms / picture.spanMs) * width;
  const lane = height / 2;

  (["caller", "call_taker"] as const).forEach((side, index) => {
    const top = index * lane;
    const colour = side === "caller" ? colours.caller : colours["call-taker"];
    const barHeight = 5;
    const middle = top + (lane - barHeight) / 2;
    c.globalAlpha = picture.on[side] ? 1 : 0.35;
    c.fillStyle = colours.line;
    c.fillRect(0, middle, x(picture.edgeMs), 1);
    c.fillStyle = colour;
    const levels = picture.wave?.sides[side] ?? [];
    const step = picture.wave ? x(picture.wave.bucketMs) : 0;
    levels.forEach((level, bucket) => {
      // Quiet speech is speech too: the root lifts it into sight.
      const tall = Math.sqrt(level / 255) * (lane - barHeight - 6);
      if (tall > 0.5) c.fillRect(bucket * step, middle - tall / 2, Math.max(1, step - 0.4), tall);
    });
    for (const utterance of picture.utterances) {
      if (utterance.side !== side) continue;
      c.fillRect(x(utterance.start_ms), top + lane - barHeight - 1, Math.max(2, x(utterance.end_ms - utterance.start_ms) - 1), barHeight - 1);
    }
    for (const gap of picture.gaps) {
      if (gap.side !== side) continue;
      c.strokeStyle = colours.down;
      c.setLineDash([3, 3]);
      c.strokeRect(x(gap.from_ms), top + 2, Math.max(3, x(gap.to_ms - gap.from_ms)), lane - 4);
      c.setLineDash([]);
    }
    // Tones are no speech: a hatched frame, where words have a solid bar.
    for (const tone of picture.tones) {
      if (tone.side !== side) continue;
      c.strokeStyle = colours.text;
      c.strokeRect(x(tone.start_ms) + 0.5, top + lane - barHeight - 1.5, Math.max(4, x(tone.end_ms - tone.start_ms)), barHeight);
    }
    c.globalAlpha = 1;
  });

  if (picture.marked) {
    const top = picture.marked.side === "caller" ? 0 : lane;
    c.strokeStyle = colours.focus;
    c.lineWidth = 2;
    c.strokeRect(x(picture.marked.start_ms), top + 1, Math.max(4, x(picture.marked.end_ms - picture.marked.start_ms)), lane - 2);
    c.lineWidth = 1;
  }
  if (picture.live) {
    c.fillStyle = colours.quiet;
    for (let y = 0; y < height; y += 6) c.fillRect(x(picture.edgeMs), y, 1.5, 3);
  }
  c.fillStyle = colours.focus;
  const head = x(picture.positionMs);
  c.fillRect(head - 1, 0, 2, height);
  c.beginPath();
  c.moveTo(head - 6, 0);
  c.lineTo(head + 6, 0);
  c.lineTo(head, 8);
  c.fill();
}
