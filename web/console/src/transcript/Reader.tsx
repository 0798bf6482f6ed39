import { useEffect, useRef, useState } from "react";

import { ANNOUNCE_EVERY_MS, Announcer, type OpenCall } from "@ringdown/core";
import { useWatched } from "@ringdown/ui";

import { useDesk, useKey } from "../app/useDesk";

/** Reads final words of the caller to a screen reader, politely and slowly; off by one key. */
export function Reader({ open }: { open: OpenCall }) {
  const desk = useDesk();
  const { announce } = useWatched(desk.prefs);
  const [text, setText] = useState("");
  const announcer = useRef<Announcer | null>(null);
  const latest = useRef(open);

  useEffect(() => {
    latest.current = open;
    if (!announcer.current) {
      announcer.current = new Announcer();
      announcer.current.prime(open.utterances);
    }
    if (announce) announcer.current.hear(open.utterances);
    else announcer.current.prime(open.utterances);
  }, [open, announce]);

  useEffect(() => {
    if (!announce) return;
    const timer = setInterval(() => {
      const next = announcer.current?.next(Date.now()) ?? null;
      if (next !== null) setText(next);
    }, ANNOUNCE_EVERY_MS / 4);
    return () => clearInterval(timer);
  }, [announce]);

  useKey("announce", () => {
    const prefs = desk.prefs.get();
    desk.prefs.set({ ...prefs, announce: !prefs.announce });
    desk.say(prefs.announce ? "The transcript is no longer read aloud." : "The caller’s words are read aloud.");
  });

  return <div className="hidden-visually" aria-live="polite">{announce ? text : ""}</div>;
}
