import type {
  CallDetail,
  CallView,
  DraftView,
  Fact,
  FieldName,
  FieldView,
  Snapshot,
  UtteranceView,
} from "../src/index";
import { EMPTY, FIELD_NAMES, foldOpen, fromDetail, reduce, summarise } from "../src/index";

export const START = "2026-03-04T03:00:00.000Z";
export const DANA = { user_id: "user_1", name: "Dana Reyes" };

export const call = (id: string, over: Partial<CallView> = {}): CallView => ({
  call_id: id,
  external_id: `x-${id}`,
  source: "test",
  direction: "inbound",
  state: "active",
  started_at: START,
  answered_at: null,
  ended_at: null,
  end_reason: null,
  ani: "+15095550100",
  ali: null,
  demo: false,
  assigned_to: null,
  attention: null,
  legs: [],
  ...over,
});

export const field = (name: FieldName, over: Partial<FieldView> = {}): FieldView => ({
  name,
  value: null,
  text: null,
  confidence: null,
  state: "unknown",
  version: 1,
  evidence: [],
  reason: null,
  alternatives: [],
  suggestion: null,
  by: null,
  at: null,
  origin: null,
  ...over,
});

export const draft = (id: string, version: number, fields: Partial<FieldView>[] = []): DraftView => {
  const given = new Map(fields.map((over) => [over.name, over]));
  return {
    call_id: id,
    incident_id: `inc_${id}`,
    version,
    fields: Object.fromEntries(
      FIELD_NAMES.map((name) => [name, field(name, given.get(name) ?? {})]),
    ) as DraftView["fields"],
    confirmations: 0,
    sent_version: null,
    cues: [],
    questions: [],
    places: [],
    disagreements: [],
  };
};

export const utterance = (
  id: string,
  callId: string,
  startMs: number,
  over: Partial<UtteranceView> = {},
): UtteranceView => ({
  utterance_id: id,
  call_id: callId,
  leg_id: "leg_1",
  side: "caller",
  start_ms: startMs,
  end_ms: startMs + 900,
  text: `words ${id}`,
  revision: 1,
  engine: "test",
  doubtful: false,
  words: [],
  doubts: [],
  numbers: [],
  suggestions: [],
  ...over,
});

type Loose = { [K in Fact["kind"]]: { kind: K; body: Extract<Fact, { kind: K }>["body"] } }[Fact["kind"]];

export const fact = (position: number, callId: string, loose: Loose): Fact =>
  ({
    type: "fact",
    position,
    event_id: `evt_${String(position)}`,
    at: START,
    call_id: callId,
    ...loose,
  });

/** A server in miniature: what its snapshot and its call detail would say after a log of facts. */
export function snapshotAfter(log: readonly Fact[], position: number): Snapshot {
  const past = log.filter((f) => f.position <= position);
  const calls = new Map<string, CallView>();
  const drafts: Snapshot["drafts"] = {};
  for (const f of past) {
    if ("call" in f.body) calls.set(f.body.call.call_id, f.body.call);
    if (f.kind === "incidents.draft.revised.v1") drafts[f.body.draft.call_id] = summarise(f.body.draft);
  }
  const typed = past.flatMap((f) => (f.kind === "speech.tone.heard.v1" && f.body.tone === "tty" && f.call_id !== null ? [f.call_id] : []));
  return {
    position,
    now: START,
    centre: { centre_id: "centre_1", name: "Test" },
    calls: [...calls.values()],
    lamps: [],
    drafts,
    tty: [...new Set(typed)].sort(),
  };
}

export function detailAfter(log: readonly Fact[], callId: string, position: number): CallDetail {
  const empty: CallDetail = {
    position: 0,
    call: call(callId),
    events: [],
    notes: [],
    utterances: [],
    draft: null,
    confirmations: [],
    deliveries: [],
    gaps: [],
    tones: [],
  };
  const past = log.filter((f) => f.call_id === callId && f.position <= position);
  const { partials: _, conflicts: __, ...open } = past.reduce(foldOpen, fromDetail(empty));
  return { ...structuredClone(open), position } as unknown as CallDetail;
}

/** The straight road: snapshot at nought, the call opened at once, every fact once and in order. */
export function straight(log: readonly Fact[], callId: string) {
  const start = [
    { type: "snapshot", snapshot: snapshotAfter(log, 0), offset_ms: 0 },
    { type: "opening", call_id: callId },
    { type: "detail", detail: detailAfter(log, callId, 0) },
  ] as const;
  return [...start, ...log].reduce(reduce, EMPTY);
}
