import type { Phase } from "./listener";

/** Further behind than this is worth saying, by what carries the sound: pieces come a little late. */
const BEHIND_MS = { session: 1_500, pieces: 2_500 } as const;

export interface Standing {
  phase: Phase;
  ended: boolean;
  playing: boolean;
  behindMs: number;
}

/** Where the ear is, in a few words that fit beside the clock; null when nothing sounds or waits. */
export function behindWords({ phase, ended, playing, behindMs }: Standing): { text: string; tone: "warn" | "quiet" | "accent" } | null {
  if (phase === "connecting") return { text: "Connecting…", tone: "quiet" };
  if (phase === "interrupted") return { text: "Sound interrupted: connecting again", tone: "warn" };
  const session = phase === "on";
  const seconds = Math.round(behindMs / 1000);
  const late = behindMs > (session ? BEHIND_MS.session : BEHIND_MS.pieces);
  if (ended) {
    if (session) return { text: playing ? "Listening to the recording" : "Listening paused", tone: playing ? "accent" : "quiet" };
    return playing ? { text: "Finished call", tone: "quiet" } : null;
  }
  if (!playing) return { text: session && late ? `Paused, ${seconds} s behind live; the call goes on` : "Paused; the call goes on", tone: session ? "warn" : "quiet" };
  if (late) return { text: `${seconds} s behind live`, tone: "warn" };
  return session ? { text: "Listening live", tone: "accent" } : { text: "At the live edge", tone: "quiet" };
}

/** Decibels as people write them. */
export const decibels = (db: number): string => (db > 0 ? `+${db} dB` : db < 0 ? `−${-db} dB` : "0 dB");
