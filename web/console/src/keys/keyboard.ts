import { chord, typesText, type Cell, type KeyAction } from "@ringdown/core";

import type { Prefs } from "../app/prefs";

const WRITES = "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable=true]";
/** Places where Space or Enter already mean something. */
const PRESSES = "button, a[href], summary, video, [role=slider], [role=button], input[type=checkbox]";

/** Turns key presses into named actions. The newest handler of an action wins. */
export class Keyboard {
  readonly #handlers = new Map<KeyAction, (() => void)[]>();

  constructor(private readonly prefs: Cell<Prefs>) {}

  listen(target: Window): () => void {
    const onKey = (event: KeyboardEvent): void => this.press(event);
    // A chord is ours before a focused button takes its Enter for a press of its own.
    const onChord = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey) this.press(event);
    };
    target.addEventListener("keydown", onChord, true);
    target.addEventListener("keydown", onKey);
    return () => {
      target.removeEventListener("keydown", onChord, true);
      target.removeEventListener("keydown", onKey);
    };
  }

  /** Adds a handler; call the answer to take it away again. */
  on(action: KeyAction, handler: () => void): () => void {
    this.#handlers.set(action, [...(this.#handlers.get(action) ?? []), handler]);
    return () => {
      const rest = (this.#handlers.get(action) ?? []).filter((other) => other !== handler);
      this.#handlers.set(action, rest);
    };
  }

  /** The action that this press stands for here, if the person has shortcuts switched on. */
  actionOf(event: Pick<KeyboardEvent, "key" | "ctrlKey" | "altKey" | "metaKey" | "shiftKey" | "target">): KeyAction | null {
    const { keys, keysOn } = this.prefs.get();
    const name = chord(event);
    if (!keysOn || name === null) return null;
    const target = event.target instanceof Element ? event.target : null;
    if (typesText(name) && target?.closest(WRITES)) return null;
    // A place whose own Enter means something (a note) is never mistaken for "send".
    if (name.endsWith("Enter") && target?.closest("[data-own-enter]")) return null;
    if ((name === "Space" || name === "Enter") && target?.closest(PRESSES)) return null;
    const found = Object.entries(keys).find(([, wanted]) => wanted === name);
    return (found?.[0] as KeyAction | undefined) ?? null;
  }

  press(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.isComposing) return;
    // While a window is open over the console, its keys are the window's.
    if (event.target instanceof Element && event.target.closest("[role=dialog]")) return;
    const action = this.actionOf(event);
    const handler = action && this.#handlers.get(action)?.at(-1);
    if (!handler) return;
    event.preventDefault();
    event.stopPropagation();
    handler();
  }
}
