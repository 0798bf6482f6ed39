import { useRef, useState, type KeyboardEvent } from "react";

import { Problem, sentence } from "@ringdown/api";
import { clockText, timeOfDay, toneWords, type NoteView, type OpenCall } from "@ringdown/core";
import { Button, Hidden, Notice, TextBox } from "@ringdown/ui";

import { useDesk, useKey } from "../app/useDesk";
import { eventWords } from "../calls/words";
import s from "./notes.module.css";

/** Enter saves, Shift+Enter begins a new line, Escape leaves; Ctrl+Enter saves too and never sends. */
const onSaveKey = (save: () => void, leave?: () => void) => (event: KeyboardEvent) => {
  if (event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing) {
    event.preventDefault();
    save();
  } else if (event.key === "Escape" && leave) {
    event.preventDefault();
    leave();
  }
};

function Note({ note, atMs }: { note: NoteView; atMs: number }) {
  const desk = useDesk();
  const slot = `${note.call_id}.note.${note.note_id}`;
  const [text, setText] = useState<string | null>(() => desk.typed.get(slot) || null);
  const [base, setBase] = useState(note.version);
  const [trouble, setTrouble] = useState<string | null>(null);
  const [theirs, setTheirs] = useState<NoteView | null>(null);
  const mayWrite = desk.may("calls:note");
  const type = (next: string) => {
    setText(next);
    desk.typed.set(slot, next);
  };
  const leave = () => {
    setText(null);
    setTheirs(null);
    setTrouble(null);
    desk.typed.set(slot, "");
  };
  const save = async (version: number) => {
    if (text === null || text.trim() === "" || text === note.text) {
      leave();
      return;
    }
    try {
      await desk.api.changeNote(note.call_id, note.note_id, text, version);
      leave();
    } catch (error) {
      const current = error instanceof Problem && error.isConflict ? error.details["current"] : undefined;
      if (typeof current === "object" && current !== null) setTheirs(current as NoteView);
      else if (error instanceof Problem && error.isConflict) setTheirs(note);
      else setTrouble(sentence(error));
    }
  };
  return (
    <li className={s["entry"]}>
      <span className={s["when"]}>{clockText(atMs)}</span>
      <div className={s["body"]}>
        {text === null ? (
          <p>
            {note.text}{" "}
            <span className={s["quiet"]}>{note.by.name}{note.version > 1 ? `, changed ${timeOfDay(note.at)}` : ""}</span>
            {mayWrite && (
              <button type="button" className={s["change"]} onClick={() => { setText(note.text); setBase(note.version); }}>
                Change<Hidden> the note “{note.text.slice(0, 40)}”</Hidden>
              </button>
            )}
          </p>
        ) : (
          <>
            <TextBox label="Change the note" bare value={text} onChange={type} onKeyDown={onSaveKey(() => void save(base), leave)} />
            <div className={s["row"]}>
              <Button onPress={() => void save(base)}>Save</Button>
              <Button kind="quiet" onPress={leave}>Cancel</Button>
            </div>
          </>
        )}
        {theirs && (
          <Notice tone="warn" urgent actions={<><Button onPress={() => void save(theirs.version)}>Keep mine</Button><Button onPress={leave}>Take theirs</Button></>}>
            {theirs.by.name} changed this note meanwhile: “{theirs.text}”
          </Notice>
        )}
        {trouble !== null && <Notice tone="down" urgent>{trouble}</Notice>}
      </div>
    </li>
  );
}

function Event({ atMs, words, prominent }: { atMs: number; words: string; prominent: boolean }) {
  return (
    <li className={s["entry"]} data-event={prominent ? "prominent" : "quiet"}>
      <span className={s["when"]}>{clockText(atMs)}</span>
      <p className={s["body"]}>{words}</p>
    </li>
  );
}

/** The telecommunicator's own record of the call, with what happened on the line between. */
export function Notes({ open }: { open: OpenCall }) {
  const desk = useDesk();
  const slot = `${open.call_id}.note`;
  const [text, setText] = useState(() => desk.typed.get(slot));
  const [trouble, setTrouble] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const input = useRef<HTMLTextAreaElement>(null);
  const began = Date.parse(open.call.started_at);
  useKey("go.notes", () => input.current?.focus());

  const type = (next: string) => {
    setText(next);
    desk.typed.set(slot, next);
  };
  const save = async () => {
    const saved = text;
    if (saved.trim() === "" || busy) return;
    setBusy(true);
    try {
      await desk.api.writeNote(open.call_id, saved.trim());
      setTrouble(null);
      // What was typed while the note was on its way stays.
      setText((now) => {
        const rest = now.startsWith(saved) ? now.slice(saved.length) : now;
        desk.typed.set(slot, rest);
        return rest;
      });
    } catch (error) {
      setTrouble(`${sentence(error)} The note is kept here.`);
    } finally {
      setBusy(false);
    }
  };

  const onKeyDown = (event: KeyboardEvent) =>
    onSaveKey(() => void save(), () => input.current?.blur())(event);

  const entries = [
    ...open.notes.map((note) => ({ at: Math.max(0, Date.parse(note.at) - began), key: note.note_id, note, words: "", prominent: false })),
    ...open.events.map(({ at_ms, type, data }, index) => ({ at: at_ms, key: `event-${index}`, note: null, words: eventWords(type, data), prominent: false })),
    ...open.tones.map((tone) => ({ at: tone.start_ms, key: `tone-${tone.leg_id}-${tone.tone}-${tone.start_ms}`, note: null, words: toneWords(tone), prominent: tone.tone === "tty" })),
  ].sort((a, b) => a.at - b.at);

  return (
    <section className={s["panel"]} aria-labelledby="notes-title" data-own-enter>
      <div className={s["head"]}>
        <h2 id="notes-title">Notes and events</h2>
        <span className={s["quiet"]}>{text.trim() === "" ? "" : "Typed text is kept on this computer until it is saved"}</span>
      </div>
      {/* It scrolls when there is more, and who has no mouse scrolls it too. */}
      <ul className={s["entries"]} aria-labelledby="notes-title" tabIndex={entries.length > 0 ? 0 : undefined}>
        {entries.map((entry) =>
          entry.note ? <Note key={entry.key} note={entry.note} atMs={entry.at} /> : <Event key={entry.key} atMs={entry.at} words={entry.words} prominent={entry.prominent} />,
        )}
      </ul>
      {desk.may("calls:note") && (
        <div className={s["writer"]}>
          {trouble !== null && <Notice tone="down" urgent>{trouble}</Notice>}
          <div className={s["compose"]}>
            <TextBox label="New note" bare value={text} onChange={type} inputRef={input} rows={2} placeholder="New note. Enter saves, Escape leaves it for later" onKeyDown={onKeyDown} />
            <Button onPress={() => void save()}>Save note</Button>
          </div>
        </div>
      )}
    </section>
  );
}
