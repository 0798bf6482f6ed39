import type { Evidence, UtteranceView } from "./wire";

/** A stretch of an utterance's text with one look. */
export interface Segment {
  text: string;
  doubtful: boolean;
  marked: boolean;
}

/**
 * Cuts an utterance's text by what is doubtful and what evidence points at. Words are found in the
 * text one after the other, so that its own spelling and punctuation stay; if one is not there, the
 * words themselves are shown instead, since evidence counts words.
 */
export function segments(utterance: UtteranceView, evidence: Evidence | null): Segment[] {
  const { words } = utterance;
  const mark = evidence?.utterance_id === utterance.utterance_id ? evidence : null;
  const looks = words.map((word, index) => ({
    doubtful: word.doubtful,
    marked: mark !== null && index >= mark.word_from && index <= mark.word_to,
  }));
  if (!looks.some((look) => look.doubtful || look.marked))
    return [{ text: utterance.text, doubtful: false, marked: false }];
  const pieces = alignedPieces(utterance) ?? words.map((word) => ({ before: " ", text: word.word }));
  const cut: Segment[] = [];
  const add = (text: string, doubtful: boolean, marked: boolean): void => {
    const last = cut.at(-1);
    if (last?.doubtful === doubtful && last.marked === marked) last.text += text;
    else if (text) cut.push({ text, doubtful, marked });
  };
  pieces.forEach((piece, index) => {
    const look = looks[index] ?? { doubtful: false, marked: false };
    const before = looks[index - 1];
    // A doubt is about one word; a mark runs on across the gaps between its words.
    add(index === 0 ? piece.before.trimStart() : piece.before, false, look.marked && before?.marked === true);
    add(piece.text, look.doubtful, look.marked);
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
