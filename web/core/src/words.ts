import type { Followed } from "./selectors";
import type { DeliveryView, FieldName, FieldState, FieldView, LampState, Side, ToneView } from "./wire";

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
  category: "Category",
  emergency: "Emergency",
  location: "Location",
  severity: "Severity",
  victims: "People hurt or in danger",
  callback_number: "Call-back number",
  persons: "Persons",
  vehicles: "Vehicles",
  weapons: "Weapons",
  hazards: "Hazards",
  relation: "Caller is",
};

/** The same, short, for lists of fields. */
export const FIELD_SHORT: Record<FieldName, string> = {
  type: "type",
  category: "category",
  emergency: "emergency",
  location: "location",
  severity: "severity",
  victims: "people hurt",
  callback_number: "call-back",
  persons: "persons",
  vehicles: "vehicles",
  weapons: "weapons",
  hazards: "hazards",
  relation: "caller",
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
  texting: "Texting",
  partners: "Partners",
  camera_recordings: "Camera recordings",
  facts: "Records",
  language_model: "Language model",
};

/** Confidence in words; a number would promise more than the engine knows. */
export function confidenceWords(confidence: number | null): string | null {
  if (confidence === null) return null;
  if (confidence >= 0.85) return "heard clearly";
  if (confidence >= 0.6) return "fairly sure";
  return "not sure";
}

/** The same as a mark, so that colour is never needed: how many of three bars are full. */
export function sureness(confidence: number | null): 1 | 2 | 3 | null {
  if (confidence === null) return null;
  return confidence >= 0.85 ? 3 : confidence >= 0.6 ? 2 : 1;
}

/** How long ago, for a glance: `just now`, `40 s ago`, `2 min ago`, `1 h ago`. */
export function evidenceAge(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  if (seconds < 10) return "just now";
  // Tens are enough: a number that changes every second draws the eye.
  if (seconds < 60) return `${String(Math.floor(seconds / 10) * 10)} s ago`;
  if (seconds < 3600) return `${String(Math.floor(seconds / 60))} min ago`;
  return `${String(Math.floor(seconds / 3600))} h ago`;
}

/** Who says so and since when: `heard 2 min ago by the machine`, `Typed by Dana just now`. */
export function sourceWords(field: FieldView, call: { started_at: string }, now: number): string | null {
  if (field.state === "unknown") return null;
  const told = field.at === null ? Number.NaN : Date.parse(field.at);
  if (field.origin !== "heard") {
    const verb = field.state === "rejected" ? "Rejected" : "Typed";
    return [verb, field.by && `by ${field.by.name}`, Number.isNaN(told) ? null : evidenceAge(now - told)].filter(Boolean).join(" ");
  }
  const last = Math.max(...field.evidence.map((heard) => heard.end_ms));
  const age = Number.isFinite(last) ? evidenceAge(now - Date.parse(call.started_at) - last) : null;
  return ["heard", age, "by the machine"].filter(Boolean).join(" ");
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

const DOUBTS: Readonly<Record<string, string>> = {
  tone: "may be tones",
  noise: "may be noise",
  loop: "repeats itself",
  too_fast: "too many words for its time",
  unsure: "hard to hear",
};

/** Why a line is doubtful, in plain words: `may be noise, repeats itself`. */
export function doubtWords(doubts: readonly string[]): string {
  const known = [...new Set(doubts.map((code) => DOUBTS[code]).filter((words) => words !== undefined))];
  return known.length > 0 ? known.join(", ") : "hard to hear";
}

const TONES: Readonly<Record<string, string>> = {
  tty: "TTY tones heard",
  fax: "Fax tones heard",
  busy: "Busy tone heard",
  dial: "Dial tone heard",
  ringback: "Ringing tone heard",
  siren: "Siren heard",
};

/** One line for a tone: `TTY tones heard (caller)`, `Keys heard: 5 1 2 (caller)`. */
export function toneWords(tone: ToneView): string {
  const what =
    tone.tone === "dtmf"
      ? `${(tone.digits ?? "").length === 1 ? "Key" : "Keys"} heard: ${(tone.digits ?? "?").replaceAll(/(?<=.)(?=.)/g, " ")}`
      : (TONES[tone.tone] ?? `Tone heard: ${tone.tone}`);
  return `${what} (${SIDE_WORDS[tone.side].toLowerCase()})`;
}

/** Words that are less far behind than this are on time. */
export const LAG_SHOWN_MS = 1_500;

const seconds = (ms: number): string => (ms < 10_000 ? (ms / 1000).toFixed(1).replace(/\.0$/, "") : String(Math.round(ms / 1000)));

/** What a person should know about how speech follows a side; `null` when all is well. */
export function channelTrouble({ lag_ms, mode }: Followed): string | null {
  const late = lag_ms !== null && lag_ms >= LAG_SHOWN_MS ? `words ${String(Math.round(lag_ms / 1000))} s behind` : null;
  const why = {
    live: null,
    partials_shed: "fewer drafts of words: much load",
    no_partials: "drafts of words paused: too much load",
    catching_up: "catching up",
  }[mode];
  const told = [late, why].filter((part) => part !== null);
  return told.length > 0 ? told.join(", ") : null;
}

/** The same without counting seconds, for screen readers: it changes seldom. */
export function channelNews(channel: Followed): string {
  if (channelTrouble(channel) === null) return "";
  return [(channel.lag_ms ?? 0) >= LAG_SHOWN_MS ? "words are late" : null, channelTrouble({ ...channel, lag_ms: 0 })]
    .filter((part) => part !== null)
    .join(", ");
}

/** Everything about how speech follows a side, in one line: `moonshine listens, words 0.4 s behind`. */
export function channelWords(channel: Followed): string {
  const trouble = channelTrouble({ ...channel, lag_ms: 0 });
  const lag = channel.lag_ms === null ? null : `words ${seconds(Math.max(0, channel.lag_ms))} s behind`;
  return [`${channel.engine} listens`, lag, trouble]
    .filter((part) => part !== null)
    .join(", ");
}
