import { createContext, useContext, useEffect, useLayoutEffect, useRef, useState, type RefObject } from "react";

import { sentence } from "@ringdown/api";
import type { PhoneApi, TextDraft } from "@ringdown/api/phone";
import type { OpenCall } from "@ringdown/core";

import { useDesk } from "../app/useDesk";

/** What every part of the panel shares: the call, its requests, and the way to the text box. */
export interface PhoneDesk {
  open: OpenCall;
  api: PhoneApi;
  /** Puts these words into the text box, to be sent by the person; `asks` is the ready question they are. */
  compose: (text: string, asks?: Asks) => void;
}

export type Asks = Extract<TextDraft, { question: string }>;

export const PhoneContext = createContext<PhoneDesk | null>(null);

export function usePhone(): PhoneDesk {
  const phone = useContext(PhoneContext);
  if (!phone) throw new Error("There is no panel of the caller's phone around this.");
  return phone;
}

/** Who is signed in. */
export const useMe = (): string => useDesk().signedIn.get()?.view.user.user_id ?? "";

interface Answer<T> {
  /** What it was asked for: an older answer stays until the new one is there. */
  key: string | null;
  got: T | null;
  trouble: string | null;
}

/** What the server says, asked for whenever `key` is another one, and not while it is `null`. */
export function useAnswer<T>(key: string | null, ask: () => Promise<T>): Answer<T> {
  const [answer, setAnswer] = useState<Answer<T>>({ key: null, got: null, trouble: null });
  const latest = useRef(ask);
  useEffect(() => {
    latest.current = ask;
  });
  useEffect(() => {
    if (key === null) return undefined;
    let current = true;
    latest.current().then(
      (got) => { if (current) setAnswer({ key, got, trouble: null }); },
      (error: unknown) => { if (current) setAnswer(({ got }) => ({ key, got, trouble: sentence(error) })); },
    );
    return () => { current = false; };
  }, [key]);
  return answer;
}

/** What had the focus here may go with what it did: then the focus goes to `home`, not to nowhere. */
export function useHeldFocus(box: RefObject<HTMLElement | null>, home: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const here = box.current;
    if (!here) return undefined;
    let within = here.contains(document.activeElement);
    const look = (event: Event): void => {
      within = event.target instanceof Node && here.contains(event.target);
    };
    const changed = new MutationObserver(() => {
      if (within && document.activeElement === document.body) home.current?.focus({ preventScroll: true });
    });
    changed.observe(here, { childList: true, subtree: true });
    document.addEventListener("focusin", look);
    document.addEventListener("pointerdown", look);
    return () => {
      changed.disconnect();
      document.removeEventListener("focusin", look);
      document.removeEventListener("pointerdown", look);
    };
  }, [box, home]);
}

/** The button that shows (`data-look`) gives way to the one that closes, and back: the focus goes along. */
export function useLookFocus(box: RefObject<HTMLElement | null>, shown: boolean): void {
  const was = useRef(shown);
  useLayoutEffect(() => {
    if (was.current !== shown && document.activeElement === document.body) box.current?.querySelector<HTMLElement>("[data-look]")?.focus();
    was.current = shown;
  }, [box, shown]);
}

/** While something is shown, Escape closes it at once, wherever the focus is. */
export function useEscape(active: boolean, close: () => void): void {
  const latest = useRef(close);
  useEffect(() => {
    latest.current = close;
  });
  useEffect(() => {
    if (!active) return undefined;
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      event.stopPropagation();
      latest.current();
    };
    // Nobody sees a page that is hidden: it is blurred when they come back.
    const onHidden = (): void => {
      if (document.hidden) latest.current();
    };
    window.addEventListener("keydown", onKey, true);
    document.addEventListener("visibilitychange", onHidden);
    return () => {
      window.removeEventListener("keydown", onKey, true);
      document.removeEventListener("visibilitychange", onHidden);
    };
  }, [active]);
}
