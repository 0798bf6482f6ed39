import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { EMPTY, reduce, type ConsoleState, type Fact } from "../src/index";
import {
  call,
  DANA,
  detailAfter,
  draft,
  fact,
  snapshotAfter,
  straight,
  utterance,
} from "./build";

const OPEN = "call_a";

/** Any log that a server could write: two calls, positions without gaps, every kind of fact. */
const logs = fc
  .array(fc.tuple(fc.constantFrom("call_a", "call_b"), fc.integer({ min: 0, max: 8 }), fc.nat(5)), {
    minLength: 1,
    maxLength: 30,
  })
  .map((steps) => [
    fact(1, "call_a", { kind: "calls.call.started.v1", body: { call: call("call_a") } }),
    fact(2, "call_b", { kind: "calls.call.started.v1", body: { call: call("call_b") } }),
    ...steps.map(([id, choice, n], index) => step(index + 3, id, choice, n)),
  ]);

function step(position: number, id: string, choice: number, n: number): Fact {
  const tag = `${id}_${String(n)}`;
  switch (choice) {
    case 0:
      return fact(position, id, {
        kind: "calls.call.changed.v1",
        body: { call: call(id, { assigned_to: { ...DANA, name: tag } }) },
      });
    case 1:
      return fact(position, id, {
        kind: "calls.event.noted.v1",
        body: { type: "dtmf", at_ms: position, data: { digit: n } },
      });
    case 2:
      return fact(position, id, {
        kind: "calls.note.written.v1",
        body: { note: { note_id: tag, call_id: id, text: tag, version: position, by: DANA, at: "" } },
      });
    case 3:
      return fact(position, id, {
        kind: "media.gap.found.v1",
        body: { leg_id: tag, side: "caller", from_ms: n, to_ms: n + 1, reason: "lost" },
      });
    case 4:
      return fact(position, id, {
        kind: "speech.utterance.finalised.v1",
        body: { utterance: utterance(tag, id, n * 1000, { revision: position }) },
      });
    case 5:
      return fact(position, id, {
        kind: "incidents.draft.revised.v1",
        body: {
          draft: draft(id, position, [{ name: "type", text: tag, value: tag, state: "proposed" }]),
          changed: ["type"],
          because: "heard",
        },
      });
    case 6:
      return fact(position, id, {
        kind: "incidents.incident.confirmed.v1",
        body: {
          confirmation: {
            confirmation_id: `conf_${String(position)}`,
            call_id: id,
            incident_id: tag,
            sequence: position,
            draft_version: n,
            by: DANA,
            at: "",
            digest: "",
            fields: {},
          },
        },
      });
    case 7:
      return fact(position, id, {
        kind: "cad.delivery.changed.v1",
        body: {
          delivery: {
            delivery_id: tag,
            call_id: id,
            confirmation_id: tag,
            sequence: n,
            state: "queued",
            attempts: position,
            next_attempt_at: null,
            last_error: null,
            acknowledged_at: null,
            cad_incident_id: null,
          },
        },
      });
    default:
      return fact(position, id, {
        kind: "calls.call.ended.v1",
        body: { call: call(id, { state: "ended", ended_at: "2026-03-04T03:01:00.000Z" }) },
      });
  }
}

