import { useEffect, useMemo, useRef, useState } from "react";

import { phoneEndpoints, type PhoneApi } from "@ringdown/api/phone";
import { timeOfDay, type ConsoleState, type TextBackView } from "@ringdown/core";
import { Badge, Button, Icon, TextField, useNow } from "@ringdown/ui";

import { useAct, useDesk, useLive } from "../app/useDesk";
import { phone as grouped } from "../calls/words";
import { ByHand } from "./ByHand";
import s from "./phone.module.css";
import { useAnswer, useHeldFocus, useLookFocus } from "./usePhone";
import { textBackWords } from "./phoneWords";

const pickQueue = (state: ConsoleState) => state.text_backs;
const pickOffset = (state: ConsoleState) => state.offset_ms;
type Doing = "nothing" | "texting" | "closing" | "reading";

/** The approved wording, shown before a person lets it go; without a carrier, to be sent by hand after. */
function Wording({ one, api, onDone }: { one: TextBackView; api: PhoneApi; onDone: () => void }) {
  const act = useAct();
  const desk = useDesk();
  const box = useRef<HTMLDivElement>(null);
  const { got: wording } = useAnswer(one.call_id, () => api.textBackWording(one.call_id));
  const [byHand, setByHand] = useState<string | null>(null);
  useEffect(() => box.current?.focus(), [byHand]);
  const send = () =>
    void act(async () => {
      const { state, text } = await api.textBack(one.call_id);
      if (state === "manual") {
        setByHand(text);
        return;
      }
      desk.say("The approved text is on its way.");
      onDone();
    });
  return (
    <div className={s["stack"]} ref={box} tabIndex={-1}>
      {byHand !== null ? <ByHand text={byHand} /> : <div className={s["sms"]} role="group" aria-label="The approved text">{wording?.text ?? "…"}</div>}
      <div className={s["row"]}>
        {byHand === null && <Button kind="primary" isDisabled={wording === null} onPress={send}><Icon name="send" />Send it</Button>}
        <Button kind="quiet" onPress={onDone}>{byHand === null ? "Not now" : "Done"}</Button>
      </div>
    </div>
  );
}

/** Texts that belong to no call: read and answered here, because there is no call to open. */
function Stray({ one, api }: { one: TextBackView; api: PhoneApi }) {
  const act = useAct();
  const [text, setText] = useState("");
  const [sent, setSent] = useState(0);
  const { call_id: id, answered_at: answered, texted_at: texted } = one;
  // Read again when something was written or came.
  const { got: messages } = useAnswer([id, answered, texted, sent].join(), () => api.thread(id));
  const send = () =>
    void act(() => api.sendText(id, { text: text.trim() }), "The text is on its way.").then((done) => {
      if (!done) return;
      setText("");
      setSent(sent + 1);
    });
  return (
    <div className={s["stack"]}>
      <div className={s["thread"]} role="log" aria-label={`Texts with ${grouped(one.number)}`}>
        {messages?.map((each) => <div key={each.message_id} className={s["message"]} data-way={each.direction}><span dir="auto">{each.text}</span><small>{timeOfDay(each.at)}</small></div>)}
      </div>
      <form className={s["stack"]} onSubmit={(event) => { event.preventDefault(); if (text.trim() !== "") send(); }}>
        <TextField label="Answer by SMS" value={text} onChange={setText} />
        <div className={s["row"]}><Button type="submit" isDisabled={text.trim() === ""}>Send the text</Button></div>
      </form>
    </div>
  );
}

function Close({ one, api, onDone }: { one: TextBackView; api: PhoneApi; onDone: () => void }) {
  const act = useAct();
  const [reason, setReason] = useState("");
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  const close = () => void act(() => api.closeTextBack(one.call_id, reason.trim()), "It has left the queue.");
  return (
    <form className={s["stack"]} aria-label={`Close ${grouped(one.number)}`} onSubmit={(event) => { event.preventDefault(); if (reason.trim() !== "") close(); }}>
      <TextField label="Why nothing more is to be done" value={reason} onChange={setReason} inputRef={field} required />
      <div className={s["row"]}>
        <Button kind="danger" type="submit" isDisabled={reason.trim() === ""}>Close it</Button>
        <Button kind="quiet" onPress={onDone}>Keep it</Button>
      </div>
    </form>
  );
}

function Waiting({ one, api, now }: { one: TextBackView; api: PhoneApi; now: number }) {
  const desk = useDesk();
  const [doing, setDoing] = useState<Doing>("nothing");
  const answered = one.state === "answered";
  const due = now >= Date.parse(one.due_at);
  const number = grouped(one.number);
  const may = desk.may("texting:send");
  const done = (): void => setDoing("nothing");
  const row = useRef<HTMLLIElement>(null);
  useLookFocus(row, doing === "nothing");
  const again = one.texted_at === null ? "Text back" : "Text again";
  return (
    <li className={s["queued"]} ref={row}>
      <Button kind="quiet" data-look {...(one.unmatched ? { "aria-expanded": doing === "reading" } : {})} onPress={() => (one.unmatched ? setDoing(doing === "reading" ? "nothing" : "reading") : desk.openCall(one.call_id))}>
        <strong>{number}</strong>
        {one.unmatched ? <span>Text without a call</span> : one.silent && <span>Nobody spoke</span>}
        <Badge tone={answered ? "accent" : due ? "down" : "quiet"} icon={answered ? "warn" : "clock"}>{textBackWords(one, now)}</Badge>
      </Button>
      {doing === "reading" && <Stray one={one} api={api} />}
      {doing === "texting" && <Wording one={one} api={api} onDone={done} />}
      {doing === "closing" && <Close one={one} api={api} onDone={done} />}
      {may && (doing === "nothing" || doing === "reading") && (
        <div className={s["row"]}>
          {one.number !== null && !one.unmatched && <Button onPress={() => setDoing("texting")} aria-label={`${again} ${number}`}><Icon name="send" />{again}…</Button>}
          <Button kind="quiet" onPress={() => setDoing("closing")} aria-label={`Close ${number} with a reason`}>Close…</Button>
        </div>
      )}
    </li>
  );
}

/** Ids end in the time when they were made: nothing moves while somebody works on it. */
const began = ({ call_id }: TextBackView): string => call_id.slice(-26);

function Queue({ queue, now }: { queue: readonly TextBackView[]; now: number }) {
  const desk = useDesk();
  const api = useMemo(() => phoneEndpoints(desk.client), [desk]);
  const box = useRef<HTMLElement>(null);
  const head = useRef<HTMLHeadingElement>(null);
  useHeldFocus(box, head);
  return (
    <section className={s["queue"]} aria-label="To text back" ref={box}>
      <h3 tabIndex={-1} ref={head}>To text back ({queue.length})</h3>
      <ul className={s["list"]}>{queue.toSorted((a, b) => (began(a) < began(b) ? -1 : 1)).map((one) => <Waiting key={one.call_id} one={one} api={api} now={now} />)}</ul>
    </section>
  );
}

/** Calls that ended before anybody answered: each stays until a person closes it with a reason. */
export default function TextBacks() {
  const queue = useLive(pickQueue);
  const offset = useLive(pickOffset);
  const now = useNow(1000) + offset;
  return queue.length === 0 ? null : <Queue queue={queue} now={now} />;
}
