import { useEffect } from "react";

import { changedSinceLooked, lookedAt, lookedAtField, type DraftView, type FieldName, type FieldView } from "@ringdown/core";
import { useWatched } from "@ringdown/ui";

import { useDesk } from "../app/useDesk";

export interface LookedDesk {
  changed: readonly FieldName[];
  look: (field: FieldView) => void;
  lookAtAll: () => void;
}

/** What is new since this person last looked at the call; opening a call for the first time looks. */
export function useLooked(callId: string, draft: DraftView | null): LookedDesk {
  const desk = useDesk();
  const mine = useWatched(desk.looked)[callId];
  const userId = useWatched(desk.signedIn)?.view.user.user_id ?? null;
  const put = (looked: ReturnType<typeof lookedAt>) => desk.looked.set({ ...desk.looked.get(), [callId]: looked });
  useEffect(() => {
    if (draft && !(callId in desk.looked.get())) desk.looked.set({ ...desk.looked.get(), [callId]: lookedAt(draft) });
  }, [desk, callId, draft]);
  return {
    changed: mine && draft ? changedSinceLooked(mine, draft, userId) : [],
    look(field) {
      const before = desk.looked.get()[callId];
      if (before) put(lookedAtField(before, field));
    },
    lookAtAll: () => draft && put(lookedAt(draft)),
  };
}
