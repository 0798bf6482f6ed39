import type { FeedMessage } from "./decode";
import { foldOpen, fromDetail, withPartial } from "./openCall";
import { byId, type TextBackView } from "./phone";
import type { Action, ConsoleState } from "./state";
import type { DraftSummary, Fact, SentDraft, Signal } from "./wire";

/**
 * The console is a fold: a snapshot, then facts and signals. Any batching, any duplicate and any
 * reconnect point gives the same state; `test/fold.test.ts` holds it to that.
 */
export function reduce(state: ConsoleState, message: FeedMessage | Action): ConsoleState {
  switch (message.type) {
    case "fact":
      return reduceFact(state, message);
    case "signal":
      return reduceSignal(state, message);
    case "skipped":
      return reduceSkipped(state, message.position);
    case "snapshot": {
      const { snapshot, offset_ms } = message;
      return {
        ...state,
        position: snapshot.position,
        centre: snapshot.centre,
        calls: Object.fromEntries(snapshot.calls.map((call) => [call.call_id, call])),
        summaries: snapshot.drafts,
        tty: snapshot.tty,
        text_backs: snapshot.text_backs ?? [],
        lamps: Object.fromEntries(snapshot.lamps.map((lamp) => [lamp.name, lamp])),
        offset_ms,
      };
    }
    case "opening":
      return {
        ...state,
        opening: { call_id: message.call_id, waiting: [] },
        // The same call stays on screen while its detail is fetched again after a resync.
        open: state.open?.call_id === message.call_id ? state.open : null,
      };
    case "detail": {
      const { detail } = message;
      const { opening } = state;
      if (opening?.call_id !== detail.call.call_id) return state; // answered too late
      const fresh = fromDetail(detail);
      const open = opening.waiting.reduce(
        (call, fact) => (fact.position > call.position ? foldOpen(call, fact) : call),
        fresh,
      );
      return { ...state, opening: null, open };
    }
    case "lamps":
      return {
        ...state,
        lamps: Object.fromEntries(message.lamps.map((lamp) => [lamp.name, lamp])),
      };
    case "past": {
      const asked = message.calls.map((call) => [call.call_id, call] as const);
      return { ...state, past: Object.fromEntries(asked) };
    }
    case "close":
      return { ...state, opening: null, open: null };
    case "disconnected":
      // Partials and channels are disposable: after a gap nobody knows what became of them.
      return {
        ...state,
        channels: {},
        open: state.open ? { ...state.open, partials: {}, phone: { ...state.open.phone, health: {} } } : null,
      };
    case "ready":
    case "resync":
    case "ping":
      return state;
    default:
      return message satisfies never;
  }
}

function reduceSkipped(state: ConsoleState, position: number | null): ConsoleState {
  if (position !== null && position <= (state.position ?? 0)) return state;
  return { ...state, skipped: state.skipped + 1, position: position ?? state.position };
}

function reduceFact(state: ConsoleState, fact: Fact): ConsoleState {
  let next = state;
  const { open, opening } = state;
  // The open call keeps its own position: its detail may be newer than the list or older.
  if (fact.call_id === open?.call_id && fact.position > open.position)
    next = { ...next, open: foldOpen(open, fact) };
  if (fact.call_id === opening?.call_id && fact.position > (state.position ?? 0))
    next = { ...next, opening: { ...opening, waiting: [...opening.waiting, fact] } };
  if (state.position !== null && fact.position > state.position)
    next = foldList({ ...next, position: fact.position }, fact);
  return next;
}

function foldList(state: ConsoleState, fact: Fact): ConsoleState {
  switch (fact.kind) {
    case "calls.call.started.v1":
    case "calls.call.changed.v1":
    case "calls.call.ended.v1": {
      const { call } = fact.body;
      return { ...state, calls: { ...state.calls, [call.call_id]: call } };
    }
    case "incidents.draft.revised.v1": {
      const { draft } = fact.body;
      return { ...state, summaries: { ...state.summaries, [draft.call_id]: summarise(draft) } };
    }
    case "speech.tone.heard.v1":
      return withTty(state, fact.body.tone === "tty" ? fact.call_id : null);
    // A leg is sealed when speech is done with it: nothing can be behind any more.
    case "media.leg.sealed.v1":
      return withoutChannel(state, fact.body.leg_id);
    case "calls.event.noted.v1":
    case "calls.note.written.v1":
    case "media.leg.opened.v1":
    case "media.leg.completed.v1":
    case "media.gap.found.v1":
    case "speech.utterance.finalised.v1":
    case "incidents.edit.conflicted.v1":
    case "incidents.incident.confirmed.v1":
    case "cad.delivery.changed.v1":
    case "cad.incident.summarised.v1":
    case "assist.narrative.changed.v1":
    case "texting.message.changed.v1":
    case "caller.consent.recorded.v1":
    case "caller.link.changed.v1":
    case "caller.location.fixed.v1":
    case "video.viewing.changed.v1":
    case "uploads.upload.changed.v1":
    case "responders.link.changed.v1":
      return state;
    case "texting.text_back.changed.v1":
      return { ...state, text_backs: withTextBack(state.text_backs, fact.body.text_back) };
    default:
      return fact satisfies never;
  }
}

/** The queue of calls to text back; one that a person has closed leaves it. */
function withTextBack(queue: readonly TextBackView[], changed: TextBackView): readonly TextBackView[] {
  const rest = queue.filter((one) => one.call_id !== changed.call_id);
  return changed.state === "closed" ? rest : byId(rest, changed, (one) => one.call_id);
}

function withTty(state: ConsoleState, callId: string | null): ConsoleState {
  if (callId === null || state.tty.includes(callId)) return state;
  return { ...state, tty: [...state.tty, callId].sort() };
}

function withoutChannel(state: ConsoleState, legId: string): ConsoleState {
  if (!(legId in state.channels)) return state;
  const rest = Object.entries(state.channels).filter(([id]) => id !== legId);
  return { ...state, channels: Object.fromEntries(rest) };
}

/** What the call list shows of a draft; a rejected field is not repeated there. */
export function summarise(draft: SentDraft): DraftSummary {
  const shown = (name: "type" | "location" | "severity") => {
    const field = draft.fields[name];
    return field === undefined || field.state === "rejected" ? null : field;
  };
  return {
    type_text: shown("type")?.text ?? null,
    location_text: shown("location")?.text ?? null,
    severity: shown("severity")?.value ?? null,
  };
}

function reduceSignal(state: ConsoleState, signal: Signal): ConsoleState {
  switch (signal.kind) {
    case "ops.lamp.changed.v1": {
      const { lamp } = signal.body;
      return { ...state, lamps: { ...state.lamps, [lamp.name]: lamp } };
    }
    case "speech.utterance.partial.v1": {
      const { open } = state;
      if (open?.call_id !== signal.call_id || open.call.state === "ended") return state;
      const next = withPartial(open, signal.body.utterance);
      return next === open ? state : { ...state, open: next };
    }
    case "speech.channel.changed.v1": {
      const { channel } = signal.body;
      return { ...state, channels: { ...state.channels, [channel.leg_id]: channel } };
    }
    case "video.health.changed.v1": {
      const { open } = state;
      if (open?.call_id !== signal.call_id) return state;
      const { health } = signal.body;
      const phone = { ...open.phone, health: { ...open.phone.health, [health.link_id]: health } };
      return { ...state, open: { ...open, phone } };
    }
    default:
      return signal satisfies never;
  }
}
