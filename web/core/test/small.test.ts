import fc from "fast-check";
import { describe, expect, test } from "vitest";

import {
  Announcer,
  changedSinceSent,
  chord,
  clockOffset,
  clockText,
  confidenceWords,
  decode,
  DEFAULT_KEYS,
  deliveryWords,
  elapsedMs,
  fromDetail,
  listCalls,
  liveEdgeMs,
  readWav,
  remap,
  restoreKeys,
  segments,
  sendPlan,
  transcriptLines,
  typesText,
  type Evidence,
  type UtteranceView,
} from "../src/index";
import { call, detailAfter, draft, utterance } from "./build";

describe("decode", () => {
  test("never throws, whatever the frame", () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void decode(text)));
  });

  test("keeps the position of a kind it does not know", () => {
    const frame = JSON.stringify({ type: "fact", position: 7, kind: "alerts.new.v1", body: {} });
    expect(decode(frame)).toEqual({ type: "skipped", kind: "alerts.new.v1", position: 7 });
  });

  test.each(["", "null", "[]", '"x"', '{"type":"fact"}', '{"type":"other"}'])("refuses %j", (frame) => {
    expect(decode(frame)).toBeNull();
  });
});

describe("clocks", () => {
  test.each([
    [0, "0:00"],
    [65_999, "1:05"],
    [3_723_000, "1:02:03"],
    [-5, "0:00"],
  ])("%d ms reads %s", (ms, text) => expect(clockText(ms)).toBe(text));

  test("a server ahead by an hour does not age a call by an hour", () => {
    const offset = clockOffset("2026-03-04T04:00:00.050Z", Date.parse("2026-03-04T03:00:00Z"), Date.parse("2026-03-04T03:00:00.100Z"));
    expect(elapsedMs("2026-03-04T04:00:00Z", offset, Date.parse("2026-03-04T03:00:05Z"))).toBe(5000);
  });

  test("the live edge of a finished call is its end", () => {
    const ended = call("c", { ended_at: "2026-03-04T03:01:15.000Z", state: "ended" });
    expect(liveEdgeMs(ended, 0, Date.parse("2026-03-05T00:00:00Z"))).toBe(75_000);
  });
});

describe("the call list", () => {
  test("keeps calls in the order they came, so that none moves while it is being read", () => {
    const calls = { b: call("b", { started_at: "2026-03-04T03:00:01Z", attention: "source_lost" }), a: call("a") };
    expect(listCalls(calls).open.map((c) => c.call_id)).toEqual(["a", "b"]);
  });

  test("keeps an ended call among the open ones until a person has closed it", () => {
    const calls = { a: call("a", { state: "ended", attention: "abandoned" }), b: call("b", { state: "ended" }) };
    const { open, ended } = listCalls(calls);
    expect([open, ended].map((list) => list.map((c) => c.call_id))).toEqual([["a"], ["b"]]);
  });
});

test("the call that is looked at stays in its place when it ends", () => {
  const calls = { a: call("a", { state: "ended" }), b: call("b") };
  expect(listCalls(calls, {}, "a").open.map((c) => c.call_id)).toEqual(["a", "b"]);
  expect(listCalls(calls, {}, "b").open.map((c) => c.call_id)).toEqual(["b"]);
});

describe("what would be sent", () => {
  const plan = sendPlan(
    draft("c", 3, [
      { name: "type", state: "proposed", value: "FIRE", text: "Structure fire", version: 4 },
      { name: "location", state: "edited", value: "214 Birch", text: "214 Birch", version: 2 },
      { name: "severity", state: "rejected", value: "high", text: "High", version: 3 },
    ]),
  );

  test("takes shown values with the versions that were shown", () => {
    expect(plan.versions).toEqual({ type: 4, location: 2 });
  });

  test("names what stays unknown and what was rejected", () => {
    expect(plan.unknown).toEqual(["category", "emergency", "victims", "callback_number"]);
    expect(plan.rejected).toEqual(["severity"]);
  });

  test("after sending, a later edit is seen as a difference", () => {
    const open = {
      ...fromDetail(detailAfter([], "c", 0)),
      draft: draft("c", 5, [{ name: "location", state: "edited", value: "216 Birch" }]),
      confirmations: [
        { fields: { location: { value: "214 Birch" } } },
      ] as unknown as ReturnType<typeof fromDetail>["confirmations"],
    };
    expect(changedSinceSent(open)).toEqual(["location"]);
    expect(changedSinceSent({ ...open, confirmations: [] })).toEqual([]);
  });
});

