import type { UtteranceView } from "./wire";

/**
 * What is shown beside heard words and never instead of them: the ways a number can be written, or
 * local names that sound like them. `readings` has the likeliest first; none is ever chosen for the
 * person.
 */
export interface Beside {
  kind: "number" | "names";
  first_word: number;
  last_word: number;
  heard: string;
  readings: readonly string[];
  /** What kind of number it is, as the server names it; empty for names. */
  sort: string;
}

const bare = (text: string): string => text.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, "");

/** A single short word that anybody reads as the same number (“two”): a chip would only be in the way. */
const plain = ({ readings, heard }: Beside): boolean => !heard.includes(" ") && readings.length === 1 && /^\d{1,2}$/.test(readings[0] ?? "");

/** All that goes beside the words of an utterance, in their order; what says nothing new is left out. */
export function besides({ words, numbers, suggestions }: UtteranceView): Beside[] {
  const heard = (first: number, last: number) =>
    words.slice(first, last + 1).map(({ word }) => word).join(" ");
  const found: Beside[] = [
    ...numbers.map(({ first_word, last_word, kind, written, alternatives }) => ({
      kind: "number" as const, first_word, last_word, sort: kind,
      heard: heard(first_word, last_word),
      readings: [...new Set([written, ...alternatives])],
    })),
    ...suggestions.map(({ first_word, last_word, names }) => ({
      kind: "names" as const, first_word, last_word, sort: "",
      heard: heard(first_word, last_word),
      readings: [...new Set(names.map(({ name }) => name))],
    })),
  ];
  return found
    .filter((one) => one.heard !== "" && !plain(one) && one.readings.some((reading) => bare(reading) !== bare(one.heard)))
    .sort((a, b) => a.first_word - b.first_word || (a.kind === b.kind ? 0 : a.kind === "number" ? -1 : 1));
}

/** A number long enough to be called. */
export const callable = (reading: string): boolean => /^\+?[\d\s().-]+$/.test(reading) && reading.replaceAll(/\D/g, "").length >= 7;

/**
 * What to put before a person who wants this reading in a field that says `text`: the reading in the
 * place of its heard words, a house number before its street, or the reading alone.
 */
export function offered(text: string, beside: Beside, value: string): string {
  if (` ${text} `.replaceAll(/[,;]/g, " ").includes(` ${value} `)) return text;
  const put = putInto(text, beside, value);
  if (put !== null) return put;
  const street = text.replace(/^[\d\s-]+(?=\S)/, "");
  return beside.kind === "number" && /^\d{1,6}$/.test(value) && /\p{L}/u.test(street) ? `${value} ${street}` : value;
}

/**
 * A field's text with the heard words, or another reading of them, replaced by `value`; `null` when
 * they are not in it. Words are compared without case and punctuation.
 */
export function putInto(text: string, { heard, readings }: Pick<Beside, "heard" | "readings">, value: string): string | null {
  const tokens = text.split(/\s+/).filter(Boolean);
  for (const old of [heard, ...readings]) {
    if (old === value) continue;
    const wanted = old.split(/\s+/).map(bare).filter(Boolean);
    if (wanted.length === 0) continue;
    for (let at = 0; at + wanted.length <= tokens.length; at += 1) {
      const span = tokens.slice(at, at + wanted.length);
      if (!span.every((token, index) => bare(token) === wanted[index])) continue;
      const tail = /[,;]$/.exec(span.at(-1) ?? "")?.[0] ?? "";
      return [...tokens.slice(0, at), value + tail, ...tokens.slice(at + wanted.length)].join(" ");
    }
  }
  return null;
}