describe("the fold", () => {
  test("sends every fact again and gives the same state", () => {
    fc.assert(
      fc.property(logs, fc.infiniteStream(fc.nat(3)), (log, repeats) => {
        const doubled = log.flatMap((f, index) => {
          const back = repeats.next().value ?? 0;
          return [f, ...log.slice(Math.max(0, index - back), index + 1)];
        });
        const start = straight([], OPEN);
        expect([...doubled].reduce(reduce, start)).toEqual([...log].reduce(reduce, start));
      }),
    );
  });

  test("reconnects at any point with a resync and gives the same state", () => {
    fc.assert(
      fc.property(logs, fc.nat(), fc.nat(), (log, a, b) => {
        const cut = a % (log.length + 1);
        const newer = Math.min(log.length, cut + (b % 4));
        const actions = [
          ...log.slice(0, cut),
          { type: "disconnected" } as const,
          { type: "snapshot", snapshot: snapshotAfter(log, newer), offset_ms: 0 } as const,
          { type: "opening", call_id: OPEN } as const,
          { type: "detail", detail: detailAfter(log, OPEN, newer) } as const,
          ...log.slice(Math.max(0, newer - 2)),
        ];
        expect(noOpenPosition(actions.reduce(reduce, straight([], OPEN)))).toEqual(
          noOpenPosition(straight(log, OPEN)),
        );
      }),
    );
  });

  test("opens a call at any point, with the detail older or newer than the feed", () => {
    fc.assert(
      fc.property(logs, fc.nat(), fc.nat(4), fc.nat(4), (log, a, ahead, late) => {
        const asked = a % (log.length + 1);
        const answered = Math.min(log.length, asked + late);
        const position = Math.min(log.length, asked + ahead);
        const actions = [
          { type: "snapshot", snapshot: snapshotAfter(log, 0), offset_ms: 0 } as const,
          ...log.slice(0, asked),
          { type: "opening", call_id: OPEN } as const,
          ...log.slice(asked, answered),
          { type: "detail", detail: detailAfter(log, OPEN, position) } as const,
          ...log.slice(answered),
        ];
        expect(noOpenPosition(actions.reduce(reduce, EMPTY))).toEqual(
          noOpenPosition(straight(log, OPEN)),
        );
      }),
    );
  });

  test("keeps nothing but the row of a call that is not open", () => {
    fc.assert(
      fc.property(logs, (log) => {
        const state = straight(log, OPEN);
        expect(JSON.stringify({ ...state, open: null })).not.toContain("words call");
      }),
    );
  });
});

/** The detail may carry a position of another call's fact; nothing shown depends on it. */
function noOpenPosition(state: ConsoleState): unknown {
  return { ...state, open: state.open && { ...state.open, position: 0 } };
}

describe("text in progress", () => {
  const partial = (id: string, revision: number, start = 0) =>
    ({
      type: "signal",
      kind: "speech.utterance.partial.v1",
      call_id: OPEN,
      body: { utterance: utterance(id, OPEN, start, { revision, text: `rev ${String(revision)}` }) },
    }) as const;
  const final = (position: number, id: string, start = 0) =>
    fact(position, OPEN, {
      kind: "speech.utterance.finalised.v1",
      body: { utterance: utterance(id, OPEN, start, { revision: 9 }) },
    });

  test("never goes back to an older revision", () => {
    const state = [partial("u1", 3), partial("u1", 2)].reduce(reduce, straight([], OPEN));
    expect(state.open?.partials["u1"]?.text).toBe("rev 3");
  });

  test("gives way to its final, and does not come back after it", () => {
    const state = [partial("u1", 1), final(1, "u1"), partial("u1", 2)].reduce(reduce, straight([], OPEN));
    expect(state.open?.partials).toEqual({});
    expect(state.open?.utterances.map((u) => u.utterance_id)).toEqual(["u1"]);
  });

  test("is dropped when a later final of its leg overtakes it", () => {
    const state = [partial("lost", 1, 0), final(1, "u2", 2000)].reduce(reduce, straight([], OPEN));
    expect(state.open?.partials).toEqual({});
  });

  test("is dropped when the feed is cut and when the call ends", () => {
    const shown = reduce(straight([], OPEN), partial("u1", 1));
    expect(reduce(shown, { type: "disconnected" }).open?.partials).toEqual({});
    const ended = fact(1, OPEN, {
      kind: "calls.call.ended.v1",
      body: { call: call(OPEN, { state: "ended" }) },
    });
    expect([ended, partial("u2", 1)].reduce(reduce, shown).open?.partials).toEqual({});
  });
});

test("a kind from a newer server is counted, moves the position on and changes nothing else", () => {
  const before = straight([], OPEN);
  const after = reduce(before, { type: "skipped", kind: "alerts.alert.raised.v1", position: 1 });
  expect(after).toEqual({ ...before, position: 1, skipped: 1 });
});

test("a detail that answers an older question is ignored", () => {
  const asked = [
    { type: "opening", call_id: "call_a" } as const,
    { type: "opening", call_id: "call_b" } as const,
    { type: "detail", detail: detailAfter([], "call_a", 0) } as const,
  ].reduce(reduce, EMPTY);
  expect(asked.open).toBeNull();
  expect(asked.opening?.call_id).toBe("call_b");
});
