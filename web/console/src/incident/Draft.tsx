import { useEffect, useRef, useState, type ReactNode } from "react";

import { sentence } from "@ringdown/api";
import {
  askFor,
  attempts,
  FIELD_SHORT,
  MORE_FIELDS,
  moreShown,
  Sight,
  standsThere,
  type ConsoleState,
  type DraftView,
  type FieldName,
  type OpenCall,
} from "@ringdown/core";
import { Kbd, useNow } from "@ringdown/ui";

import { useDesk, useKey, useKeyName, useLive } from "../app/useDesk";
import { Ask } from "./Ask";
import { Cues } from "./Cues";
import type { Choices } from "./Editor";
import { FieldRow } from "./FieldRow";
import s from "./incident.module.css";
import { Places } from "./Places";
import { SendBar } from "./SendBar";
import { useLooked } from "./useLooked";
import { useStill } from "./useStill";
import { Worthy } from "./Worthy";

const pickOffset = (state: ConsoleState) => state.offset_ms;
/** Often enough for "2 min ago", seldom enough to be still. */
const AGE_EVERY_MS = 10_000;

/** The keys that act on the field in focus, said once for all. */
function FieldKeys() {
  const keys = [
    ["edit", useKeyName("field.edit")],
    ["confirm", useKeyName("field.confirm")],
    ["reject", useKeyName("field.reject")],
    ["play", useKeyName("field.evidence")],
    ["others", useKeyName("field.others")],
  ] as const;
  return (
    <span className={s["keys"]} aria-hidden="true">
      {keys.map(([word, key]) => key && <span key={word}><Kbd keys={key} /> {word}</span>)}
    </span>
  );
}

/** The fields, what matters first; of the others those of which something is known. */
function Fields({ open, draft, choices, sight }: { open: OpenCall; draft: DraftView; choices: Choices; sight: Sight }) {
  const desk = useDesk();
  const list = useStill();
  const offset = useLive(pickOffset);
  const now = useNow(AGE_EVERY_MS) + offset;
  const looked = useLooked(open.call_id, draft);
  const [came, setCame] = useState<readonly FieldName[]>([]);
  const keys = { more: useKeyName("draft.more"), looked: useKeyName("draft.looked") };
  const userId = desk.signedIn.get()?.view.user.user_id ?? null;

  useEffect(() => sight.see(draft, Date.now()), [sight, draft]);
  const more = moreShown(came, draft);
  if (more !== came) setCame(more);
  const rest = MORE_FIELDS.filter((name) => !more.includes(name));
  useKey("draft.looked", () => {
    looked.lookAtAll();
    desk.say("Marks of what is new are cleared.");
  });
  const empty = more.some((name) => !standsThere(draft.fields[name]));
  const openAll = () => setCame(rest.length > 0 ? [...more, ...rest] : more.filter((name) => standsThere(draft.fields[name])));
  useKey("draft.more", openAll);

  const row = (name: FieldName, extra: { compact?: boolean; children?: ReactNode } = {}) => (
    <FieldRow
      key={name}
      callId={open.call_id}
      field={draft.fields[name]}
      choices={choices}
      mayEdit={desk.may("incidents:edit")}
      mayConfirm={desk.may("incidents:confirm")}
      startedAt={open.call.started_at}
      now={now}
      changed={looked.changed.includes(name)}
      onLook={looked.look}
      ask={askFor(draft, name)}
      attempts={attempts(open.conflicts, draft.fields[name], userId)}
      {...extra}
    />
  );
  return (
    <div className={s["scroll"]} ref={list}>
      {row("type")}
      <div className={s["two"]}>{row("category", { compact: true })}{row("emergency", { compact: true })}</div>
      {row("location", { children: <Places draft={draft} now={now} /> })}
      {row("severity")}
      {row("victims")}
      {row("callback_number")}
      <p className={s["rest"]}>
        <span>{rest.length === 0 ? "All fields are shown." : `Nothing heard of: ${rest.map((name) => FIELD_SHORT[name]).join(", ")}.`}</span>
        {(rest.length > 0 || empty) && (
          <button type="button" className={s["toggle"]} aria-expanded={rest.length === 0} onClick={openAll}>{rest.length > 0 ? "Open" : "Hide the empty ones"} <Kbd keys={keys.more} /></button>
        )}
        {looked.changed.length > 0 && (
          <button type="button" className={s["toggle"]} onClick={looked.lookAtAll}>{looked.changed.length} new, seen <Kbd keys={keys.looked} /></button>
        )}
      </p>
      {more.map((name) => row(name))}
    </div>
  );
}

/** The incident as it is understood so far, beside the words it was understood from. */
export function Draft({ open }: { open: OpenCall }) {
  const desk = useDesk();
  const [choices, setChoices] = useState<Choices>(null);
  const [sight] = useState(() => new Sight());
  useEffect(() => {
    desk.api.incidentTypes().then(setChoices, (error: unknown) => desk.say(sentence(error), "warn"));
  }, [desk]);
  const { draft } = open;
  const userId = desk.signedIn.get()?.view.user.user_id ?? null;
  const [listed, setListed] = useState(false);
  const before = useRef<HTMLElement | null>(null);
  const worthyKey = useKeyName("draft.worthy");
  const mayList = draft !== null && desk.may("incidents:confirm");
  // The same key lists, and then confirms what is listed; Escape goes back to where one was.
  const list = () => {
    if (!mayList) return;
    before.current = document.activeElement instanceof HTMLElement ? document.activeElement : null;
    setListed(true);
  };
  const close = () => {
    setListed(false);
    before.current?.focus();
  };
  useKey("draft.worthy", list);
  return (
    <section className={s["panel"]} aria-labelledby="draft-title">
      <div className={s["head"]}>
        <h2 id="draft-title">Draft</h2>
        <FieldKeys />
        {mayList && (
          <button type="button" className={s["toggle"]} aria-expanded={listed} onClick={list}>Confirm what is clear… <Kbd keys={worthyKey} /></button>
        )}
      </div>
      {draft ? (
        <>
          <div className={s["strip"]}>
            <Cues callId={open.call_id} draft={draft} />
            <Ask draft={draft} />
          </div>
          <Fields open={open} draft={draft} choices={choices} sight={sight} />
          {listed && (
            <Worthy callId={open.call_id} draft={draft} sight={sight} contested={(name) => attempts(open.conflicts, draft.fields[name], userId).length > 0} onClose={close} />
          )}
          <SendBar open={open} draft={draft} />
        </>
      ) : (
        <p className={s["empty"]}>No draft yet.</p>
      )}
    </section>
  );
}
