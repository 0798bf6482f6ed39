import { describe, expect, test } from "vitest";

import type { NarrativeProposal, NarrativeSentence, NarrativeView } from "@ringdown/api";
import type { OpenCall } from "@ringdown/core";

import { evidenceOf, hasTokens, NOTHING_REVEALED, pieces, proposalText, revealedBy, sentenceText, whyWithheld } from "../src/assist/narrative";

const CITE = { utterance_id: "utt_1", side: "caller", start_ms: 4000, end_ms: 6000 };

const SENTENCE: NarrativeSentence = { number: 1, text: "Caller [NAME_1] reports smoke.", cites: [CITE], model: "m", at: "t", replaces: null, replaced_by: null };
const PROPOSAL: NarrativeProposal = { field: "location", value: "[ADDRESS_1]", cites: [CITE], model: "m", at: "t" };

function view(changes: Partial<NarrativeView> = {}): NarrativeView {
  return {
    call_id: "call_1", version: 1, model: "m", off: false, switched_by: null, switched_at: null,
    sentences: [SENTENCE],
    proposals: [PROPOSAL],
    withheld: 0, reasons: {}, revealed: false, ...changes,
  };
}

describe("what a language model wrote", () => {
  test("tokens look like tokens, and nothing of the text is lost", () => {
    const text = "[NAME_1] is at [ADDRESS_12], [not one] 3.";
    expect(pieces(text).map((piece) => piece.text).join("")).toBe(text);
    expect(pieces(text).filter((piece) => piece.token).map((piece) => piece.text)).toEqual(["[NAME_1]", "[ADDRESS_12]"]);
  });

  test("what was revealed stays so, and what is written later comes in tokens", () => {
    const first = view();
    const plain = view({
      revealed: true,
      sentences: first.sentences.map((each) => ({ ...each, text: "Caller Priya Raman reports smoke." })),
      proposals: first.proposals.map((each) => ({ ...each, value: "412 Maple Street" })),
    });
    const revealed = revealedBy(plain);
    const later = { ...SENTENCE, number: 2, text: "[NAME_2] is inside." };
    expect(hasTokens(first, NOTHING_REVEALED)).toBe(true);
    expect(hasTokens(first, revealed)).toBe(false);
    expect(sentenceText(SENTENCE, revealed)).toBe("Caller Priya Raman reports smoke.");
    expect(proposalText(PROPOSAL, revealed)).toBe("412 Maple Street");
    expect(sentenceText(later, revealed)).toBe("[NAME_2] is inside.");
    expect(hasTokens({ ...first, sentences: [...first.sentences, later] }, revealed)).toBe(true);
  });

  test("a proposal made anew is not shown with the value of the one before", () => {
    const before = revealedBy(view({ proposals: [{ ...PROPOSAL, value: "412 Maple Street", at: "t1" }] }));
    expect(proposalText({ ...PROPOSAL, value: "[ADDRESS_2]", at: "t2" }, before)).toBe("[ADDRESS_2]");
  });

  test("why something was withheld is said in words, the most frequent first; a repeat is no reason", () => {
    expect(whyWithheld({ number: 2, token: 5, repeated: 9 })).toBe("5 × a token that was not said there; 2 × a number that was not said there");
    expect(whyWithheld({})).toBe("");
  });

  test("every utterance cited can be played whole, also one that is not on the page", () => {
    const open = { utterances: [{ utterance_id: "utt_1", text: "there is smoke", words: [{}, {}, {}] }] } as unknown as OpenCall;
    const [known, unknown] = evidenceOf({ cites: [CITE, { ...CITE, utterance_id: "utt_2" }] }, open);
    expect(known).toEqual({ ...CITE, word_from: 0, word_to: 2, quote: "there is smoke" });
    expect(unknown?.word_to).toBe(0);
  });
});
