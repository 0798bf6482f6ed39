import { useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { flushSync } from "react-dom";

import {
  clockText,
  confidenceWords,
  decided,
  FIELD_SHORT,
  FIELD_WORDS,
  fieldText,
  offered,
  putInto,
  SIDE_WORDS,
  sourceWords,
  STATE_WORDS,
  type Alternative,
  type EditConflict,
  type Evidence,
  type FieldView,
  type QuestionView,
} from "@ringdown/core";
import { Button, Hidden, Icon, Kbd, Notice } from "@ringdown/ui";

import { useDesk, useKey, useKeyName, useOffer } from "../app/useDesk";
import { Editor, isChosen, type Choices } from "./Editor";
import s from "./incident.module.css";
import { Others, othersWords, Sure } from "./Others";
import { useField } from "./useField";
import { usePlay } from "./usePlay";

export interface RowProps {
  callId: string;
  field: FieldView;
  choices: Choices;
  mayEdit: boolean;
  mayConfirm: boolean;
  /** The call's first instant, and the server's time now. */
  startedAt: string;
  now: number;
  /** It says something else than when this person last looked. */
  changed: boolean;
  onLook: (field: FieldView) => void;
  /** What to ask while nothing is known. */
  ask: QuestionView | null;
  /** Other people's values that were refused and still stand against this one. */
  attempts: readonly EditConflict[];
  /** Half as wide: beside another field. */
  compact?: boolean;
  children?: ReactNode;
}

/** The value has the machine's sign and look; with little room the words for it go first. */
const MACHINE = " by the machine";

const short = (name: FieldView["name"]): string => FIELD_SHORT[name].charAt(0).toUpperCase() + FIELD_SHORT[name].slice(1);

/** Nothing stands there: what to ask, or that it was asked and is waited for. */
function Unknown({ field, ask, compact }: { field: FieldView; ask: QuestionView | null; compact: boolean }) {
  const text =
    field.state === "rejected" ? "Rejected; nothing stands here"
    : ask?.asked ? `Unknown. Asked at ${clockText(ask.asked.start_ms)}, no answer yet`
    : ask ? `Unknown, ask: “${ask.text}”`
    : compact ? "Unknown" : "Not heard yet";
  return <span className={s["unknown"]}>{text}</span>;
}

/** What was heard against a person's word: beside it, never over it. */
function Against({ reading, mayUse, onUse, onPlay }: { reading: Alternative; mayUse: boolean; onUse: () => void; onPlay: (evidence: Evidence) => void }) {
  const heard = reading.evidence[0];
  return (
    <div className={s["against"]}>
      <span className={s["againstText"]}>
        <span className={s["againstHead"]}><Icon name="warn" />Heard later, {confidenceWords(reading.confidence)}</span>
        <span className={s["againstValue"]} title={reading.text}>{reading.text}</span>
      </span>
      {heard && <Button kind="quiet" onPress={() => onPlay(heard)} aria-label={`Play “${reading.text}” at ${clockText(heard.start_ms)}`}><Icon name="play" /></Button>}
      {mayUse && <Button onPress={onUse} aria-label={`Use “${reading.text}”`}>Use</Button>}
    </div>
  );
}

/** One field of the draft: what stands there, who says so, and what a person can do about it. */
export function FieldRow({ callId, field, choices, mayEdit, mayConfirm, startedAt, now, changed, onLook, ask, attempts, compact = false, children }: RowProps) {
  const desk = useDesk();
  const own = useField(callId, field);
  const play = usePlay();
  const row = useRef<HTMLDivElement>(null);
  const [asked, setAsked] = useState(false);
  const [showOthers, setShowOthers] = useState(false);
  const label = FIELD_WORDS[field.name];
  const text = fieldText(field);
  const against = decided(field) && field.state !== "rejected" ? field.suggestion : null;
  const others = othersWords(field, against !== null);
  const heard = field.evidence[0] ?? null;
  const decidable = text !== null && field.state !== "rejected";
  const editing = own.draft !== null;
  const goto = useKeyName(`field.${field.name}`);
  const source = sourceWords(field, { started_at: startedAt }, now);

  const focusValue = () => row.current?.querySelector<HTMLElement>("[data-value]")?.focus();
  // After saving, the button that opened the editor is there again; the person's focus goes back to it.
  const leave = () => requestAnimationFrame(focusValue);
  useKey(`field.${field.name}`, focusValue);

  const edit = () => {
    if (!mayEdit) return;
    setAsked(true);
    own.edit();
    if (isChosen(field.name)) own.type(field.value ?? "");
  };
  // Put there to be read, changed and saved by the person; text that is being typed only grows.
  useOffer(callId, field.name, ({ value, beside }) => {
    setAsked(true);
    const typed = own.draft?.trimEnd() ?? null;
    if (typed === null) own.type(offered(text ?? "", beside, value));
    else own.type(putInto(typed, beside, value) ?? `${typed} ${value}`.trim());
    requestAnimationFrame(() => row.current?.querySelector<HTMLElement>("[data-editing] input")?.focus());
  });
  const confirm = () => mayConfirm && decidable && own.confirm();
  const reject = () => mayEdit && decidable && own.reject();
  const use = (value: string) => {
    void own.save(value).then((saved) => {
      if (!saved) return;
      setShowOthers(false);
      focusValue();
    });
  };
  const byKey = () => {
    if (!others && !against) return;
    const open = !showOthers;
    // The person asked for the list by key and chooses from it by key: the next one may follow at once.
    flushSync(() => setShowOthers(open));
    if (open) row.current?.querySelector<HTMLElement>("ul button[aria-label^=Use]")?.focus();
    else focusValue();
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const action = desk.keyboard.actionOf(event.nativeEvent);
    const acts: Partial<Record<string, () => unknown>> = {
      "field.edit": edit,
      "field.confirm": confirm,
      "field.reject": reject,
      "field.evidence": () => heard && play(heard),
      "field.others": byKey,
    };
    const act = action === null ? undefined : acts[action];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };

  const unsure = decidable && field.state === "proposed";
  const state = field.state === "confirmed" && field.by ? `Confirmed by ${field.by.name}` : STATE_WORDS[field.state];
  const decide = !editing && (
    <span className={s["decide"]}>
      {decidable && mayConfirm && field.state !== "confirmed" && (
        <Button onPress={confirm} aria-label={`Confirm ${label.toLowerCase()}`}><Icon name="ok" />{compact ? null : "Confirm"}</Button>
      )}
      {decidable && mayEdit && (
        <Button kind="quiet" onPress={reject} aria-label={`Reject ${label.toLowerCase()}`}><Icon name="rejected" /></Button>
      )}
    </span>
  );
  const proof = heard && (
    <Button kind="quiet" onPress={() => play(heard)} aria-label={`Play ${clockText(heard.start_ms)} “${heard.quote}”, ${SIDE_WORDS[heard.side]}`}>
      <Icon name="play" />
      <span className={s["quote"]}>{clockText(heard.start_ms)}{compact ? null : ` “${heard.quote}”`}</span>
    </Button>
  );
  const toggle = others && (
    <button type="button" className={s["toggle"]} data-later={others.later ? true : undefined} aria-expanded={showOthers} onClick={() => setShowOthers(!showOthers)}>
      {others.text}
    </button>
  );
  return (
    // The row listens for keys that bubble up from its own buttons; it is no control itself.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <div
      className={s["field"]}
      ref={row}
      role="group"
      aria-label={label}
      data-row={field.name}
      data-compact={compact ? true : undefined}
      data-state={field.state}
      data-origin={field.origin ?? "none"}
      onKeyDown={onKeyDown}
      onFocus={() => changed && onLook(field)}
    >
      <div className={s["fieldHead"]}>
        <span className={s["label"]}><span className={s["long"]}>{compact ? short(field.name) : label}</span><span className={s["short"]} aria-hidden="true">{short(field.name)}</span> <Kbd keys={goto} /></span>
        {changed && <span className={s["new"]}>New<Hidden> since you last looked</Hidden></span>}
        <span className={s["state"]}>
          <Icon name={field.state} />
          {compact && field.state !== "confirmed" ? <Hidden>{state}</Hidden> : <span className={s["stateText"]}>{state}</span>}
          {unsure && <Sure confidence={field.confidence} />}
        </span>
      </div>
      {editing ? (
        <Editor field={field} desk={own} choices={choices} focusNow={asked} onLeave={leave} />
      ) : (
        <div className={s["valueRow"]} data-against={against ? true : undefined}>
          <button type="button" className={s["value"]} data-value disabled={!mayEdit} onClick={edit}>
            {field.origin === "heard" && <><Icon name="machine" /> <Hidden>Heard: </Hidden></>}
            {text ?? <Unknown field={field} ask={ask} compact={compact} />}
            <Hidden>, {[state, unsure ? confidenceWords(field.confidence) : null].filter(Boolean).join(", ")}. Edit</Hidden>
          </button>
          {against ? (
            <Against reading={against} mayUse={mayEdit} onUse={() => use(against.value)} onPlay={play} />
          ) : (
            decide
          )}
        </div>
      )}
      <div className={s["proof"]}>
        {proof}
        {source !== null && !compact && <span className={s["source"]} data-origin={field.origin ?? "none"} title={source}>{!heard && <Icon name={field.origin === "heard" ? "machine" : "person"} />}{source.replace(MACHINE, "")}{source.endsWith(MACHINE) && <span className={s["machine"]}>{MACHINE}</span>}</span>}
        {toggle}
        {against && decide}
      </div>
      {children}
      {showOthers && (others ?? against) && <Others field={field} mayUse={mayEdit} onPlay={play} onUse={use} />}
      {attempts.map((one) => (
        <div key={`${one.by.user_id} ${one.attempted_value ?? ""}`} className={s["pair"]} role="note">
          <span><span className={s["quiet"]}>Stands{field.by ? `, by ${field.by.name}` : ""}</span>{text ?? "nothing"}</span>
          <span><span className={s["quiet"]}>{one.by.name} typed, not saved</span>{one.attempted_value}</span>
        </div>
      ))}
      {own.clash && (
        <Notice
          tone="warn"
          urgent
          actions={
            <>
              <Button onPress={() => own.settle(true)}>Keep mine</Button>
              <Button onPress={() => own.settle(false)}>Take theirs</Button>
            </>
          }
        >
          <span className={s["pair"]}>
            <span><strong>{own.clash.current.by?.name ?? "Somebody"}</strong> wrote “{fieldText(own.clash.current) ?? "nothing"}”. </span>
            <span>You typed “{own.clash.typed}”.</span>
          </span>
        </Notice>
      )}
      {editing && !own.clash && field.by && field.version > 0 && field.text !== null && field.text !== own.draft && field.origin === "typed" && (
        <p className={s["meanwhile"]}>Stands now: “{field.text}” by {field.by.name}</p>
      )}
      {own.trouble !== null && <Notice tone="warn" urgent>{own.trouble}</Notice>}
    </div>
  );
}
