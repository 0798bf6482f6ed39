import { isMain } from "./draft";
import type { ConsoleState, OpenCall } from "./state";
import {
  FIELD_NAMES,
  type CallView,
  type ChannelView,
  type DeliveryView,
  type DraftView,
  type FieldName,
  type FieldView,
  type ToneView,
  type UtteranceView,
} from "./wire";

/**
 * Calls that somebody must still see, the oldest first, and finished ones, the latest first. The
 * call that is being looked at stays where it is when it ends.
 */
export function listCalls(
  calls: ConsoleState["calls"],
  past: ConsoleState["past"] = {},
  lookedAt: string | null = null,
): { open: CallView[]; ended: CallView[] } {
  const all = Object.values({ ...past, ...calls });
  const waits = (call: CallView) => call.state !== "ended" || call.attention !== null || (call.call_id === lookedAt && call.call_id in calls);
  const byStart = (a: CallView, b: CallView) =>
    a.started_at < b.started_at ? -1 : a.started_at > b.started_at ? 1 : a.call_id < b.call_id ? -1 : 1;
  return {
    // A call keeps its place while it lasts: new ones are added below, nothing jumps.
    open: all.filter(waits).sort(byStart),
    ended: all.filter((call) => !waits(call)).sort((a, b) => byStart(b, a)),
  };
}

/** One row of the transcript. */
export interface Line {
  utterance: UtteranceView;
  final: boolean;
}

/** Finals in the order of the call's clock, then the text in progress. */
export function transcriptLines(open: OpenCall): Line[] {
  const finals = open.utterances.map((utterance) => ({ utterance, final: true }));
  const partials = Object.values(open.partials)
    .sort((a, b) => a.start_ms - b.start_ms)
    .map((utterance) => ({ utterance, final: false }));
  return [...finals, ...partials];
}

/** A field that "confirm and send" would take along, or would not and why. */
export interface SendPlan {
  send: FieldView[];
  unknown: FieldName[];
  rejected: FieldName[];
  /** The versions shown, as the server checks them. */
  versions: Partial<Record<FieldName, number>>;
}

export function sendPlan(draft: DraftView): SendPlan {
  const fields = FIELD_NAMES.map((name) => draft.fields[name]);
  const send = fields.filter((f) => f.state !== "unknown" && f.state !== "rejected" && f.value !== null);
  return {
    send,
    // What is seldom known is not missed by name: nobody reads a list of seven at night.
    unknown: fields
      .filter((f) => isMain(f.name) && f.state !== "rejected" && (f.state === "unknown" || f.value === null))
      .map((f) => f.name),
    rejected: fields.filter((f) => f.state === "rejected").map((f) => f.name),
    versions: Object.fromEntries(send.map((f) => [f.name, f.version])),
  };
}

/** The newest delivery, which is what the CAD has or will have. */
export const latestDelivery = (open: OpenCall): DeliveryView | null => open.deliveries.at(-1) ?? null;

/** Fields whose value now differs from the last confirmation that went out. */
export function changedSinceSent(open: OpenCall): FieldName[] {
  const last = open.confirmations.at(-1);
  const { draft } = open;
  if (!last || !draft) return [];
  return FIELD_NAMES.filter((name) => {
    const field = draft.fields[name];
    const sent = last.fields[name]?.value ?? null;
    const now = field.state === "rejected" || field.state === "unknown" ? null : field.value;
    return sent !== now;
  });
}

/** How far the call reaches on its own clock; `now` is local time. */
export function liveEdgeMs(call: CallView, offsetMs: number, now: number): number {
  const start = Date.parse(call.started_at);
  const end = call.ended_at === null ? now + offsetMs : Date.parse(call.ended_at);
  const legs = call.legs.map((leg) => leg.start_ms + (leg.duration_ms ?? 0));
  return Math.max(0, end - start, ...(call.ended_at === null ? [] : legs));
}

/** True when the utterance covers this moment, which the playhead marks. */
export const speaksAt = (utterance: UtteranceView, ms: number): boolean =>
  ms >= utterance.start_ms && ms < utterance.end_ms;

/** How a leg is followed; nobody has told yet how far behind it is where `lag_ms` is `null`. */
export type Followed = Omit<ChannelView, "lag_ms"> & { lag_ms: number | null };

/**
 * How speech follows each leg of the open call. What was heard names its engine too, so a side that
 * has not been told of yet still has one.
 */
export function channelsOf(open: OpenCall, channels: ConsoleState["channels"]): Followed[] {
  return open.call.legs.flatMap((leg): Followed[] => {
    const told = channels[leg.leg_id];
    if (told) return [told];
    const last = open.utterances.findLast((utterance) => utterance.leg_id === leg.leg_id);
    return last ? [{ leg_id: leg.leg_id, side: leg.side, lag_ms: null, engine: last.engine, mode: "live" }] : [];
  });
}

/** The latest sound of a text telephone on this call: somebody may need to write, not speak. */
export const latestTty = (open: OpenCall): ToneView | null => open.tones.findLast((tone) => tone.tone === "tty") ?? null;
