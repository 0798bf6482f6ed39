/** Everything the console does by key: named, listed, remappable, and possible to switch off. */
export const KEY_ACTIONS = [
  { id: "help", group: "Console", label: "Show or hide this list", keys: "?" },
  { id: "call.next", group: "Calls", label: "Next call in the list", keys: "j" },
  { id: "call.previous", group: "Calls", label: "Previous call in the list", keys: "k" },
  { id: "call.take", group: "Calls", label: "Take the call", keys: "a" },
  { id: "demo.start", group: "Calls", label: "Start a demo call", keys: "Shift+D" },
  { id: "field.type", group: "Draft", label: "Go to incident type", keys: "1" },
  { id: "field.location", group: "Draft", label: "Go to location", keys: "2" },
  { id: "field.severity", group: "Draft", label: "Go to severity", keys: "3" },
  { id: "field.victims", group: "Draft", label: "Go to people hurt or in danger", keys: "4" },
  { id: "field.callback_number", group: "Draft", label: "Go to call-back number", keys: "5" },
  { id: "field.category", group: "Draft", label: "Go to category", keys: "6" },
  { id: "field.emergency", group: "Draft", label: "Go to emergency or not", keys: "7" },
  { id: "field.persons", group: "Draft", label: "Go to persons", keys: "Shift+P" },
  { id: "field.vehicles", group: "Draft", label: "Go to vehicles", keys: "Shift+V" },
  { id: "field.weapons", group: "Draft", label: "Go to weapons", keys: "Shift+W" },
  { id: "field.hazards", group: "Draft", label: "Go to hazards", keys: "Shift+H" },
  { id: "field.relation", group: "Draft", label: "Go to how the caller knows them", keys: "Shift+R" },
  { id: "draft.cues", group: "Draft", label: "Go to signs of danger to life", keys: "g" },
  { id: "draft.ask", group: "Draft", label: "Show or hide all questions", keys: "i" },
  { id: "draft.places", group: "Draft", label: "Show or hide places and map", keys: "m" },
  { id: "draft.more", group: "Draft", label: "Show the fields of which nothing is known", keys: "b" },
  { id: "draft.looked", group: "Draft", label: "I have looked: clear the marks of what is new", keys: "u" },
  { id: "draft.worthy", group: "Draft", label: "List what can be confirmed at once, then confirm it", keys: "Shift+A" },
  { id: "field.edit", group: "Draft, in a field", label: "Edit (also Enter)", keys: "e" },
  { id: "field.confirm", group: "Draft, in a field", label: "Confirm this field", keys: "c" },
  { id: "field.reject", group: "Draft, in a field", label: "Reject this field", keys: "x" },
  { id: "field.evidence", group: "Draft, in a field", label: "Play where it was heard", keys: "p" },
  { id: "field.others", group: "Draft, in a field", label: "Go to what else was heard", keys: "o" },
  { id: "cue.dismiss", group: "Draft, in a sign of danger", label: "Dismiss it", keys: "d" },
  { id: "send", group: "Draft", label: "Confirm and send", keys: "Ctrl+Enter" },
  { id: "phone", group: "Caller’s phone", label: "Show or hide the caller’s phone", keys: "f" },
  { id: "phone.look", group: "Caller’s phone", label: "Show the live video, or close it (also Escape)", keys: "s" },
  { id: "phone.text", group: "Caller’s phone", label: "Write a text to the caller", keys: "r" },
  { id: "go.calls", group: "Go to", label: "Call list", keys: "l" },
  { id: "go.transcript", group: "Go to", label: "Transcript", keys: "t" },
  { id: "go.notes", group: "Go to", label: "Notes", keys: "n" },
  { id: "go.timeline", group: "Go to", label: "Recording", keys: "w" },
  { id: "play", group: "Recording", label: "Play or pause", keys: "Space" },
  { id: "play.back", group: "Recording", label: "Back 10 seconds", keys: "[" },
  { id: "play.forward", group: "Recording", label: "On 10 seconds", keys: "]" },
  { id: "play.live", group: "Recording", label: "Jump to live", keys: "." },
  { id: "listen", group: "Recording", label: "Listen in, or stop listening", keys: "h" },
  { id: "play.caller", group: "Recording", label: "Caller's side on or off", keys: "Shift+C" },
  { id: "play.call_taker", group: "Recording", label: "Call-taker's side on or off", keys: "Shift+T" },
  { id: "announce", group: "Console", label: "Reading aloud to a screen reader on or off", keys: "v" },
] as const;

export type KeyAction = (typeof KEY_ACTIONS)[number]["id"];
export type KeyMap = Readonly<Record<KeyAction, string>>;

export const DEFAULT_KEYS = Object.fromEntries(
  KEY_ACTIONS.map(({ id, keys }) => [id, keys]),
) as KeyMap;

/** The parts of a keyboard event that a chord is made of. */
export interface Press {
  key: string;
  ctrlKey: boolean;
  altKey: boolean;
  metaKey: boolean;
  shiftKey: boolean;
}

const MODIFIERS = new Set(["Control", "Shift", "Alt", "Meta", "AltGraph"]);

/**
 * Names a key press: `a`, `Shift+D`, `Ctrl+Enter`, `?`. Shift is named only where it does not
 * already show in the character. Command counts as Ctrl. `null` while only modifiers are down.
 */
export function chord(press: Press): string | null {
  if (MODIFIERS.has(press.key)) return null;
  const key = press.key === " " ? "Space" : press.key;
  const letter = key.length === 1 && key.toLowerCase() !== key.toUpperCase();
  const name = letter && (press.shiftKey || press.ctrlKey || press.metaKey) ? key.toUpperCase() : key;
  return [
    press.ctrlKey || press.metaKey ? "Ctrl+" : "",
    press.altKey ? "Alt+" : "",
    press.shiftKey && (letter || key.length > 1) ? "Shift+" : "",
    name,
  ].join("");
}

/** True for a chord that types a character: it must not act while somebody is writing. */
export const typesText = (name: string): boolean =>
  !name.startsWith("Ctrl+") && !name.startsWith("Alt+") && !/^(Shift\+)?(F\d+|Escape)$/.test(name);

/** The map with one key changed; a key taken from another action leaves that one without. */
export function remap(map: KeyMap, action: KeyAction, keys: string): KeyMap {
  const freed = Object.fromEntries(
    Object.entries(map).map(([id, old]) => [id, old === keys ? "" : old]),
  ) as Record<KeyAction, string>;
  return { ...freed, [action]: keys };
}

/** Stored choices over the defaults; anything unreadable falls back to the defaults. */
export function restoreKeys(stored: unknown): KeyMap {
  if (typeof stored !== "object" || stored === null) return DEFAULT_KEYS;
  const entries = KEY_ACTIONS.map(({ id, keys }) => {
    const own: unknown = (stored as Record<string, unknown>)[id];
    return [id, typeof own === "string" ? own : keys];
  });
  return Object.fromEntries(entries) as KeyMap;
}