test("text in progress stands after the finals, in the order it was begun", () => {
  const open = {
    ...fromDetail(detailAfter([], "c", 0)),
    utterances: [utterance("f", "c", 5000)],
    partials: { p2: utterance("p2", "c", 7000), p1: utterance("p1", "c", 6000) },
  };
  expect(transcriptLines(open).map((l) => [l.utterance.utterance_id, l.final])).toEqual([
    ["f", true],
    ["p1", false],
    ["p2", false],
  ]);
});

describe("reading aloud", () => {
  test("says the caller's finals once, at most every two seconds, and joins what waited", () => {
    const announcer = new Announcer();
    announcer.prime([utterance("old", "c", 0)]);
    const heard = [utterance("old", "c", 0), utterance("a", "c", 1), utterance("t", "c", 2, { side: "call_taker" })];
    announcer.hear(heard);
    expect(announcer.next(0)).toBe("Caller: words a");
    announcer.hear([...heard, utterance("b", "c", 3), utterance("d", "c", 4)]);
    expect(announcer.next(1999)).toBeNull();
    expect(announcer.next(2000)).toBe("Caller: words b words d");
    expect(announcer.next(9000)).toBeNull();
  });

  test("leaves backlog behind for what was said last", () => {
    const announcer = new Announcer();
    announcer.hear(Array.from({ length: 9 }, (_, i) => utterance(String(i), "c", i)));
    expect(announcer.next(0)).toBe("Caller: words 6 words 7 words 8");
  });
});

describe("keys", () => {
  const press = (key: string, over = {}) => ({ key, ctrlKey: false, altKey: false, metaKey: false, shiftKey: false, ...over });
  test.each([
    [press("a"), "a"],
    [press("D", { shiftKey: true }), "Shift+D"],
    [press("?", { shiftKey: true }), "?"],
    [press(" "), "Space"],
    [press("Enter", { ctrlKey: true }), "Ctrl+Enter"],
    [press("Enter", { metaKey: true }), "Ctrl+Enter"],
    [press("Shift", { shiftKey: true }), null],
  ])("%o is %s", (event, name) => expect(chord(event)).toBe(name));

  test("no two actions share a key", () => {
    expect(new Set(Object.values(DEFAULT_KEYS)).size).toBe(Object.keys(DEFAULT_KEYS).length);
  });

  test("a key given to one action is taken from the other", () => {
    const map = remap(DEFAULT_KEYS, "call.take", "j");
    expect([map["call.take"], map["call.next"]]).toEqual(["j", ""]);
  });

  test.each([null, 3, { "call.take": 4 }])("stored nonsense %j falls back to the defaults", (stored) => {
    expect(restoreKeys(stored)).toEqual(DEFAULT_KEYS);
  });

  test("only chords that cannot be typing act while somebody writes", () => {
    expect(["a", "Shift+D", "?", "Space", "Enter"].every(typesText)).toBe(true);
    expect(["Ctrl+Enter", "Alt+1", "F2", "Escape"].some(typesText)).toBe(false);
  });
});

describe("words", () => {
  const delivery = {
    delivery_id: "d", call_id: "c", confirmation_id: "k", sequence: 1, attempts: 2,
    next_attempt_at: null, last_error: { code: "cad.refused", text: "unknown street" }, acknowledged_at: null, cad_incident_id: "F-12",
  };
  test.each([
    ["acknowledged", "CAD has it as F-12"],
    ["dead", "CAD refused it: unknown street"],
    ["retrying", "Not through yet, trying again: unknown street"],
    ["held", "Held: unknown street"],
  ] as const)("%s reads %j", (state, words) => expect(deliveryWords({ ...delivery, state })).toBe(words));

  test("no confidence is no claim", () => expect(confidenceWords(null)).toBeNull());
});

