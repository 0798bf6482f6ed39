import fc from "fast-check";
import { describe, expect, test } from "vitest";

import {
  attempts,
  bySource,
  changedSinceLooked,
  CueCrier,
  disagreementWords,
  distanceWords,
  evidenceAge,
  exactWords,
  FIELD_NAMES,
  foldOpen,
  fromDetail,
  lookedAt,
  lookedAtField,
  MAIN_FIELDS,
  MORE_FIELDS,
  moreShown,
  openCues,
  rivals,
  Sight,
  sourceWords,
  sureness,
  toAsk,
  whole,
  worthy,
  WORTHY_FROM,
  type CueView,
  type DraftView,
  type Evidence,
  type FieldName,
  type FieldView,
  type PlaceView,
  type SentDraft,
} from "../src/index";
import { call, DANA, detailAfter, draft, fact, field, START } from "./build";

const SAM = { user_id: "user_2", name: "Sam Okafor" };
const heard: Evidence = { utterance_id: "u", side: "caller", word_from: 0, word_to: 1, start_ms: 1000, end_ms: 2000, quote: "on fire" };
const clear = (name: FieldName, over: Partial<FieldView> = {}): Partial<FieldView> => ({
  name, state: "proposed", value: "x", text: "X", confidence: 0.9, evidence: [heard], origin: "heard", ...over,
});
const reading = (value: string, confidence = 0.7) => ({ value, text: value, confidence, evidence: [heard] });
const cue = (id: string, over: Partial<CueView> = {}): CueView => ({
  cue_id: id, kind: id, text: `Sign ${id}`, state: "open", confidence: 0.8, evidence: [heard], reason: "r", raised: 1, by: null, at: null, ...over,
});
const place = (over: Partial<PlaceView>): PlaceView => ({
  source: "network", text: null, lat: null, lon: null, uncertainty_m: null, confidence_percent: null, method: null, at: null, evidence: [], match: null, ...over,
});
const calm = { seen: () => true, open: () => false };

describe("a draft as it is sent", () => {
  const { cues: _c, questions: _q, places: _p, disagreements: _d, ...bare } = draft("c", 1);
  const { type, location, victims, severity, callback_number } = bare.fields;
  const old: SentDraft = { ...bare, fields: { type, location, victims, severity, callback_number } };

  test("of five fields has all twelve, unknown, and nothing else", () => {
    const draft = whole(old);
    expect(Object.keys(draft.fields)).toEqual([...FIELD_NAMES]);
    expect(draft.fields.weapons).toEqual(field("weapons", { version: 0 }));
    expect([draft.cues, draft.questions, draft.places, draft.disagreements]).toEqual([[], [], [], []]);
  });

  test("is made whole by a call's detail and by its facts alike", () => {
    const open = fromDetail({ ...detailAfter([], "c", 0), draft: old });
    const told = foldOpen(open, fact(1, "c", { kind: "incidents.draft.revised.v1", body: { draft: old, changed: [], because: "heard" } }));
    expect(told.draft).toEqual(open.draft);
    expect(told.draft && whole(told.draft)).toEqual(told.draft);
  });

  test("every field is either always shown or shown once known", () => {
    expect([...MAIN_FIELDS, ...MORE_FIELDS].toSorted()).toEqual([...FIELD_NAMES].toSorted());
  });
});

describe("fields that are shown once known", () => {
  test("come up in their order of coming, and none ever changes its place", () => {
    fc.assert(
      fc.property(fc.array(fc.subarray([...MORE_FIELDS]), { maxLength: 8 }), (known) => {
        let shown: readonly FieldName[] = [];
        for (const names of known) {
          const next = moreShown(shown, draft("c", 1, names.map((name) => clear(name))));
          expect(next.slice(0, shown.length)).toEqual(shown);
          expect(names.every((name) => next.includes(name))).toBe(true);
          shown = next;
        }
      }),
    );
  });

  test("nothing known changes nothing, not even the list", () => {
    const shown: readonly FieldName[] = ["weapons"];
    expect(moreShown(shown, draft("c", 1))).toBe(shown);
  });
});

