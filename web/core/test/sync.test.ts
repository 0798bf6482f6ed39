import { readFileSync } from "node:fs";

import { expect, test } from "vitest";

import {
  decode,
  EMPTY,
  fromDetail,
  reduce,
  type Action,
  type CallDetail,
  type FeedMessage,
  type Snapshot,
} from "../src/index";

/**
 * The sync law on what a real server told: folding its whole log gives what its snapshots say.
 * `tests/e2e/test_sync_law.py` writes the file and runs this; without it there is nothing to judge.
 */
const path = process.env["RINGDOWN_TOLD"];

interface Told {
  frames: string[];
  snapshot: Snapshot;
  detail: CallDetail;
}

/** Before the log begins nothing has happened; the call is opened at once. */
function beginning({ snapshot, detail }: Told): Action[] {
  const nothing: CallDetail = {
    ...detail,
    ...{ position: 0, events: [], notes: [], utterances: [], draft: null },
    ...{ confirmations: [], deliveries: [] },
  };
  return [
    { type: "snapshot", snapshot: { ...snapshot, position: 0, calls: [], drafts: {} }, offset_ms: 0 },
    { type: "opening", call_id: detail.call.call_id },
    { type: "detail", detail: nothing },
  ];
}

test.skipIf(path === undefined)("the log of a real server folds to what its snapshots show", () => {
  const told = JSON.parse(readFileSync(path ?? "", "utf8")) as Told;
  const messages: (FeedMessage | Action)[] = [
    ...beginning(told),
    ...told.frames.map(decode).filter((message) => message !== null),
  ];
  const state = messages.reduce(reduce, EMPTY);

  expect(state.open).toEqual({ ...fromDetail(told.detail), position: expect.any(Number), gaps: expect.any(Array) });
  for (const call of told.snapshot.calls) expect(state.calls[call.call_id]).toEqual(call);
  for (const [id, summary] of Object.entries(told.snapshot.drafts)) expect(state.summaries[id]).toEqual(summary);
  expect(state.position).toBe(told.snapshot.position);
  expect(state.skipped).toBe(0);
});