describe("wave files", () => {
  function wav(channels: number, samples: number[]): ArrayBuffer {
    const bytes = new DataView(new ArrayBuffer(44 + samples.length * 2));
    [..."RIFF____WAVEfmt "].forEach((c, i) => bytes.setUint8(i, c.charCodeAt(0)));
    bytes.setUint32(16, 16, true);
    bytes.setUint16(20, 1, true);
    bytes.setUint16(22, channels, true);
    bytes.setUint32(24, 8000, true);
    bytes.setUint16(34, 16, true);
    [..."data"].forEach((c, i) => bytes.setUint8(36 + i, c.charCodeAt(0)));
    bytes.setUint32(40, samples.length * 2, true);
    samples.forEach((s, i) => bytes.setInt16(44 + 2 * i, s, true));
    return bytes.buffer;
  }

  test("left is the caller, right the call-taker", () => {
    const pcm = readWav(wav(2, [16384, -16384, 0, 32767]));
    expect(pcm.rate).toBe(8000);
    expect(pcm.channels.map((c) => [...c])).toEqual([[0.5, 0], [-0.5, 32767 / 32768]]);
  });

  test("any bytes are read or refused with a RangeError", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.boolean(), (bytes, dressed) => {
        const file = new Uint8Array(wav(1, [1, 2]));
        if (dressed) file.set(bytes.slice(0, file.length - 12), 12);
        try {
          readWav(dressed ? file.buffer : bytes.slice().buffer);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
    );
  });
});

describe("segments", () => {
  const word = (text: string, doubtful = false, unconfirmed = false) => ({ word: text, start_ms: 0, end_ms: 1, confidence: null, timing_estimated: true, doubtful, unconfirmed });
  const looks = (line: UtteranceView, mark: Evidence | null = null) => segments(line, mark).map(({ text, ...look }) => [text, (["doubtful", "unconfirmed", "marked"] as const).filter((name) => look[name]).join(" ")]);
  const said = (text: string, words: ReturnType<typeof word>[]) => utterance("u", "c", 0, { text, words });
  const evidence = (word_from: number, word_to: number) => ({ utterance_id: "u", side: "caller" as const, word_from, word_to, start_ms: 0, end_ms: 1, quote: "" });

  test("keep the text's own punctuation and mark doubtful words one by one", () => {
    const line = said("It's 214 Birch, quick!", [word("it's"), word("214"), word("birch", true), word("quick", true)]);
    expect(looks(line)).toEqual([["It's 214 ", ""], ["Birch", "doubtful"], [", ", ""], ["quick", "doubtful"], ["!", ""]]);
  });

  test("mark the words that evidence names, gaps included, the last one too", () => {
    const line = said("at 214 Birch Street now", ["at", "214", "Birch", "Street", "now"].map((w) => word(w)));
    const marked = looks(line, evidence(1, 3)).filter(([, look]) => look === "marked");
    expect(marked).toEqual([["214 Birch Street", "marked"]]);
  });

  test("show the words when the text does not hold them", () => {
    const line = said("two fourteen", [word("214", true)]);
    expect(looks(line)).toEqual([["214", "doubtful"]]);
  });

  test("say of unconfirmed words that they are, as one stretch, and of doubtful ones apart from it", () => {
    const line = said("at two ten Jenny See", [word("at"), word("two", false, true), word("ten", false, true), word("Jenny", true, true), word("See", true)]);
    expect(looks(line)).toEqual([["at ", ""], ["two ten ", "unconfirmed"], ["Jenny", "doubtful unconfirmed"], [" ", ""], ["See", "doubtful"]]);
  });

  test("never lose a letter of the text", () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z]{1,4}$/), { minLength: 1 }), fc.array(fc.boolean()), fc.nat(5), fc.nat(5), (words, doubts, from, to) => {
        const line = said(words.join(" "), words.map((w, i) => word(w, doubts[i] ?? false)));
        expect(segments(line, evidence(from, to)).map((s) => s.text).join("")).toBe(line.text);
      }),
    );
  });
});
