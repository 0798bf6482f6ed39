import { whole } from "./draft";
import { foldPhone } from "./foldPhone";
import { phoneOf } from "./phone";
import type { OpenCall } from "./state";
import type { CallDetail, Fact, GapView, NarrativeMark, ToneView, UtteranceView } from "./wire";

/** Inserts or replaces by identity, keeping the order of `compare`; the newest revision wins. */
function put<T>(list: readonly T[], item: T, same: (other: T) => boolean, compare: (a: T, b: T) => number): readonly T[] {
  const rest = list.filter((other) => !same(other));
  let at = rest.length;
  while (at > 0 && compare(rest[at - 1] as T, item) > 0) at -= 1;
  return [...rest.slice(0, at), item, ...rest.slice(at)];
}

const byStart = (a: UtteranceView, b: UtteranceView): number =>
  a.start_ms - b.start_ms || (a.utterance_id < b.utterance_id ? -1 : 1);

const byTone = (a: ToneView, b: ToneView): number =>
  a.start_ms - b.start_ms || (a.leg_id === b.leg_id ? 0 : a.leg_id < b.leg_id ? -1 : 1) || (a.tone < b.tone ? -1 : 1);

/** A tone is told once for its beginning on its leg; told again, it has grown. */
const sameTone = (a: ToneView) => (b: ToneView): boolean =>
  a.leg_id === b.leg_id && a.tone === b.tone && a.start_ms === b.start_ms;

export const NO_NARRATIVE: NarrativeMark = { version: 0, sentences: 0, withheld: 0, off: false };

export function fromDetail(detail: CallDetail): OpenCall {
  return {
    call_id: detail.call.call_id,
    position: detail.position,
    call: detail.call,
    events: detail.events,
    notes: detail.notes,
    utterances: detail.utterances,
    partials: {},
    draft: detail.draft && whole(detail.draft),
    confirmations: detail.confirmations,
    deliveries: detail.deliveries,
    gaps: detail.gaps ?? [],
    tones: detail.tones,
    narrative: detail.narrative ?? NO_NARRATIVE,
    phone: phoneOf(detail),
    conflicts: [],
  };
}

function addUtterance(open: OpenCall, utterance: UtteranceView): OpenCall {
  const known = open.utterances.find((other) => other.utterance_id === utterance.utterance_id);
  if (known && known.revision > utterance.revision) return open;
  return {
    ...open,
    utterances: put(open.utterances, utterance, (o) => o.utterance_id === utterance.utterance_id, byStart),
    partials: withoutOvertaken(open.partials, utterance),
  };
}

/** Drops the partial that became this final, and any of the same leg that it has overtaken. */
function withoutOvertaken(
  partials: OpenCall["partials"],
  final: UtteranceView,
): OpenCall["partials"] {
  const kept = Object.entries(partials).filter(
    ([id, partial]) =>
      id !== final.utterance_id &&
      !(partial.leg_id === final.leg_id && partial.start_ms < final.end_ms),
  );
  return kept.length === Object.keys(partials).length ? partials : Object.fromEntries(kept);
}

/** Text in progress: revised in place, never older than what is shown, never after its final. */
export function withPartial(open: OpenCall, utterance: UtteranceView): OpenCall {
  const known = open.partials[utterance.utterance_id];
  if (known && known.revision > utterance.revision) return open;
  if (open.utterances.some((final) => final.utterance_id === utterance.utterance_id)) return open;
  return { ...open, partials: { ...open.partials, [utterance.utterance_id]: utterance } };
}

/** Folds one fact into the open call. The caller has checked that it is new and of this call. */
export function foldOpen(open: OpenCall, fact: Fact): OpenCall {
  const next = { ...open, position: fact.position };
  switch (fact.kind) {
    case "calls.call.started.v1":
    case "calls.call.changed.v1":
      return { ...next, call: fact.body.call };
    case "calls.call.ended.v1":
      return { ...next, call: fact.body.call, partials: {} };
    case "calls.event.noted.v1": {
      const { type, at_ms, data } = fact.body;
      return { ...next, events: [...open.events, { type, at_ms, data }] };
    }
    case "calls.note.written.v1": {
      const { note } = fact.body;
      const place = open.notes.findIndex((other) => other.note_id === note.note_id);
      if (place < 0) return { ...next, notes: [...open.notes, note] };
      if ((open.notes[place]?.version ?? 0) > note.version) return next;
      return { ...next, notes: open.notes.with(place, note) };
    }
    // A call's legs come with the call itself, a summary with its confirmation; these facts are for
    // others.
    case "cad.incident.summarised.v1":
    case "media.leg.opened.v1":
    case "media.leg.completed.v1":
    case "media.leg.sealed.v1":
      return next;
    case "media.gap.found.v1": {
      const { leg_id, side, from_ms, to_ms } = fact.body;
      const same = (gap: GapView) => gap.leg_id === leg_id && gap.from_ms === from_ms;
      return { ...next, gaps: [...open.gaps.filter((gap) => !same(gap)), { leg_id, side, from_ms, to_ms }] };
    }
    case "speech.utterance.finalised.v1":
      return addUtterance(next, fact.body.utterance);
    case "speech.tone.heard.v1":
      return { ...next, tones: put(open.tones, fact.body, sameTone(fact.body), byTone) };
    case "incidents.draft.revised.v1":
      return { ...next, draft: whole(fact.body.draft) };
    case "incidents.edit.conflicted.v1":
      return {
        ...next,
        conflicts: [...open.conflicts, { ...fact.body, event_id: fact.event_id, at: fact.at }],
      };
    case "incidents.incident.confirmed.v1": {
      const { confirmation } = fact.body;
      return {
        ...next,
        confirmations: put(
          open.confirmations,
          confirmation,
          (o) => o.confirmation_id === confirmation.confirmation_id,
          (a, b) => a.sequence - b.sequence,
        ),
      };
    }
    case "assist.narrative.changed.v1":
      return { ...next, narrative: fact.body.narrative };
    case "cad.delivery.changed.v1": {
      const { delivery } = fact.body;
      return {
        ...next,
        deliveries: put(
          open.deliveries,
          delivery,
          (o) => o.delivery_id === delivery.delivery_id,
          (a, b) => a.sequence - b.sequence,
        ),
      };
    }
    case "texting.message.changed.v1":
    case "texting.text_back.changed.v1":
    case "caller.consent.recorded.v1":
    case "caller.link.changed.v1":
    case "caller.location.fixed.v1":
    case "video.viewing.changed.v1":
    case "uploads.upload.changed.v1":
    case "responders.link.changed.v1":
      return { ...next, phone: foldPhone(open.phone, fact) };
    default:
      return fact satisfies never;
  }
}
