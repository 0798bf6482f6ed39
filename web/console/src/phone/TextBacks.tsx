import { useMemo, useState } from "react";

import { phoneEndpoints } from "@ringdown/api/phone";
import type { ConsoleState, TextBackView } from "@ringdown/core";
import { Badge, Button, Icon, TextField, useNow } from "@ringdown/ui";

import { useAct, useDesk, useLive } from "../app/useDesk";
import { phone as grouped } from "../calls/words";
import s from "./phone.module.css";
import { textBackWords } from "./phoneWords";

const pickQueue = (state: ConsoleState) => state.text_backs;
const pickOffset = (state: ConsoleState) => state.offset_ms;

function Waiting({ one, now }: { one: TextBackView; now: number }) {
  const desk = useDesk();
  const act = useAct();
  const api = useMemo(() => phoneEndpoints(desk.client), [desk]);
  const [closing, setClosing] = useState(false);
  const [reason, setReason] = useState("");
  const due = now >= Date.parse(one.due_at) && one.state !== "answered";
  const number = grouped(one.number);
  const text = () => void act(() => api.textBack(one.call_id), "The approved text is on its way.");
  const close = () => void act(() => api.closeTextBack(one.call_id, reason.trim()), "The call has left the queue.");
  return (
    <li className={s["queued"]}>
      <Button kind="quiet" onPress={() => desk.openCall(one.call_id)}>
        <strong>{number}</strong> <Badge tone={one.state === "answered" ? "ok" : due ? "down" : "quiet"} icon={one.state === "answered" ? "ok" : "clock"}>{textBackWords(one, now)}</Badge>
      </Button>
      {closing ? (
        <form className={s["stack"]} aria-label={`Close ${number}`} onSubmit={(event) => { event.preventDefault(); if (reason.trim() !== "") close(); }}>
          <TextField label="Why nothing more is to be done" value={reason} onChange={setReason} required />
          <div className={s["row"]}>
            <Button kind="danger" type="submit" isDisabled={reason.trim() === ""}>Close it</Button>
            <Button kind="quiet" onPress={() => setClosing(false)}>Keep it</Button>
          </div>
        </form>
      ) : (
        <div className={s["row"]}>
          {one.number !== null && desk.may("texting:send") && <Button onPress={text} aria-label={`Text back ${number}`}><Icon name="send" />{one.texted_at === null ? "Text back" : "Text again"}</Button>}
          {desk.may("texting:send") && <Button kind="quiet" onPress={() => setClosing(true)} aria-label={`Close ${number} with a reason`}>Close…</Button>}
        </div>
      )}
    </li>
  );
}

/** Calls that ended before anybody answered: each stays until a person closes it with a reason. */
export default function TextBacks() {
  const queue = useLive(pickQueue);
  const offset = useLive(pickOffset);
  const now = useNow(1000) + offset;
  if (queue.length === 0) return null;
  return (
    <section className={s["queue"]} aria-label="To text back">
      <h3>To text back ({queue.length})</h3>
      <ul className={s["list"]}>{queue.toSorted((a, b) => (a.due_at < b.due_at ? -1 : 1)).map((one) => <Waiting key={one.call_id} one={one} now={now} />)}</ul>
    </section>
  );
}
