import { useEffect, useState } from "react";

import { useWatched } from "@ringdown/ui";

import { useDesk } from "../app/useDesk";

/** Where the playhead is; looked at this often while something plays, and once after each change. */
export function usePlayhead(everyMs: number): number {
  const { player } = useDesk();
  const state = useWatched(player.state);
  const [ms, setMs] = useState(() => player.positionMs());
  useEffect(() => {
    const look = () => setMs(player.positionMs());
    const first = setTimeout(look, 0);
    const timer = state.status === "paused" ? undefined : setInterval(look, everyMs);
    return () => {
      clearTimeout(first);
      clearInterval(timer);
    };
  }, [player, state, everyMs]);
  return ms;
}
