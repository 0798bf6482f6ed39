import type { CallState } from "@ringdown/core";

export const STATE_CALL_WORDS: Record<CallState, string> = {
  ringing: "Ringing",
  active: "Talking",
  held: "On hold",
  interrupted: "Interrupted",
  ended: "Ended",
};

/** A North American number in the usual groups; any other as it came. */
export function phone(ani: string | null): string {
  if (ani === null || ani === "") return "Number not known";
  const [, area, exchange, line] = /^\+?1?(\d{3})(\d{3})(\d{4})$/.exec(ani) ?? [];
  return area && exchange && line ? `(${area}) ${exchange}-${line}` : ani;
}

const EVENTS: Readonly<Record<string, string>> = {
  answered: "Answered",
  held: "Put on hold",
  resumed: "Taken off hold",
  transferred: "Transferred",
  ali: "Location from the network",
  dtmf: "Key pressed",
  mark: "Mark",
  assigned: "Taken",
  closed: "Closed",
};

/** One line for something that happened on the call; the data that a person can use is kept. */
export function eventWords(type: string, data: Readonly<Record<string, unknown>>): string {
  const told = ["digit", "text", "name", "to", "reason"]
    .map((key) => data[key])
    .filter((value) => typeof value === "string" || typeof value === "number");
  return [EVENTS[type] ?? type, ...told].join(": ");
}
