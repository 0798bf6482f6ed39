import type { Fact, FactKind, Signal, SignalKind } from "./wire";

/** One message of the feed, after the envelope has been checked. */
export type FeedMessage =
  | Fact
  | Signal
  | { type: "ready"; position: number }
  | { type: "resync"; reason: string }
  | { type: "ping" }
  | { type: "skipped"; kind: string; position: number | null };

const FACT_KINDS: ReadonlySet<string> = new Set<FactKind>([
  "calls.call.started.v1",
  "calls.call.changed.v1",
  "calls.call.ended.v1",
  "calls.event.noted.v1",
  "calls.note.written.v1",
  "media.leg.opened.v1",
  "media.gap.found.v1",
  "media.leg.completed.v1",
  "media.leg.sealed.v1",
  "speech.utterance.finalised.v1",
  "speech.tone.heard.v1",
  "incidents.draft.revised.v1",
  "incidents.edit.conflicted.v1",
  "incidents.incident.confirmed.v1",
  "cad.delivery.changed.v1",
  "cad.incident.summarised.v1",
  "assist.narrative.changed.v1",
  "texting.message.changed.v1",
  "texting.text_back.changed.v1",
  "caller.consent.recorded.v1",
  "caller.link.changed.v1",
  "caller.location.fixed.v1",
  "video.viewing.changed.v1",
  "uploads.upload.changed.v1",
  "responders.link.changed.v1",
]);

const SIGNAL_KINDS: ReadonlySet<string> = new Set<SignalKind>([
  "speech.utterance.partial.v1",
  "speech.channel.changed.v1",
  "ops.lamp.changed.v1",
  "video.health.changed.v1",
]);

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Reads one frame of the feed. A kind this console does not know is returned as `skipped` with its
 * position, so that the fold can move on and count it; a frame that is not a message at all gives
 * `null`. Never throws.
 */
export function decode(frame: string): FeedMessage | null {
  let raw: unknown;
  try {
    raw = JSON.parse(frame);
  } catch {
    return null;
  }
  if (!isRecord(raw)) return null;
  const { type, position, kind, body } = raw as Record<"type" | "position" | "kind" | "body", unknown>;
  switch (type) {
    case "ping":
      return { type };
    case "ready":
      return typeof position === "number" ? { type, position } : null;
    case "resync":
      return { type, reason: typeof raw["reason"] === "string" ? raw["reason"] : "" };
    case "fact":
      if (typeof position !== "number" || typeof kind !== "string") return null;
      return FACT_KINDS.has(kind) && isRecord(body)
        ? (raw as unknown as Fact)
        : { type: "skipped", kind, position };
    case "signal":
      if (typeof kind !== "string") return null;
      return SIGNAL_KINDS.has(kind) && isRecord(body)
        ? (raw as unknown as Signal)
        : { type: "skipped", kind, position: null };
    default:
      return null;
  }
}
