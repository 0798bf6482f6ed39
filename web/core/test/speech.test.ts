import fc from "fast-check";
import { describe, expect, test } from "vitest";

import {
  besides,
  callable,
  channelNews,
  channelsOf,
  channelTrouble,
  channelWords,
  doubtWords,
  EMPTY,
  fromDetail,
  latestTty,
  offered,
  putInto,
  reduce,
  segments,
  toneWords,
  type ChannelMode,
  type ChannelView,
  type LegView,
  type NumberView,
  type SuggestionView,
  type ToneView,
} from "../src/index";
import { call, detailAfter, fact, START, utterance } from "./build";

const words = (text: string) =>
  text.split(" ").map((word) => ({ word, start_ms: 0, end_ms: 1, confidence: 0.9, timing_estimated: true, doubtful: false, unconfirmed: false }));
const said = (text: string, over: { numbers?: NumberView[]; suggestions?: SuggestionView[] } = {}) =>
  utterance("u", "c", 0, { text, words: words(text), ...over });
const number = (first_word: number, last_word: number, written: string, ...alternatives: string[]): NumberView => ({ first_word, last_word, kind: "number", written, alternatives });
const names = (first_word: number, last_word: number, ...found: string[]): SuggestionView => ({ first_word, last_word, names: found.map((name) => ({ name, score: 0.8 })) });
const tone = (over: Partial<ToneView> = {}): ToneView => ({ leg_id: "leg_1", side: "caller", tone: "tty", digits: null, start_ms: 1000, end_ms: 3000, ...over });
const channel = (lag_ms: number, mode: ChannelMode = "live"): ChannelView => ({ leg_id: "leg_1", side: "caller", lag_ms, engine: "tiny", mode });

describe("what is shown beside the heard words", () => {
  test("every reading of a number, the likeliest first, after its last word", () => {
    const line = said("at twenty two ten Birch", { numbers: [number(1, 3, "2210", "20 2 10")] });
    const cut = segments(line, null);
    expect(cut.map((piece) => piece.text).join("")).toBe("at twenty two ten Birch");
    expect(cut[0]).toMatchObject({ text: "at twenty two ten", beside: [{ heard: "twenty two ten", readings: ["2210", "20 2 10"] }] });
  });

  test("nothing where the only reading is what was heard", () => {
    expect(besides(said("room 12 please", { numbers: [number(1, 1, "12")] }))).toEqual([]);
    expect(besides(said("room 12, please", { numbers: [number(1, 1, "12", "1 2")] }))).toEqual([]);
    expect(besides(said("it was two people", { numbers: [number(2, 2, "2")] }))).toEqual([]);
    expect(besides(said("on Birch Street", { suggestions: [names(1, 2, "Birch Street")] }))).toEqual([]);
  });

  test("names and numbers together, in the order of the words", () => {
    const line = said("ninety jenny see street", { numbers: [number(0, 0, "90", "9 T")], suggestions: [names(1, 3, "Genesee Street", "Jennings Street")] });
    expect(besides(line).map((one) => [one.kind, one.readings])).toEqual([
      ["number", ["90", "9 T"]],
      ["names", ["Genesee Street", "Jennings Street"]],
    ]);
  });

  test("never takes a letter from the text, whatever the spans", () => {
    const span = fc.record({ first_word: fc.nat(6), last_word: fc.nat(6), kind: fc.constant("number"), written: fc.string(), alternatives: fc.array(fc.string(), { maxLength: 2 }) });
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z]{1,4}$/), { minLength: 1, maxLength: 6 }), fc.array(span, { maxLength: 3 }), (heard, numbers) => {
        const line = said(heard.join(" "), { numbers });
        expect(segments(line, null).map((piece) => piece.text).join("")).toBe(line.text);
      }),
    );
  });

  test.each([["555 0142", true], ["(509) 555-0142", true], ["2210", false], ["7ABC123", false]])("%s can be called: %s", (reading, can) => {
    expect(callable(reading)).toBe(can);
  });
});

describe("putting a reading into a field", () => {
  test.each([
    ["2210 Jenny See Street, Millbrook", "jenny see street", [], "Genesee Street", "2210 Genesee Street, Millbrook"],
    ["20 2 10 Birch Street", "twenty two ten", ["2210", "20 2 10"], "2210", "2210 Birch Street"],
    ["12 Oak Avenue", "jenny see", [], "Genesee", null],
    ["", "jenny see", [], "Genesee", null],
  ])("%s", (text, heard, readings, value, wanted) => {
    expect(putInto(text, { heard, readings }, value)).toBe(wanted);
  });
});

