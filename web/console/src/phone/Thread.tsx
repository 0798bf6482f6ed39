import { useEffect, useRef, useState, type RefObject } from "react";

import { timeOfDay, type ConsoleState } from "@ringdown/core";
import { Button, Hidden, Kbd, TextBox } from "@ringdown/ui";

import { useAct, useDesk, useKeyName, useLive } from "../app/useDesk";
import { ByHand } from "./ByHand";
import s from "./phone.module.css";
import { useAnswer, usePhone, type Asks } from "./usePhone";
import { didNotArrive, linksOf, messageWords } from "./phoneWords";

const pickQueue = (state: ConsoleState) => state.text_backs;
const LONGEST = 1_600;
const PAUSE_MS = 400;

/** What is being written, and as what it goes. */
export interface Writing {
  text: string;
  /** The ready question that it is, until a person changes its words. */
  asks: Asks | null;
}

/** Questions for a caller who cannot speak: answered by a tap or by one letter. */
function Questions() {
  const { api, open, compose } = usePhone();
  const [shown, setShown] = useState(false);
  const language = linksOf(open.phone).current[0]?.language ?? open.phone.consents.at(-1)?.language ?? "en";
  const { got: list, trouble } = useAnswer(shown ? language : null, () => api.questions(language));
  return (
    <details className={s["fold"]} onToggle={(event) => setShown(event.currentTarget.open)}>
      <summary>Caller cannot speak: ready questions</summary>
      {trouble !== null && <p className={s["small"]}>{trouble}</p>}
      {list === null && trouble === null && <p className={s["small"]}>Fetching…</p>}
      <ul className={s["choices"]} aria-label="Ready questions">
        {list?.map((one) => (
          <li key={one.question}>
            <Button onPress={() => compose(one.preview.text, { question: one.question, language })}>{one.meaning}</Button>
          </li>
        ))}
      </ul>
    </details>
  );
}

/** What a text costs, told a moment after the last key. */
function Segments({ text }: { text: string }) {
  const { api, open } = usePhone();
  const [told, setTold] = useState<{ text: string; segments: number } | null>(null);
  const bare = text.trim();
  useEffect(() => {
    if (bare === "") return undefined;
    let current = true;
    const timer = setTimeout(() => {
      api.previewText(open.call_id, { text: bare }).then(
        ({ segments }) => { if (current) setTold({ text: bare, segments }); },
        () => undefined, // Sending tells what is wrong with it.
      );
    }, PAUSE_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [api, open.call_id, bare]);
  if (bare === "") return null;
  return <span className={s["small"]}>{bare.length} characters{told?.text === bare && `, ${told.segments} SMS ${told.segments === 1 ? "segment" : "segments"}`}</span>;
}

/** Everything written to and by the caller, whichever way it travelled; it goes on when data is gone. */
export function Thread({ writing, onWriting, box }: { writing: Writing; onWriting: (writing: Writing) => void; box: RefObject<HTMLTextAreaElement | null> }) {
  const { open, api } = usePhone();
  const desk = useDesk();
  const act = useAct();
  const [busy, setBusy] = useState(false);
  const log = useRef<HTMLDivElement>(null);
  const { messages } = open.phone;
  const writeKey = useKeyName("phone.text");
  const queued = useLive(pickQueue).some((one) => one.call_id === open.call_id);
  const ended = open.call.state === "ended";
  useEffect(() => {
    if (log.current) log.current.scrollTop = log.current.scrollHeight;
  }, [messages.length]);
  if (!desk.may("texting:send") && messages.length === 0) return null;
  const send = async (): Promise<void> => {
    const text = writing.text.trim();
    if (text === "" || busy) return;
    setBusy(true);
    if (await act(() => api.sendText(open.call_id, writing.asks ?? { text }))) onWriting({ text: "", asks: null });
    setBusy(false);
    box.current?.focus();
  };
  const onPage = linksOf(open.phone).current.some((link) => link.agreed.includes("chat") && link.opened_at !== null && link.quiet_since === null);
  const byHand = messages.findLast((one) => one.direction === "out");
  return (
    <section className={s["part"]} aria-labelledby="phone-thread">
      <h3 id="phone-thread">Texts with the caller</h3>
      {messages.length > 0 && (
        // Scrolled by keyboard too, so it can be focused.
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        <div className={s["thread"]} role="log" aria-label="Texts with the caller" tabIndex={0} ref={log}>
          {messages.map((one) => (
            <div key={one.message_id} className={s["message"]} data-way={one.direction} data-bad={didNotArrive(one)}>
              <Hidden>{one.direction === "in" ? "Caller: " : `${one.by?.name ?? "Answered by itself"}: `}</Hidden>
              <span dir="auto">{one.text}</span>
              {one.meaning !== null && <strong>{one.meaning}</strong>}
              {one.attachments.length > 0 && <span className={s["small"]}>{one.attachments.length === 1 ? "with a picture, below" : `with ${one.attachments.length} files, below`}</span>}
              <small>{[timeOfDay(one.at), one.channel === "sms" ? "SMS" : "page", messageWords(one)].filter(Boolean).join(", ")}</small>
            </div>
          ))}
        </div>
      )}
      {byHand?.state === "manual" && byHand.kind !== "link" && <ByHand text={byHand.text} />}
      {desk.may("texting:send") && (
        <form className={s["stack"]} onSubmit={(event) => { event.preventDefault(); void send(); }}>
          <div data-own-enter>
            <TextBox
              label={onPage ? "Write to the caller’s page" : "Write to the caller by SMS"}
              value={writing.text}
              inputRef={box}
              onChange={(text) => onWriting({ text: text.slice(0, LONGEST), asks: null })}
              onKeyDown={(event) => {
                if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
                event.preventDefault();
                void send();
              }}
              hint={writing.asks ? "A ready question: the caller answers with one letter." : "Enter sends, Shift+Enter begins a new line."}
            />
          </div>
          <div className={s["row"]}>
            <Button type="submit" isDisabled={writing.text.trim() === "" || busy}>{busy ? "Sending…" : "Send the text"}</Button>
            <span className={s["small"]}>{writeKey !== "" && <><Kbd keys={writeKey} /> comes here</>}</span>
            <Segments text={writing.text} />
          </div>
        </form>
      )}
      {desk.may("texting:send") && <Questions />}
      {desk.may("texting:send") && ended && !queued && (
        <div className={s["row"]}>
          <Button kind="quiet" onPress={() => void act(() => api.queueTextBack(open.call_id), "The call waits to be texted back.")}>Put this call in the queue to text back</Button>
        </div>
      )}
    </section>
  );
}
