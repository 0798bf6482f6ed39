import { useEffect, useState } from "react";

import { sentence } from "@ringdown/api";
import type { ConsoleState, OpenCall } from "@ringdown/core";
import { Button, Kbd, Notice } from "@ringdown/ui";

import { Narrative } from "../assist/Narrative";
import { CallHeader } from "../calls/CallHeader";
import { CallList } from "../calls/CallList";
import { Draft } from "../incident/Draft";
import { Notes } from "../notes/Notes";
import { PhonePanel } from "../phone";
import { Timeline } from "../timeline/Timeline";
import { Transcript } from "../transcript/Transcript";
import s from "./app.module.css";
import { useDesk, useKeyName, useLive } from "./useDesk";

const pickOpen = (state: ConsoleState) => state.open;

/** Nothing is open: says what to do next, and shows nothing else. */
function NothingOpen() {
  const keys = { next: useKeyName("call.next"), help: useKeyName("help") };
  return (
    <div className={s["nothing"]}>
      <h1>No call is open</h1>
      <p>Choose a call on the left.</p>
      <p className={s["quiet"]}>
        <Kbd keys={keys.next} /> goes to the next call, <Kbd keys="Enter" /> opens it, <Kbd keys={keys.help} /> lists all keys.
      </p>
    </div>
  );
}

/** One call, and the caller's phone beside it while somebody wants it; another call begins without. */
function Pane({ open }: { open: OpenCall }) {
  const desk = useDesk();
  const [phone, setPhone] = useState(false);
  return (
    <div className={s["call"]}>
      <CallHeader open={open} phone={phone} onPhone={() => setPhone(!phone)} />
      <div className={s["middle"]} data-phone={phone || undefined}>
        <div className={s["words"]}>
          <Transcript open={open} />
          <Notes open={open} />
          <Narrative open={open} />
        </div>
        <div className={s["side"]}>
          {phone && <PhonePanel open={open} onClose={() => setPhone(false)} />}
          {desk.may("incidents:read") && <Draft open={open} />}
        </div>
      </div>
      <Timeline open={open} />
    </div>
  );
}

/** One pane: calls, the words, the draft, notes and the recording. */
export function Workspace({ callId }: { callId: string | null }) {
  const desk = useDesk();
  const open = useLive(pickOpen);
  const [trouble, setTrouble] = useState<{ callId: string; text: string } | null>(null);
  const [tries, setTries] = useState(0);

  useEffect(() => {
    desk.marked.set(null);
    if (callId === null) {
      desk.feed.closeCall();
      desk.player.turnTo(null);
      return;
    }
    desk.feed.open(callId).then(
      () => setTrouble(null),
      (error: unknown) => setTrouble({ callId, text: sentence(error) }),
    );
  }, [desk, callId, tries]);

  const shown = open?.call_id === callId ? open : null;
  return (
    <main className={s["work"]}>
      <CallList />
      {shown ? (
        <Pane key={shown.call_id} open={shown} />
      ) : trouble !== null && trouble.callId === callId ? (
        <div className={s["nothing"]}>
          <Notice tone="down" urgent actions={<Button onPress={() => setTries((n) => n + 1)}>Try again</Button>}>{trouble.text}</Notice>
        </div>
      ) : callId === null ? (
        <NothingOpen />
      ) : (
        <div className={s["nothing"]}><p>Opening the call…</p></div>
      )}
    </main>
  );
}