describe("offering a reading to a field", () => {
  const house = { kind: "number", first_word: 0, last_word: 2, heard: "twenty two ten", readings: ["2210", "20 2 10"], sort: "number" } as const;
  const street = { ...house, kind: "names", heard: "jenny see street", readings: ["Genesee Street"], sort: "" } as const;
  test.each([
    ["", "2210", house, "2210"],
    ["Birch Street, Millbrook", "2210", house, "2210 Birch Street, Millbrook"],
    ["20 2 10 Birch Street", "2210", house, "2210 Birch Street"],
    ["20210 Birch Street", "2210", house, "2210 Birch Street"],
    ["2210 Birch Street", "2210", house, "2210 Birch Street"],
    ["2210 Jenny See Street", "Genesee Street", street, "2210 Genesee Street"],
    ["the blue house", "Genesee Street", street, "Genesee Street"],
  ])("“%s” and %s", (text, value, beside, wanted) => {
    expect(offered(text, beside, value)).toBe(wanted);
  });
});

describe("words for doubts, tones and channels", () => {
  test("a doubtful line says why; a reason that this console does not know is said in general", () => {
    expect(doubtWords(["noise", "loop", "noise"])).toBe("may be noise, repeats itself");
    expect(doubtWords([])).toBe("hard to hear");
    expect(doubtWords(["martian"])).toBe("hard to hear");
  });

  test.each([
    [tone(), "TTY tones heard (caller)"],
    [tone({ tone: "dtmf", digits: "911#" }), "Keys heard: 9 1 1 # (caller)"],
    [tone({ tone: "dtmf", digits: "5", side: "call_taker" }), "Key heard: 5 (call-taker)"],
    [tone({ tone: "chirp" }), "Tone heard: chirp (caller)"],
  ])("%#: %o", (heard, wanted) => {
    expect(toneWords(heard)).toBe(wanted);
  });

  test.each<[ChannelView, string | null, string]>([
    [channel(300), null, ""],
    [channel(1_499), null, ""],
    [channel(4_200), "words 4 s behind", "words are late"],
    [channel(12_000, "catching_up"), "words 12 s behind, catching up", "words are late, catching up"],
    [channel(700, "no_partials"), "drafts of words paused: too much load", "drafts of words paused: too much load"],
    [channel(700, "partials_shed"), "fewer drafts of words: much load", "fewer drafts of words: much load"],
  ])("%#: %o", (told, trouble, news) => {
    expect(channelTrouble(told)).toBe(trouble);
    expect(channelNews(told)).toBe(news);
  });

  test("the details name the engine and the lag", () => {
    expect(channelWords(channel(420))).toBe("tiny listens, words 0.4 s behind");
    expect(channelWords({ ...channel(0), lag_ms: null })).toBe("tiny listens");
    expect(channelWords(channel(12_345, "catching_up"))).toBe("tiny listens, words 12 s behind, catching up");
  });
});

describe("tones and channels in the fold", () => {
  const leg: LegView = { leg_id: "leg_1", side: "caller", started_at: START, start_ms: 0, codec: "pcmu", rate: 8000, state: "recording", duration_ms: null };
  const opened = fromDetail(detailAfter([], "c", 0));
  const heard = (position: number, body: ToneView) => fact(position, "c", { kind: "speech.tone.heard.v1", body });

  test("a tone told again from its beginning replaces what was told; the latest TTY is found", () => {
    const state = [heard(1, tone({ tone: "dtmf", digits: "51" })), heard(2, tone({ start_ms: 9_000 })), heard(3, tone({ tone: "dtmf", digits: "512" }))].reduce(reduce, { ...EMPTY, position: 0, open: opened });
    expect(state.open?.tones.map((one) => one.digits ?? one.tone)).toEqual(["512", "tty"]);
    expect(state.open && latestTty(state.open)?.start_ms).toBe(9_000);
  });

  test("a channel stays until its leg is sealed or the line drops", () => {
    const told = reduce({ ...EMPTY, position: 0 }, { type: "signal", kind: "speech.channel.changed.v1", call_id: "c", body: { channel: channel(4_000) } });
    expect(told.channels["leg_1"]?.lag_ms).toBe(4_000);
    expect(reduce(told, { type: "disconnected" }).channels).toEqual({});
    const sealed = fact(1, "c", { kind: "media.leg.sealed.v1", body: { leg_id: "leg_1", side: "caller", sha256: "", duration_ms: 1, bytes: 1 } });
    expect(reduce(told, sealed).channels).toEqual({});
  });

  test("a side that has not been told of is followed by the engine that heard it last", () => {
    const open = { ...opened, call: call("c", { legs: [leg] }), utterances: [utterance("u", "c", 0, { engine: "bigger" })] };
    expect(channelsOf(open, {})).toMatchObject([{ engine: "bigger", lag_ms: null }]);
    expect(channelsOf(open, { leg_1: channel(4_000) })).toEqual([channel(4_000)]);
  });
});
