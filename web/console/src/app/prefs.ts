import { Cell, restoreKeys, type KeyMap } from "@ringdown/core";

/** How one person likes the console; kept in this browser, never sent. */
export interface Prefs {
  theme: "system" | "light" | "dark";
  keys: KeyMap;
  keysOn: boolean;
  /** Whether finals of the caller are read out to a screen reader. */
  announce: boolean;
}

const STORED_AS = "ringdown.prefs";

function read(storage: Storage): Prefs {
  let raw: Record<string, unknown> = {};
  try {
    const parsed: unknown = JSON.parse(storage.getItem(STORED_AS) ?? "{}");
    if (typeof parsed === "object" && parsed !== null) raw = parsed as Record<string, unknown>;
  } catch {
    // Unreadable preferences are no reason to fail: the defaults do.
  }
  const theme = raw["theme"];
  return {
    theme: theme === "light" || theme === "dark" ? theme : "system",
    keys: restoreKeys(raw["keys"]),
    keysOn: raw["keysOn"] !== false,
    announce: raw["announce"] !== false,
  };
}

/** The preferences as a cell that stores each change and puts the theme on the page. */
export function prefsCell(storage: Storage, root: HTMLElement): Cell<Prefs> {
  const cell = new Cell(read(storage));
  const show = () => {
    const { theme } = cell.get();
    if (theme === "system") delete root.dataset["theme"];
    else root.dataset["theme"] = theme;
  };
  show();
  cell.subscribe(() => {
    show();
    storage.setItem(STORED_AS, JSON.stringify(cell.get()));
  });
  return cell;
}
