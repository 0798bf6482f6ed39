import type { UtteranceView } from "./wire";

/** At most one announcement in this time, however fast people talk. */
export const ANNOUNCE_EVERY_MS = 2_000;

/**
 * Decides what a screen reader is told of the transcript: final words of the caller, politely, at
 * most one every two seconds. What was said in between is joined; old backlog is cut, because the
 * live call matters more.
 */
export class Announcer {
  #waiting: string[] = [];
  #lastAt = Number.NEGATIVE_INFINITY;
  #seen = new Set<string>();

  /** Marks everything already said as known: opening a call reads nothing aloud. */
  prime(utterances: readonly UtteranceView[]): void {
    this.#seen = new Set(utterances.map((utterance) => utterance.utterance_id));
    this.#waiting = [];
  }

  /** Takes the current finals; the new ones of the caller queue up. */
  hear(utterances: readonly UtteranceView[]): void {
    for (const { utterance_id, side, text } of utterances) {
      if (this.#seen.has(utterance_id)) continue;
      this.#seen.add(utterance_id);
      if (side === "caller" && text) this.#waiting.push(text);
    }
    this.#waiting = this.#waiting.slice(-3);
  }

  /** The text to announce now, or `null`. */
  next(now: number): string | null {
    if (this.#waiting.length === 0 || now - this.#lastAt < ANNOUNCE_EVERY_MS) return null;
    const text = `Caller: ${this.#waiting.join(" ")}`;
    this.#waiting = [];
    this.#lastAt = now;
    return text;
  }
}