describe("what one act may confirm", () => {
  const reasons = (field: Partial<FieldView>, screen = calm, more: Partial<DraftView> = {}) =>
    worthy({ ...draft("c", 1, [field]), ...more }, screen).left.map(({ why }) => why);

  test("is heard, clear, with its words, unopposed and read", () => {
    const { ready, left } = worthy(draft("c", 1, [clear("type"), clear("location", { confidence: 0.6 })]), calm);
    expect(ready.map(({ name }) => name)).toEqual(["type"]);
    expect(left.map(({ field, why }) => [field.name, why])).toEqual([["location", "fairly sure"]]);
  });

  test.each([
    ["something else was heard later", clear("type", { suggestion: reading("y") })],
    ["typed: confirm it by itself", clear("type", { state: "edited", origin: "typed", evidence: [], confidence: null })],
    ["no words to go by", clear("type", { evidence: [] })],
    ["not sure", clear("type", { confidence: 0.2 })],
    ["something else is as likely", clear("type", { alternatives: [reading("y", 0.95)] })],
  ] as const)("leaves for a person: %s", (why, field) => expect(reasons(field)).toEqual([why]));

  test("leaves what changed just now, what is being edited, and a place that sources disagree about", () => {
    expect(reasons(clear("type"), { ...calm, seen: () => false })).toEqual(["changed just now"]);
    expect(reasons(clear("type"), { ...calm, open: () => true })).toEqual(["is being edited"]);
    const disagreements = [{ one: "spoken" as const, other: "network" as const, reason: "street", distance_m: 900 }];
    expect(reasons(clear("location"), calm, { disagreements })).toEqual(["sources disagree"]);
  });

  test("never takes what is below the threshold that is shown, or already decided", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom("proposed", "edited", "confirmed", "rejected", "unknown"), (confidence, state) => {
        const { ready } = worthy(draft("c", 1, [clear("type", { confidence, state })]), calm);
        expect(ready.length === 1).toBe(state === "proposed" && confidence >= WORTHY_FROM);
      }),
    );
  });

  test("a value counts as read some time after it came", () => {
    const sight = new Sight();
    sight.see(draft("c", 1, [clear("type")]), 1000);
    expect([sight.readLongEnough("type", 1200), sight.readLongEnough("type", 1700)]).toEqual([false, true]);
    sight.see(draft("c", 2, [clear("type", { value: "y" })]), 2000);
    expect(sight.readLongEnough("type", 2100)).toBe(false);
    sight.see(draft("c", 3, [clear("type", { value: "y", confidence: 0.99 })]), 2600);
    expect(sight.readLongEnough("type", 2700)).toBe(true);
  });
});

describe("what is new", () => {
  const before = draft("c", 1, [clear("type")]);
  const looked = lookedAt(before);

  test("is what says something else; a surer hearing of it does not", () => {
    const now = draft("c", 2, [clear("type", { confidence: 0.99 }), clear("location")]);
    expect(changedSinceLooked(looked, now, "user_1")).toEqual(["location"]);
    const seen = lookedAtField(looked, now.fields.location);
    expect(changedSinceLooked(seen, now, "user_1")).toEqual([]);
    expect(lookedAtField(seen, now.fields.location)).toBe(seen);
  });

  test("is what others did and what was heard against one's own word, never one's own doing", () => {
    const typed = (by: typeof DANA, over: Partial<FieldView> = {}) => draft("c", 2, [clear("type", { state: "edited", value: "z", by, ...over })]);
    expect(changedSinceLooked(looked, typed(DANA), "user_1")).toEqual([]);
    expect(changedSinceLooked(looked, typed(SAM), "user_1")).toEqual(["type"]);
    expect(changedSinceLooked(looked, typed(DANA, { suggestion: reading("q") }), "user_1")).toEqual(["type"]);
  });
});

