import type { DeliveryView, FieldName, FieldState, FieldView, LampState, Side } from "./wire";

/** Words for what the wire says in codes. Every screen takes them from here, so they never differ. */

const two = (value: number): string => String(value).padStart(2, "0");

/** `75_300` → `1:15`; hours appear when they are needed: `1:02:03`. */
export function clockText(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours > 0
    ? `${String(hours)}:${two(minutes)}:${two(seconds % 60)}`
    : `${String(minutes)}:${two(seconds % 60)}`;
}

/** Local time of day to the second, 24 hours: `03:04:05`. */
export function timeOfDay(iso: string | number): string {
  const at = new Date(iso);
  return Number.isNaN(at.getTime())
    ? "an unknown time"
    : `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

export const SIDE_WORDS: Record<Side, string> = { caller: "Caller", call_taker: "Call-taker" };

export const FIELD_WORDS: Record<FieldName, string> = {
  type: "Incident type",
  location: "Location",
  victims: "People hurt or in danger",
  severity: "Severity",
  callback_number: "Call-back number",
};

/** The same, short, for lists of fields. */
export const FIELD_SHORT: Record<FieldName, string> = {
  type: "type",
  location: "location",
  victims: "people",
  severity: "severity",
  callback_number: "call-back",
};

export const STATE_WORDS: Record<FieldState, string> = {
  unknown: "Unknown",
  proposed: "Unconfirmed",
  edited: "Edited, not confirmed",
  confirmed: "Confirmed",
  rejected: "Rejected",
};

export const LAMP_STATE_WORDS: Record<LampState, string> = {
  ok: "OK",
  warn: "Trouble",
  down: "Down",
  off: "Off",
  working: "Starting",
};

export const LAMP_NAMES: readonly string[] = ["recording", "speech", "cad", "media_server", "facts"];

export const LAMP_WORDS: Readonly<Record<string, string>> = {
  recording: "Recording",
  speech: "Speech",
  cad: "CAD",
  media_server: "Media server",
  facts: "Records",
};

/** Confidence in words; a number would promise more than the engine knows. */
export function confidenceWords(confidence: number | null): string | null {
  if (confidence === null) return null;
  if (confidence >= 0.85) return "heard clearly";
  if (confidence >= 0.6) return "fairly sure";
  return "not sure";
}

/** One sentence for what has become of a delivery. */
export function deliveryWords(delivery: DeliveryView): string {
  const reason = delivery.last_error?.text;
  switch (delivery.state) {
    case "queued":
      return "Waiting to be sent";
    case "sending":
      return "Sending";
    case "retrying":
      return [
        delivery.next_attempt_at === null
          ? "Not through yet, trying again"
          : `Not through yet, next try at ${timeOfDay(delivery.next_attempt_at)}`,
        reason,
      ]
        .filter(Boolean)
        .join(": ");
    case "acknowledged":
      return delivery.cad_incident_id === null
        ? "CAD has it"
        : `CAD has it as ${delivery.cad_incident_id}`;
    case "dead":
      return `CAD refused it: ${reason ?? "no reason given"}`;
    case "held":
      return `Held: ${reason ?? "waiting for a person"}`;
    default:
      return delivery.state satisfies never;
  }
}

/** What a person reads for a field's value; never invents one. */
export function fieldText(field: FieldView): string | null {
  return field.state === "unknown" ? null : (field.text ?? field.value);
}
