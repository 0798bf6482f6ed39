import { useState } from "react";

import { chord, DEFAULT_KEYS, KEY_ACTIONS, remap, type KeyAction } from "@ringdown/core";
import { Button, Dialog, Kbd, Tick, useWatched } from "@ringdown/ui";

import { useDesk, useKey } from "../app/useDesk";
import s from "./keys.module.css";

/** Keys that a person needs to get out of the list or through the page; never given to an action. */
const RESERVED = new Set(["Tab", "Shift+Tab", "Escape", "Enter"]);

function KeyRow({ id, label, waiting, onAsk }: { id: KeyAction; label: string; waiting: boolean; onAsk: (id: KeyAction | null) => void }) {
  const desk = useDesk();
  const { keys } = useWatched(desk.prefs);
  return (
    <li className={s["row"]}>
      <span>{label}</span>
      <span className={s["key"]}>{keys[id] ? <><Kbd keys={keys[id]} /><span className="hidden-visually">{keys[id]}</span></> : <span className={s["quiet"]}>no key</span>}</span>
      <Button
        kind="quiet"
        pressed={waiting}
        aria-label={waiting ? `Press the new key for: ${label}` : `Change the key for: ${label}`}
        onPress={() => onAsk(waiting ? null : id)}
      >
        {waiting ? "Press a key…" : "Change"}
      </Button>
    </li>
  );
}

/** Every shortcut, to be read, changed or switched off. */
export function KeyList() {
  const desk = useDesk();
  const prefs = useWatched(desk.prefs);
  const [shown, setShown] = useState(false);
  const [waitingFor, setWaitingFor] = useState<KeyAction | null>(null);
  useKey("help", () => setShown(true));
  const groups = [...new Set(KEY_ACTIONS.map((action) => action.group))];

  const close = () => {
    setShown(false);
    setWaitingFor(null);
  };
  const onKey = (event: React.KeyboardEvent) => {
    if (waitingFor === null) return;
    const name = chord(event);
    if (name === null) return;
    if (name === "Escape" || !RESERVED.has(name)) {
      event.preventDefault();
      event.stopPropagation();
    }
    if (!RESERVED.has(name)) {
      const now = desk.prefs.get();
      desk.prefs.set({ ...now, keys: remap(now.keys, waitingFor, name) });
    }
    setWaitingFor(null);
  };

  return (
    <>
      <Button kind="quiet" onPress={() => setShown(true)}>Keys <Kbd keys={prefs.keysOn ? prefs.keys.help : ""} /></Button>
      <Dialog title="Keyboard" isOpen={shown} onClose={close}>
        <div className={s["options"]}>
          <Tick label="Shortcuts on" checked={prefs.keysOn} onChange={(keysOn) => desk.prefs.set({ ...desk.prefs.get(), keysOn })} />
          <Tick label="Read the caller’s words aloud to a screen reader" checked={prefs.announce} onChange={(announce) => desk.prefs.set({ ...desk.prefs.get(), announce })} />
          <Button onPress={() => desk.prefs.set({ ...desk.prefs.get(), keys: DEFAULT_KEYS })}>Put all keys back</Button>
        </div>
        {/* While a new key is awaited, the next press is that key. */}
        <div className={s["groups"]} onKeyDownCapture={onKey}>
          {groups.map((group) => (
            <section key={group}>
              <h3>{group}</h3>
              <ul>
                {KEY_ACTIONS.filter((action) => action.group === group).map((action) => (
                  <KeyRow key={action.id} id={action.id} label={action.label} waiting={waitingFor === action.id} onAsk={setWaitingFor} />
                ))}
              </ul>
            </section>
          ))}
          <p className={s["quiet"]}>In lists: arrow keys. In the transcript: up and down between lines, left and right to what stands beside the words, Enter shows every reading. In a field: Enter edits and saves, Escape leaves. In notes: Enter saves, Shift+Enter begins a new line, Escape leaves.</p>
        </div>
      </Dialog>
    </>
  );
}
