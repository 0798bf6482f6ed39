import type { Phone, TextBackView } from "./phone";
import type {
  CallDetail,
  CallView,
  CentreView,
  ChannelView,
  ConfirmationView,
  DeliveryView,
  DraftSummary,
  DraftView,
  EditConflict,
  EventView,
  Fact,
  GapView,
  LampView,
  NarrativeMark,
  NoteView,
  Snapshot,
  ToneView,
  UtteranceView,
} from "./wire";

/** Everything known of the one call that is open. Other calls keep their row alone (memory). */
export interface OpenCall {
  call_id: string;
  /** The log position up to which this detail is complete. */
  position: number;
  call: CallView;
  events: readonly EventView[];
  notes: readonly NoteView[];
  utterances: readonly UtteranceView[];
  /** Text still being recognised, by utterance id; disposable. */
  partials: Readonly<Record<string, UtteranceView>>;
  draft: DraftView | null;
  confirmations: readonly ConfirmationView[];
  deliveries: readonly DeliveryView[];
  gaps: readonly GapView[];
  tones: readonly ToneView[];
  narrative: NarrativeMark;
  phone: Phone;
  conflicts: readonly (EditConflict & { event_id: string; at: string })[];
}

/** A call that was asked for: its facts wait here until its detail arrives. */
export interface OpeningCall {
  call_id: string;
  waiting: readonly Fact[];
}

export interface ConsoleState {
  /** Position of the last fact folded in; `null` before the first snapshot. */
  position: number | null;
  centre: CentreView | null;
  calls: Readonly<Record<string, CallView>>;
  /** Finished calls that were asked for; a call that is also in `calls` is newer there. */
  past: Readonly<Record<string, CallView>>;
  summaries: Readonly<Record<string, DraftSummary>>;
  /** Calls on which the tones of a text telephone were heard. */
  tty: readonly string[];
  /** Calls that ended unanswered, until a person has closed them. */
  text_backs: readonly TextBackView[];
  lamps: Readonly<Record<string, LampView>>;
  /** How speech follows each leg of every call, by leg id; disposable, gone when the leg is sealed. */
  channels: Readonly<Record<string, ChannelView>>;
  opening: OpeningCall | null;
  open: OpenCall | null;
  /** Server time minus local time, in milliseconds. */
  offset_ms: number;
  /** Messages of a kind this console does not know. */
  skipped: number;
}

export type Action =
  | { type: "snapshot"; snapshot: Snapshot; offset_ms: number }
  | { type: "opening"; call_id: string }
  | { type: "detail"; detail: CallDetail }
  | { type: "lamps"; lamps: readonly LampView[] }
  | { type: "past"; calls: readonly CallView[] }
  | { type: "close" }
  | { type: "disconnected" };

export const EMPTY: ConsoleState = {
  position: null,
  centre: null,
  calls: {},
  past: {},
  summaries: {},
  tty: [],
  text_backs: [],
  lamps: {},
  channels: {},
  opening: null,
  open: null,
  offset_ms: 0,
  skipped: 0,
};
