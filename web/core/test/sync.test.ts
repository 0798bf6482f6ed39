import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { describe, expect, test } from "vitest";

import {
  decode,
  EMPTY,
  reduce,
  type CallDetail,
  type ConsoleState,
  type Fact,
  type Snapshot,
} from "../src/index";

/**
 * The sync law on the server's own logs: what the console had, folded with the facts of an action,
 * is what a fresh snapshot says. `tools/export_sync_logs.py` writes them, one for each action.
 */
interface Log {
  name: string;
  before: { snapshot: Snapshot; detail: CallDetail | null };
  facts: unknown[];
  after: { snapshot: Snapshot; detail: CallDetail | null };
}

const folder = fileURLToPath(new URL("fixtures/sync/", import.meta.url));
const logs = readdirSync(folder)
  .filter((name) => name.endsWith(".json"))
  .map((name) => JSON.parse(readFileSync(folder + name, "utf8")) as Log);

/** Facts as they come from the feed: decoded from its frames. */
const decoded = (log: Log): Fact[] =>
  log.facts.map((fact) => {
    const message = decode(JSON.stringify(fact));
    if (message?.type !== "fact") throw new Error(`the console does not know ${JSON.stringify(fact)}`);
    return message;
  });

function opened({ snapshot, detail }: Log["before"], meanwhile: readonly Fact[] = []): ConsoleState {
  const state = reduce(EMPTY, { type: "snapshot", snapshot, offset_ms: 0 });
  if (detail === null) return meanwhile.reduce(reduce, state);
  const asked = reduce(state, { type: "opening", call_id: detail.call.call_id });
  return reduce(meanwhile.reduce(reduce, asked), { type: "detail", detail });
}

/** The call list as a fresh snapshot has it. Calls that are over may stay on screen for a while. */
function list({ calls, summaries, tty }: ConsoleState) {
  const shown = Object.values(calls).filter((call) => call.state !== "ended" || call.attention !== null);
  const ids = shown.map((call) => call.call_id);
  return {
    calls: Object.fromEntries(shown.map((call) => [call.call_id, call])),
    drafts: Object.fromEntries(Object.entries(summaries).filter(([id]) => ids.includes(id))),
    tty: tty.filter((id) => ids.includes(id)),
  };
}

/** The open call as a fresh detail has it; partial words and refused edits are of the moment. */
function call({ open }: ConsoleState) {
  if (open === null) return null;
  const { partials: _partials, conflicts: _conflicts, position: _position, gaps, ...rest } = open;
  const place = (gap: (typeof gaps)[number]) => `${gap.leg_id} ${String(gap.from_ms).padStart(9, "0")}`;
  return { ...rest, gaps: gaps.toSorted((a, b) => place(a).localeCompare(place(b))) };
}

describe.each(logs)("$name", (log) => {
  const facts = decoded(log);
  const fresh = opened(log.after);

  test("folds to the fresh snapshot, also when every fact comes twice", () => {
    const folded = facts.reduce(reduce, opened(log.before));
    expect(folded.position).toBe(log.after.snapshot.position);
    expect(list(folded)).toEqual(list(fresh));
    expect(list(folded).calls).toEqual(Object.fromEntries(log.after.snapshot.calls.map((c) => [c.call_id, c])));
    expect(folded.skipped).toBe(0);
    const again = facts.flatMap((fact) => [fact, fact]).reduce(reduce, opened(log.before));
    expect(again).toEqual(folded);
    if (log.before.detail !== null) expect(call(folded)).toEqual(call(fresh));
  });

  test("folds to the same when the call is being opened meanwhile", () => {
    if (log.before.detail === null) return;
    for (let at = 0; at <= facts.length; at += 1) {
      const early = opened(log.before, facts.slice(0, at));
      const folded = facts.slice(at).reduce(reduce, early);
      expect(call(folded)).toEqual(call(fresh));
      expect(list(folded)).toEqual(list(fresh));
    }
  });
});

test.each(logs)("$name: a detail that knows the facts already is not changed by them", (log) => {
  if (log.after.detail === null || log.before.detail === null) return;
  const late = { snapshot: log.before.snapshot, detail: log.after.detail };
  expect(call(opened(late, decoded(log)))).toEqual(call(opened(log.after)));
});

test("there is a log for every action of the law table", () => {
  expect(logs.length).toBeGreaterThan(40);
});
