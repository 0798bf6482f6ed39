import type { ListeningSession, PartnerDelivery, PartnerEndpoint } from "@ringdown/api";
import { timeOfDay } from "@ringdown/core";
import type { IconName } from "@ringdown/ui";

export const SCOPE = "incident_events";

export const EVENTS = [
  { id: "incident_metadata", label: "Incident begins, changes or ends" },
  { id: "caller_location", label: "Location of the caller" },
  { id: "media", label: "Recording, photo or video" },
] as const;

export const eventWords = (type: string): string => EVENTS.find(({ id }) => id === type)?.label ?? (type === "test" ? "Test" : type);

export const DELIVERY_WORDS: Record<PartnerDelivery["state"], { text: string; tone: "ok" | "down" | "warn" | "quiet"; icon: IconName }> = {
  queued: { text: "Waiting", tone: "quiet", icon: "clock" },
  retrying: { text: "Trying again", tone: "warn", icon: "working" },
  delivered: { text: "Delivered", tone: "ok", icon: "ok" },
  dead: { text: "Not delivered", tone: "down", icon: "down" },
};

const DISABLED: Readonly<Record<string, string>> = {
  administrator: "Switched off by an administrator; events of this time are not kept for it.",
  gone: "The partner's server answered that this address is gone (410). New events wait; nothing is sent.",
  credential: "The partner's credential is disabled.",
};
export const disabledWords = (because: string | null): string => DISABLED[because ?? ""] ?? "Switched off.";

/** Day and time, as short as it can be read: the day only when it is not today. */
export function when(iso: string | null, now = Date.now()): string {
  if (iso === null) return "never";
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return "at an unknown time";
  return at.toDateString() === new Date(now).toDateString() ? timeOfDay(iso) : `${iso.slice(0, 10)} ${timeOfDay(iso)}`;
}

/** What became of a delivery, and what comes next. */
export function outcome(delivery: PartnerDelivery): string {
  const error = delivery.last_error?.text ?? (delivery.last_status === null ? "" : `The receiver answered ${delivery.last_status}.`);
  if (delivery.state === "delivered") return `Taken at ${when(delivery.delivered_at)}.`;
  if (delivery.state === "retrying") return [error, delivery.next_attempt_at === null ? "" : `Next try at ${when(delivery.next_attempt_at)}.`].filter(Boolean).join(" ");
  if (delivery.state === "queued") return "Goes out next.";
  return [error, delivery.redelivered_as === null ? "" : "Sent again since."].filter(Boolean).join(" ");
}

/** What an administrator must see first. */
export function alarms(endpoints: readonly PartnerEndpoint[]): { endpoint: PartnerEndpoint; kind: "gone" | "dead" }[] {
  return endpoints.flatMap((endpoint) => [
    ...(endpoint.disabled_because === "gone" ? [{ endpoint, kind: "gone" as const }] : []),
    ...(endpoint.dead > 0 ? [{ endpoint, kind: "dead" as const }] : []),
  ]);
}

/** Where a listener is, in words. */
export function listenerWords({ state, position_ms, duration_ms, paused }: ListeningSession): string {
  if (state === "issued") return "Has a token, has not joined yet";
  if (state === "away") return "Away, may come back";
  if (state === "closed") return "Ended";
  if (position_ms === null || duration_ms === null) return "Joined";
  const seconds = Math.round((duration_ms - position_ms) / 1000);
  const place = seconds <= 1 ? "at the live edge" : `${seconds} s behind the end`;
  return paused ? `Paused, ${place}` : `Listening, ${place}`;
}

export const KIND_WORDS: Readonly<Record<string, string>> = { user: "person", client: "partner" };
