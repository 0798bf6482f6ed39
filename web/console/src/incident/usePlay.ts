import type { Evidence } from "@ringdown/core";

import { useDesk } from "../app/useDesk";

const HEAD_START_MS = 200;
const TAIL_MS = 300;

/** Plays the second in which something was heard, and marks its words in the transcript. */
export function usePlay(): (evidence: Evidence) => void {
  const desk = useDesk();
  return (evidence) => {
    desk.marked.set({ ...evidence });
    void desk.player.play(evidence.start_ms - HEAD_START_MS, evidence.end_ms + TAIL_MS);
  };
}
