import type { NarrativeProposal, NarrativeSentence, NarrativeView } from "@ringdown/api";
import type { Evidence, OpenCall, Side } from "@ringdown/core";

/** Personal values that a person asked to see, by what they belong to; kept while the call is open. */
export interface Revealed {
  readonly sentences: Readonly<Record<number, string>>;
  readonly proposals: Readonly<Record<string, string>>;
}

export const NOTHING_REVEALED: Revealed = { sentences: {}, proposals: {} };

const TOKEN = /(\[[A-Z_]+_\d+\])/;
const proposalKey = ({ field, at }: NarrativeProposal): string => `${field} ${at}`;

/** A text cut into words and tokens, in turn, so that a token can look like one. */
export function pieces(text: string): { text: string; token: boolean }[] {
  return text
    .split(TOKEN)
    .filter((piece) => piece !== "")
    .map((piece) => ({ text: piece, token: TOKEN.test(piece) }));
}

/** What was revealed is remembered sentence by sentence: what is written later comes in tokens. */
export function revealedBy(view: NarrativeView): Revealed {
  return {
    sentences: Object.fromEntries(view.sentences.map((each) => [each.number, each.text])),
    proposals: Object.fromEntries(view.proposals.map((each) => [proposalKey(each), each.value])),
  };
}

export const sentenceText = (sentence: NarrativeSentence, revealed: Revealed): string =>
  revealed.sentences[sentence.number] ?? sentence.text;

export const proposalText = (proposal: NarrativeProposal, revealed: Revealed): string =>
  revealed.proposals[proposalKey(proposal)] ?? proposal.value;

/** Whether something shown is still a token that could be revealed. */
export function hasTokens(view: NarrativeView, revealed: Revealed): boolean {
  const texts = [
    ...view.sentences.map((each) => sentenceText(each, revealed)),
    ...view.proposals.map((each) => proposalText(each, revealed)),
  ];
  return texts.some((text) => TOKEN.test(text));
}

const WHY: Readonly<Record<string, string>> = {
  form: "not one plain sentence",
  no_citation: "cites nothing",
  unknown_citation: "cites what is not there",
  instruction: "follows orders spoken on the call, or talks of itself",
  token: "a token that was not said there",
  number: "a number that was not said there",
  quantity: "an amount that was not said so",
  name: "a name that was not said there",
  word: "something that was not said there",
  negation: "yes and no mixed up",
  certainty: "only asked or supposed",
  role: "who did it to whom mixed up",
  act: "what the centre did, made up",
  unsupported: "mostly not said there",
  value: "a value that the field cannot take",
};

/** Why sentences were withheld, most frequent first: `2 a number that was not said there`. */
export function whyWithheld(reasons: Readonly<Record<string, number>>): string {
  return Object.entries(reasons)
    .filter(([reason]) => reason in WHY)
    .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .map(([reason, count]) => `${String(count)} × ${WHY[reason] ?? reason}`)
    .join("; ");
}

/** What a sentence rests on, as evidence to play: all the words of each utterance it cites. */
export function evidenceOf(sentence: Pick<NarrativeSentence, "cites">, open: OpenCall): Evidence[] {
  return sentence.cites.map((cite) => {
    const said = open.utterances.find((each) => each.utterance_id === cite.utterance_id);
    return {
      utterance_id: cite.utterance_id,
      side: cite.side as Side,
      word_from: 0,
      word_to: Math.max((said?.words.length ?? 1) - 1, 0),
      start_ms: cite.start_ms,
      end_ms: cite.end_ms,
      quote: said?.text ?? "",
    };
  });
}
