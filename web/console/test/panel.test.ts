import { createElement, type ReactElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, test } from "vitest";

import { Cell, DEFAULT_KEYS, whole, type CueView, type DraftView, type Evidence, type FieldView, type PlaceView } from "@ringdown/core";

import type { Desk } from "../src/app/Desk";
import { DeskContext } from "../src/app/useDesk";
import { Ask } from "../src/incident/Ask";
import { Cues } from "../src/incident/Cues";
import { FieldRow, type RowProps } from "../src/incident/FieldRow";
import { Others } from "../src/incident/Others";
import { Places } from "../src/incident/Places";
import { draft, field, START } from "../../core/test/build";

const desk = {
  prefs: new Cell({ keys: DEFAULT_KEYS, keysOn: true }),
  keyboard: { on: () => () => undefined, actionOf: () => null },
  offer: new Cell(null),
  typed: { get: () => "", set: () => undefined },
  may: () => true,
} as unknown as Desk;

/** What a page says, without its marks; what stands in it first stands first. */
const html = (element: ReactElement): string => renderToStaticMarkup(createElement(DeskContext, { value: desk }, element));
const words = (element: ReactElement): string =>
  html(element).replaceAll(/<svg.*?<\/svg>/g, "").replaceAll(/<[^>]+>/g, " ").replaceAll("&#x27;", "'").replaceAll(/\s+/g, " ").trim();

const heard: Evidence = { utterance_id: "u", side: "caller", word_from: 0, word_to: 1, start_ms: 8000, end_ms: 9000, quote: "forty two ten" };
const proposed: Partial<FieldView> = { state: "proposed", value: "4210 Oak", text: "4210 Oak", confidence: 0.7, evidence: [heard], origin: "heard" };
const row = (over: Partial<FieldView>, more: Partial<RowProps> = {}): ReactElement =>
  createElement(FieldRow, {
    callId: "c", field: field("location", over), choices: null, mayEdit: true, mayConfirm: true, startedAt: START,
    now: Date.parse(START) + 130_000, changed: false, onLook: () => undefined, ask: null, attempts: [], ...more,
  });

describe("a field", () => {
  test("says its value, how sure in words and by a mark, whose word it is, how old, and its second", () => {
    const page = words(row(proposed));
    for (const part of ["4210 Oak", "Unconfirmed", "fairly sure", "heard 2 min ago by the machine", "0:08", "“forty two ten”", "Confirm"]) expect(page).toContain(part);
    expect(html(row(proposed))).toContain('data-level="2"');
  });

  test("unknown says what to ask, or that it was asked", () => {
    expect(words(row({}, { ask: { topic: "location", text: "Where exactly is it?", asked: null } }))).toContain("Unknown, ask: “Where exactly is it?”");
    expect(words(row({}, { ask: { topic: "location", text: "Where?", asked: heard } }))).toContain("Asked at 0:08, no answer yet");
  });

  test("that a person typed stays, and what was heard against it stands beside", () => {
    const page = words(row({ state: "edited", value: "88 Elm", text: "88 Elm", origin: "typed", by: { user_id: "u", name: "Dana" }, at: START, suggestion: { value: "4210 Oak", text: "4210 Oak", confidence: 0.9, evidence: [heard] } }));
    expect(page.indexOf("88 Elm")).toBeLessThan(page.indexOf("4210 Oak"));
    expect(page).toContain("Heard later, heard clearly");
    expect(page).toContain("Typed by Dana 2 min ago");
  });

  test("says that it is new, and what somebody else typed for it", () => {
    expect(words(row(proposed, { changed: true }))).toContain("New since you last looked");
    const attempts = [{ field: "location" as const, attempted_value: "9 Sam Street", by: { user_id: "s", name: "Sam" }, current_version: 1 }];
    expect(words(row(proposed, { attempts }))).toContain("Sam typed, not saved 9 Sam Street");
  });

  test("nobody may decide about who only reads", () => {
    const page = html(row(proposed, { mayEdit: false, mayConfirm: false }));
    expect(page).not.toContain("Confirm location");
    expect(page).not.toContain("Reject location");
  });

  test("two plausible places of the map are two to choose from", () => {
    const matches = [0.92, 0.9].map((score, n) => ({ text: `4210 ${n ? "Oak Court" : "Oak Street"}`, score, lat: 1, lon: 2, kind: "address" as const }));
    expect(words(row({ ...proposed, matches }))).toContain("2 on the map fit");
    const list = words(createElement(Others, { field: field("location", { ...proposed, matches }), mayUse: true, onUse: () => undefined, onPlay: () => undefined }));
    expect(list).toContain("4210 Oak Street on the map, address, 92 % alike Use");
    expect(list).toContain("4210 Oak Court");
  });
});

const cue = (over: Partial<CueView> = {}): CueView => ({
  cue_id: "not_breathing", kind: "not_breathing", text: "Not breathing, or not as usual", state: "open", confidence: 0.9,
  evidence: [heard], reason: "said so", raised: 1, by: null, at: null, ...over,
});
const cues = (...list: CueView[]): ReactElement => createElement(Cues, { callId: "c", draft: { ...draft("c", 1), cues: list } });

describe("signs of danger", () => {
  test("say the sign, its words, its second, and how to put it aside", () => {
    const page = words(cues(cue()));
    for (const part of ["Not breathing, or not as usual", "“forty two ten”", "0:08", "Dismiss"]) expect(page).toContain(part);
  });

  test("that came back say so; those put aside are named where none is open", () => {
    expect(words(cues(cue({ raised: 2 })))).toContain("heard again, new words");
    expect(words(cues(cue({ state: "dismissed" })))).toContain("since you dismissed: Not breathing");
    expect(words(cues())).toContain("No sign of danger to life heard so far.");
  });
});

describe("places and questions", () => {
  const network: PlaceView = { source: "network", text: "12 Elm Street", lat: 1, lon: 2, uncertainty_m: 50, confidence_percent: 90, method: null, at: START, evidence: [], match: null };
  const shown = (over: Partial<DraftView>): string => words(createElement(Places, { draft: { ...draft("c", 1), ...over }, now: Date.parse(START) + 130_000 }));

  test("one line says where the sources stand; a disagreement comes first and in words", () => {
    expect(shown({})).toContain("No place from network or device.");
    expect(shown({ places: [network] })).toContain("Network within 50 m (90 %), 2 min ago");
    const disagreements = [{ one: "spoken" as const, other: "network" as const, reason: "street", distance_m: 900 }];
    expect(shown({ places: [network], disagreements })).toContain("Spoken and network disagree: different streets, 900 m apart.");
  });

  test("a draft with nothing in it asks nothing and is no error", () => {
    const empty = whole({ call_id: "c", incident_id: "i", version: 0, fields: {}, confirmations: 0, sent_version: null });
    expect(words(createElement(Ask, { draft: empty }))).toContain("Nothing to ask that is not known.");
  });
});
