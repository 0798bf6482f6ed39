import { besides, type Beside } from "./besides";
import type { Evidence, UtteranceView } from "./wire";

/** How a stretch of text looks: what is doubtful, what is to be checked, what evidence points at. */
interface Look {
  doubtful: boolean;
  unconfirmed: boolean;
  marked: boolean;
}

/** A stretch of an utterance's text with one look, and what is shown beside it, after it. */
export interface Segment extends Look {
  text: string;
  beside: readonly Beside[];
}

const PLAIN: Look = { doubtful: false, unconfirmed: false, marked: false };
const same = (a: Look, b: Look): boolean =>
  a.doubtful === b.doubtful && a.unconfirmed === b.unconfirmed && a.marked === b.marked;

/**
 * Cuts an utterance's text by what is doubtful, what is unconfirmed and what evidence points at, and
 * after each number or local name. Words are found in the text one after the other, so that its own
 * spelling and punctuation stay; if one is not there, the words themselves are shown instead, since
 * everything counts words.
 */
export function segments(utterance: UtteranceView, evidence: Evidence | null, readings = true): Segment[] {
  const { words } = utterance;
  const mark = evidence?.utterance_id === utterance.utterance_id ? evidence : null;
  const looks = words.map(
    (word, index): Look => ({
      doubtful: word.doubtful,
      unconfirmed: word.unconfirmed,
      marked: mark !== null && index >= mark.word_from && index <= mark.word_to,
    }),
  );
  const beside = readings ? besides(utterance) : [];
  if (beside.length === 0 && looks.every((look) => same(look, PLAIN)))
    return [{ text: utterance.text, ...PLAIN, beside }];
  const pieces = alignedPieces(utterance) ?? words.map((word) => ({ before: " ", text: word.word }));
  const cut: Segment[] = [];
  const add = (text: string, look: Look): void => {
    const last = cut.at(-1);
    if (last?.beside.length === 0 && same(last, look)) last.text += text;
    else if (text) cut.push({ text, ...look, beside: [] });
  };
  pieces.forEach((piece, index) => {
    const look = looks[index] ?? PLAIN;
    const before = looks[index - 1] ?? PLAIN;
    // A doubt is about one word; the other looks run on across the gaps between their words.
    add(index === 0 ? piece.before.trimStart() : piece.before, {
      doubtful: false,
      unconfirmed: look.unconfirmed && before.unconfirmed,
      marked: look.marked && before.marked,
    });
    add(piece.text, look);
    const here = beside.filter((one) => one.last_word === index);
    const last = cut.at(-1);
    if (last && here.length > 0) last.beside = here;
  });
  return cut;
}

function alignedPieces({ text, words }: UtteranceView): { before: string; text: string }[] | null {
  const lower = text.toLowerCase();
  const pieces: { before: string; text: string }[] = [];
  let at = 0;
  for (const { word } of words) {
    const found = lower.indexOf(word.toLowerCase(), at);
    if (found < 0) return null;
    pieces.push({ before: text.slice(at, found), text: text.slice(found, found + word.length) });
    at = found + word.length;
  }
  return [...pieces, { before: text.slice(at), text: "" }];
}
