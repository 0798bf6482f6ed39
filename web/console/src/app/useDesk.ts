import { createContext, useContext, useEffect, useRef } from "react";

import { sentence } from "@ringdown/api";
import type { ConsoleState, FieldName, KeyAction } from "@ringdown/core";
import { useSelected } from "@ringdown/ui";

import type { Desk, Offer } from "./Desk";

/** The desk never changes, so a context carries it; live data goes through the store alone. */
export const DeskContext = createContext<Desk | null>(null);

export function useDesk(): Desk {
  const desk = useContext(DeskContext);
  if (!desk) throw new Error("There is no desk around this part of the page.");
  return desk;
}

/** A part of the live state. */
export function useLive<T>(select: (state: ConsoleState) => T): T {
  return useSelected(useDesk().store, select);
}

/** Does something by key while this part of the page is shown. */
export function useKey(action: KeyAction, handler: () => void): void {
  const { keyboard } = useDesk();
  const latest = useRef(handler);
  useEffect(() => {
    latest.current = handler;
  });
  useEffect(() => keyboard.on(action, () => latest.current()), [keyboard, action]);
}

/** Takes what a person puts into this field of this call from elsewhere on the page. */
export function useOffer(callId: string, field: FieldName, take: (offer: Offer) => void): void {
  const { offer } = useDesk();
  const latest = useRef(take);
  useEffect(() => {
    latest.current = take;
  });
  useEffect(
    () =>
      offer.subscribe(() => {
        const made = offer.get();
        if (made?.callId !== callId || made.field !== field) return;
        offer.set(null);
        latest.current(made);
      }),
    [offer, callId, field],
  );
}

/** Runs a request for the person; a failure is said in words and gives `false`. */
export function useAct(): (work: () => Promise<unknown>, done?: string) => Promise<boolean> {
  const desk = useDesk();
  return async (work, done) => {
    try {
      await work();
      if (done !== undefined) desk.say(done);
      return true;
    } catch (error) {
      desk.say(sentence(error), "down");
      return false;
    }
  };
}

/** The key that an action has now, to be shown beside its button; empty while keys are off. */
export function useKeyName(action: KeyAction): string {
  const prefs = useSelected(useDesk().prefs, (p) => p);
  return prefs.keysOn ? prefs.keys[action] : "";
}
