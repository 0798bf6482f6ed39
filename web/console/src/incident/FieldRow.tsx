import { useRef, useState, type KeyboardEvent } from "react";

import {
  clockText,
  confidenceWords,
  FIELD_WORDS,
  fieldText,
  offered,
  putInto,
  SIDE_WORDS,
  STATE_WORDS,
  type Alternative,
  type Evidence,
  type FieldView,
} from "@ringdown/core";
import { Button, Hidden, Icon, Kbd, Notice } from "@ringdown/ui";

import { useDesk, useKey, useKeyName, useOffer } from "../app/useDesk";
import { Editor, type Choices } from "./Editor";
import s from "./incident.module.css";
import { useField } from "./useField";

const HEAD_START_MS = 200;
const TAIL_MS = 300;

/** Who says so: a machine's reading and a person's word never look alike. */
function Source({ field }: { field: FieldView }) {
  if (field.state === "unknown") return null;
  const human = field.origin === "typed" || field.origin === null;
  const who = field.by?.name;
  return (
    <span className={s["source"]} data-origin={field.origin ?? "none"}>
      <Icon name={human ? "person" : "machine"} />
      {human ? `${field.state === "rejected" ? "Rejected" : "Typed"}${who ? ` by ${who}` : ""}` : "Heard by the machine"}
    </span>
  );
}

function Others({ field, onUse, onPlay }: { field: FieldView; onUse: (other: Alternative) => void; onPlay: (evidence: Evidence) => void }) {
  const others = [
    ...(field.suggestion ? [{ ...field.suggestion, later: true }] : []),
    ...field.alternatives.map((other) => ({ ...other, later: false })),
  ];
  return (
    <ul className={s["others"]} aria-label={`Also heard for ${FIELD_WORDS[field.name].toLowerCase()}`}>
      {others.map((other) => {
        const heard = other.evidence[0];
        return (
          <li key={`${other.value} ${String(other.later)}`} className={s["other"]}>
            <span className={s["otherText"]}>
              <Icon name="machine" /> {other.text}
              <span className={s["quiet"]}> {[other.later ? "heard later" : null, confidenceWords(other.confidence)].filter(Boolean).join(", ")}</span>
            </span>
            {heard && <Button kind="quiet" aria-label={`Play “${other.text}” at ${clockText(heard.start_ms)}`} onPress={() => onPlay(heard)}><Icon name="play" />{clockText(heard.start_ms)}</Button>}
            <Button aria-label={`Use “${other.text}”`} onPress={() => onUse(other)}>Use</Button>
          </li>
        );
      })}
    </ul>
  );
}