describe("signs of danger", () => {
  const with_ = (...cues: CueView[]): DraftView => ({ ...draft("c", 1), cues });

  test("are told once, and again only when one came back", () => {
    const crier = new CueCrier();
    expect(crier.next(with_(cue("a")).cues)).toBe("Possible danger to life: Sign a. Heard: “on fire”.");
    expect(crier.next(with_(cue("a")).cues)).toBeNull();
    expect(crier.next(with_(cue("a", { state: "dismissed" })).cues)).toBeNull();
    expect(crier.next(with_(cue("a", { raised: 2 })).cues)).toContain("heard again");
    expect(crier.next(with_(cue("a", { raised: 2 }), cue("b")).cues)).toContain("Sign b");
  });

  test("wait while they are open, in the order they came", () => {
    const draft = with_(cue("a", { state: "withdrawn" }), cue("b"), cue("c", { state: "dismissed" }), cue("d"));
    expect(openCues(draft).map(({ cue_id }) => cue_id)).toEqual(["b", "d"]);
  });
});

test("what was asked and not answered is asked first", () => {
  const questions = [
    { topic: "type" as const, text: "What happened?", asked: null },
    { topic: "breathing" as const, text: "Breathing?", asked: heard },
  ];
  expect(toAsk({ ...draft("c", 1), questions }).map(({ topic }) => topic)).toEqual(["breathing", "type"]);
});

describe("places", () => {
  test("each source has its place in the row, told or not, and none is merged with another", () => {
    const places = [place({ source: "device", lat: 1, lon: 2 }), place({ source: "network", text: "12 Elm" })];
    const cells = bySource({ ...draft("c", 1), places });
    expect(cells.map(({ source, place }) => [source, place?.text ?? null])).toEqual([["spoken", null], ["network", "12 Elm"], ["device", null], ["typed", null], ["caller_link", null]]);
  });

  test.each([
    [place({}), "no point on the map"],
    [place({ lat: 1, lon: 2 }), "uncertainty unknown"],
    [place({ lat: 1, lon: 2, uncertainty_m: 50 }), "within 50 m"],
    [place({ lat: 1, lon: 2, uncertainty_m: 1500, confidence_percent: 90 }), "within 1.5 km (90 %)"],
  ])("%o is as exact as %s", (one, words) => expect(exactWords(one)).toBe(words));

  test("a disagreement is said with its reason and its distance", () => {
    const words = disagreementWords({ one: "spoken", other: "network", reason: "street", distance_m: 2100 });
    expect(words).toBe("Spoken and network disagree: different streets, 2.1 km apart.");
    expect(distanceWords(12_400)).toBe("12 km");
  });

  test("two about equally plausible ones of the map are two", () => {
    const match = (score: number) => ({ text: "t", score, lat: 0, lon: 0, kind: "address" as const });
    expect([[], [match(0.9)], [match(0.9), match(0.85), match(0.4)]].map(rivals)).toEqual([0, 1, 2]);
  });
});

describe("whose word it is and how old", () => {
  const now = Date.parse(START) + 130_000;
  test.each([
    [{ ...clear("type") }, "heard 2 min ago by the machine"],
    [{ state: "edited", origin: "typed", by: DANA, at: new Date(now - 3000).toISOString() }, "Typed by Dana Reyes just now"],
    [{ state: "rejected", by: SAM, at: new Date(now - 45_000).toISOString() }, "Rejected by Sam Okafor 40 s ago"],
    [{ state: "unknown" }, null],
  ] as const)("%o is %s", (over, words) => expect(sourceWords(field("type", { ...over }), call("c"), now)).toBe(words));

  test.each([[0, "just now"], [59_999, "50 s ago"], [60_000, "1 min ago"], [7_300_000, "2 h ago"]])("%d ms is %s", (ms, words) => expect(evidenceAge(ms)).toBe(words));

  test("a mark goes with the words", () => expect([null, 0.1, 0.6, 0.85].map(sureness)).toEqual([null, 1, 2, 3]));
});

test("another person's refused value stands beside until the field changes", () => {
  const conflict = { field: "location" as const, attempted_value: "34 Sam Street", by: SAM, current_version: 4, event_id: "e", at: START };
  const now = (version: number) => field("location", { version });
  expect(attempts([conflict, { ...conflict, event_id: "f" }], now(4), "user_1")).toHaveLength(1);
  expect(attempts([conflict], now(5), "user_1")).toEqual([]);
  expect(attempts([conflict], now(4), SAM.user_id)).toEqual([]);
});