/** One field of the draft: what stands there, who says so, and what a person can do about it. */
export function FieldRow({ callId, field, choices, mayEdit, mayConfirm }: { callId: string; field: FieldView; choices: Choices; mayEdit: boolean; mayConfirm: boolean }) {
  const desk = useDesk();
  const own = useField(callId, field);
  const row = useRef<HTMLDivElement>(null);
  const [asked, setAsked] = useState(false);
  const [showOthers, setShowOthers] = useState(false);
  const label = FIELD_WORDS[field.name];
  const text = fieldText(field);
  const others = field.alternatives.length + (field.suggestion ? 1 : 0);
  const heard = field.evidence[0] ?? null;
  const decidable = text !== null && field.state !== "rejected";
  const editing = own.draft !== null;
  const goto = useKeyName(`field.${field.name}`);

  const focusValue = () => row.current?.querySelector<HTMLElement>("[data-value]")?.focus();
  // After saving, the button that opened the editor is there again; the person's focus goes back to it.
  const leave = () => requestAnimationFrame(focusValue);
  useKey(`field.${field.name}`, focusValue);

  const edit = () => {
    if (!mayEdit) return;
    setAsked(true);
    own.edit();
    if (field.name === "type" || field.name === "severity") own.type(field.value ?? "");
  };
  // Put there to be read, changed and saved by the person; text that is being typed only grows.
  useOffer(callId, field.name, ({ value, beside }) => {
    setAsked(true);
    const typed = own.draft?.trimEnd() ?? null;
    if (typed === null) own.type(offered(text ?? "", beside, value));
    else own.type(putInto(typed, beside, value) ?? `${typed} ${value}`.trim());
    requestAnimationFrame(() => row.current?.querySelector<HTMLElement>("[data-editing] input")?.focus());
  });
  const play = (evidence: Evidence) => {
    desk.marked.set({ ...evidence });
    void desk.player.play(evidence.start_ms - HEAD_START_MS, evidence.end_ms + TAIL_MS);
  };
  const confirm = () => mayConfirm && decidable && own.confirm();
  const reject = () => mayEdit && decidable && own.reject();

  const onKeyDown = (event: KeyboardEvent) => {
    const action = desk.keyboard.actionOf(event.nativeEvent);
    const acts: Partial<Record<string, () => unknown>> = {
      "field.edit": edit,
      "field.confirm": confirm,
      "field.reject": reject,
      "field.evidence": () => heard && play(heard),
      "field.others": () => others > 0 && setShowOthers((shown) => !shown),
    };
    const act = action === null ? undefined : acts[action];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };

  const state = [
    field.state === "confirmed" && field.by ? `Confirmed by ${field.by.name}` : STATE_WORDS[field.state],
    decidable && field.state === "proposed" ? confidenceWords(field.confidence) : null,
  ];
  return (
    // The row listens for keys that bubble up from its own buttons; it is no control itself.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <div className={s["field"]} ref={row} role="group" aria-label={label} data-state={field.state} data-origin={field.origin ?? "none"} onKeyDown={onKeyDown}>
      <div className={s["fieldHead"]}>
        <span className={s["label"]}>{label} <Kbd keys={goto} /></span>
        <span className={s["state"]}><Icon name={field.state} />{state.filter(Boolean).join(" · ")}</span>
      </div>
      {editing ? (
        <Editor field={field} desk={own} choices={choices} focusNow={asked} onLeave={leave} />
      ) : (
        <div className={s["valueRow"]}>
          <button type="button" className={s["value"]} data-value disabled={!mayEdit} onClick={edit}>
            {field.origin === "heard" && <><Icon name="machine" /> <Hidden>Heard: </Hidden></>}
            {text ?? <span className={s["unknown"]}>{field.state === "rejected" ? "Rejected; nothing stands here" : "Not heard yet"}</span>}
            <Hidden>, {state.filter(Boolean).join(", ")}. Edit</Hidden>
          </button>
        </div>
      )}
      <div className={s["proof"]}>
        {heard ? (
          <Button kind="quiet" onPress={() => play(heard)} aria-label={`Play ${clockText(heard.start_ms)} “${heard.quote}”, ${SIDE_WORDS[heard.side]}`}>
            <Icon name="play" />
            <span className={s["quote"]}>{clockText(heard.start_ms)} “{heard.quote}”</span>
          </Button>
        ) : (
          <Source field={field} />
        )}
        {others > 0 && (
          <button type="button" className={s["toggle"]} data-later={field.suggestion ? true : undefined} aria-expanded={showOthers} onClick={() => setShowOthers(!showOthers)}>
            {field.suggestion ? `Heard later: ${field.suggestion.text}` : `${others} other${others === 1 ? "" : "s"}`}
          </button>
        )}
        {!editing && (
          <span className={s["decide"]}>
            {decidable && mayConfirm && field.state !== "confirmed" && (
              <Button onPress={confirm} aria-label={`Confirm ${label.toLowerCase()}`}><Icon name="ok" />Confirm</Button>
            )}
            {decidable && mayEdit && (
              <Button kind="quiet" onPress={reject} aria-label={`Reject ${label.toLowerCase()}`}><Icon name="rejected" />Reject</Button>
            )}
          </span>
        )}
      </div>
      {showOthers && others > 0 && (
        <Others
          field={field}
          onPlay={play}
          onUse={(other) => {
            void own.save(other.value).then((saved) => {
              if (!saved) return;
              setShowOthers(false);
              focusValue();
            });
          }}
        />
      )}
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
          <strong>{own.clash.current.by?.name ?? "Somebody"}</strong> wrote “{fieldText(own.clash.current) ?? "nothing"}”. You typed “{own.clash.typed}”.
        </Notice>
      )}
      {editing && !own.clash && field.by && field.version > 0 && field.text !== null && field.text !== own.draft && field.origin === "typed" && (
        <p className={s["meanwhile"]}>Stands now: “{field.text}” by {field.by.name}</p>
      )}
      {own.trouble !== null && <Notice tone="warn" urgent>{own.trouble}</Notice>}
    </div>
  );
}
