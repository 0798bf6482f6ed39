/**
 * The views, facts and signals as the server writes them on the wire. Every name here is the
 * server's; nothing is renamed on the way in, so that a log line and a screen use the same words.
 * Times on the call clock are whole milliseconds since the call's first instant.
 */
import type { Person } from "./person";
import type {
  ConsentView,
  FixView,
  LinkView,
  MessageView,
  PhoneBodies,
  ResponderLinkView,
  TextBackView,
  UploadView,
  VideoHealth,
  ViewingView,
} from "./phone";

export type { Person } from "./person";

export type Side = "caller" | "call_taker";
export type CallState = "ringing" | "active" | "held" | "interrupted" | "ended";
export type Attention = "source_lost" | "abandoned";

export interface Ali {
  text: string | null;
  lat: number | null;
  lon: number | null;
  uncertainty_m: number | null;
  provider: string | null;
  at: string | null;
  /** Left out where nobody told it. */
  class_of_service?: string | null;
  altitude_m?: number | null;
}

export interface LegView {
  leg_id: string;
  side: Side;
  started_at: string;
  start_ms: number;
  codec: string;
  rate: number;
  state: "recording" | "ended" | "sealed";
  duration_ms: number | null;
}

export interface CallView {
  call_id: string;
  external_id: string;
  source: string;
  direction: string;
  state: CallState;
  started_at: string;
  answered_at: string | null;
  ended_at: string | null;
  end_reason: string | null;
  ani: string | null;
  ali: Ali | null;
  demo: boolean;
  assigned_to: Person | null;
  attention: Attention | null;
  legs: LegView[];
}

export interface NoteView {
  note_id: string;
  call_id: string;
  text: string;
  version: number;
  by: Person;
  at: string;
}

export interface EventView {
  type: string;
  at_ms: number;
  data: Record<string, unknown>;
}

export interface GapView {
  leg_id: string;
  side: Side;
  from_ms: number;
  to_ms: number;
}

export interface WordView {
  word: string;
  start_ms: number;
  end_ms: number;
  confidence: number | null;
  timing_estimated: boolean;
  doubtful: boolean;
  /** Part of a number, a name or an address: to be checked, however sure the recogniser was. */
  unconfirmed: boolean;
}

/** A number among the words `first_word`…`last_word`; `written` is its likeliest reading. */
export interface NumberView {
  first_word: number;
  last_word: number;
  kind: string;
  written: string;
  alternatives: string[];
}

/** Local names beside the words `first_word`…`last_word`, the nearest first. */
export interface SuggestionView {
  first_word: number;
  last_word: number;
  names: { name: string; score: number }[];
}

export interface UtteranceView {
  utterance_id: string;
  call_id: string;
  leg_id: string;
  side: Side;
  start_ms: number;
  end_ms: number;
  text: string;
  revision: number;
  engine: string;
  doubtful: boolean;
  words: WordView[];
  /** Why the whole is doubtful, as codes. */
  doubts: string[];
  numbers: NumberView[];
  suggestions: SuggestionView[];
}

/** A sound that is no speech and means something: keys, a text telephone, a fax, a busy line. */
export interface ToneView {
  leg_id: string;
  side: Side;
  tone: string;
  digits: string | null;
  start_ms: number;
  end_ms: number;
}

export type ChannelMode = "live" | "partials_shed" | "no_partials" | "catching_up";

/** How speech follows one side of a call: which engine listens and how far behind its words are. */
export interface ChannelView {
  leg_id: string;
  side: Side;
  lag_ms: number;
  engine: string;
  mode: ChannelMode;
}

/** In the order in which a person reads them: what matters first stands first. */
export const FIELD_NAMES = [
  "type",
  "category",
  "emergency",
  "location",
  "severity",
  "victims",
  "callback_number",
  "persons",
  "vehicles",
  "weapons",
  "hazards",
  "relation",
] as const;
export type FieldName = (typeof FIELD_NAMES)[number];
export type FieldState = "unknown" | "proposed" | "edited" | "confirmed" | "rejected";

export interface Evidence {
  utterance_id: string;
  side: Side;
  word_from: number;
  word_to: number;
  start_ms: number;
  end_ms: number;
  quote: string;
}

export interface Alternative {
  value: string;
  text: string;
  confidence: number | null;
  evidence: Evidence[];
}

export interface FieldView {
  name: FieldName;
  value: string | null;
  text: string | null;
  confidence: number | null;
  state: FieldState;
  version: number;
  evidence: Evidence[];
  reason: string | null;
  alternatives: Alternative[];
  suggestion: Alternative | null;
  by: Person | null;
  at: string | null;
  origin: "heard" | "typed" | null;
  /** What the location may be on the agency's own map, best first; left out where there is none. */
  matches?: PlaceMatch[];
}

export type MatchKind = "address" | "block" | "intersection" | "street" | "landmark" | "milepost";

/** A place of the agency's own map that a spoken one may mean; score from 0 to 1. */
export interface PlaceMatch {
  text: string;
  score: number;
  lat: number;
  lon: number;
  kind: MatchKind;
}

export const PLACE_SOURCES = ["spoken", "network", "device", "typed", "caller_link"] as const;
export type PlaceSource = (typeof PLACE_SOURCES)[number];

/** What one source says of the place. An unknown uncertainty is `null`, never exact. */
export interface PlaceView {
  source: PlaceSource;
  text: string | null;
  lat: number | null;
  lon: number | null;
  uncertainty_m: number | null;
  confidence_percent: number | null;
  method: string | null;
  at: string | null;
  evidence: Evidence[];
  match: PlaceMatch | null;
  altitude_m?: number | null;
  altitude_uncertainty_m?: number | null;
  floor?: string | null;
}

/** Two sources that cannot both be right. */
export interface Disagreement {
  one: PlaceSource;
  other: PlaceSource;
  reason: string;
  distance_m: number | null;
}

export type CueState = "open" | "dismissed" | "withdrawn";

/** A sign of danger to life, as it was said; `raised` counts how often it came up. */
export interface CueView {
  cue_id: string;
  kind: string;
  text: string;
  state: CueState;
  confidence: number;
  evidence: Evidence[];
  reason: string;
  raised: number;
  by: Person | null;
  at: string | null;
}

export type Topic =
  | FieldName
  | "safety"
  | "breathing"
  | "conscious"
  | "name"
  | "age"
  | "direction"
  | "other";

/** Something to ask: asked and not answered, or, where `asked` is `null`, suggested. */
export interface QuestionView {
  topic: Topic;
  text: string;
  asked: Evidence | null;
}

/** A draft as the server sends it: what is empty is left out, an old one has fewer fields. */
export interface SentDraft {
  call_id: string;
  incident_id: string;
  version: number;
  fields: Partial<Record<FieldName, FieldView>>;
  confirmations: number;
  sent_version: number | null;
  cues?: CueView[];
  questions?: QuestionView[];
  places?: PlaceView[];
  disagreements?: Disagreement[];
}

/** A draft as the console holds it: everything is there, if only as unknown. */
export interface DraftView extends SentDraft {
  fields: Record<FieldName, FieldView>;
  cues: CueView[];
  questions: QuestionView[];
  places: PlaceView[];
  disagreements: Disagreement[];
}

export interface ConfirmedField {
  value: string | null;
  text: string | null;
  origin: "heard" | "typed" | null;
  evidence: Evidence[];
  before: string | null;
  after: string | null;
}

export interface ConfirmationView {
  confirmation_id: string;
  call_id: string;
  incident_id: string;
  sequence: number;
  draft_version: number;
  by: Person;
  at: string;
  digest: string;
  fields: Partial<Record<FieldName, ConfirmedField>>;
  /** Left out where it is active, as every one was before there were others. */
  state?: "active" | "reopened" | "cancelled";
  /** Why it was cancelled; only then. */
  reason?: string | null;
}

export type DeliveryState =
  | "queued"
  | "sending"
  | "retrying"
  | "acknowledged"
  | "dead"
  | "held";

export interface DeliveryView {
  delivery_id: string;
  call_id: string;
  confirmation_id: string;
  sequence: number;
  state: DeliveryState;
  attempts: number;
  next_attempt_at: string | null;
  last_error: { code: string; text: string } | null;
  acknowledged_at: string | null;
  cad_incident_id: string | null;
}

export type LampState = "ok" | "warn" | "down" | "off" | "working";

export interface LampView {
  name: string;
  state: LampState;
  since: string;
  text: string;
  still_works: string;
}

export interface DraftSummary {
  type_text: string | null;
  location_text: string | null;
  severity: string | null;
}

export interface CentreView {
  centre_id: string;
  name: string;
}

export interface Snapshot {
  position: number;
  now: string;
  centre: CentreView;
  calls: CallView[];
  lamps: LampView[];
  drafts: Record<string, DraftSummary>;
  /** Calls on which the tones of a text telephone were heard. */
  tty: string[];
  text_backs?: TextBackView[];
}

export interface CallDetail {
  position: number;
  call: CallView;
  events: EventView[];
  notes: NoteView[];
  utterances: UtteranceView[];
  draft: SentDraft | null;
  confirmations: ConfirmationView[];
  deliveries: DeliveryView[];
  tones: ToneView[];
  /** Left out by servers that know of no language model. */
  narrative?: NarrativeMark;
  consents?: ConsentView[];
  links?: LinkView[];
  fixes?: FixView[];
  messages?: MessageView[];
  viewings?: ViewingView[];
  uploads?: UploadView[];
  responder_links?: ResponderLinkView[];
  gaps?: GapView[];
}

export interface EditConflict {
  field: FieldName;
  attempted_value: string | null;
  by: Person;
  current_version: number;
}

/** How far a language model has come with a call; what it wrote is asked for apart. */
export interface NarrativeMark {
  version: number;
  sentences: number;
  withheld: number;
  off: boolean;
}

/** The body of each durable fact, by kind. */
export interface FactBodies extends PhoneBodies {
  "calls.call.started.v1": { call: CallView };
  "calls.call.changed.v1": { call: CallView };
  "calls.call.ended.v1": { call: CallView };
  "calls.event.noted.v1": EventView;
  "calls.note.written.v1": { note: NoteView };
  "media.leg.opened.v1": { leg: { leg_id: string; side: Side; start_ms: number } };
  "media.gap.found.v1": GapView & { reason: string };
  "media.leg.completed.v1": { leg_id: string; side: Side; duration_ms: number };
  "media.leg.sealed.v1": {
    leg_id: string;
    side: Side;
    sha256: string;
    duration_ms: number;
    bytes: number;
  };
  "speech.utterance.finalised.v1": { utterance: UtteranceView };
  "speech.tone.heard.v1": ToneView;
  "incidents.draft.revised.v1": {
    draft: SentDraft;
    changed: FieldName[];
    because: "heard" | "person";
  };
  "incidents.edit.conflicted.v1": EditConflict;
  "incidents.incident.confirmed.v1": { confirmation: ConfirmationView };
  "cad.delivery.changed.v1": { delivery: DeliveryView };
  /** For other systems; the console has the confirmation that it tells of. */
  "cad.incident.summarised.v1": { summary: object };
  "assist.narrative.changed.v1": { narrative: NarrativeMark };
}

export type FactKind = keyof FactBodies;
export type Fact = {
  [K in FactKind]: {
    type: "fact";
    position: number;
    event_id: string;
    kind: K;
    at: string;
    call_id: string | null;
    body: FactBodies[K];
  };
}[FactKind];

/** The body of each disposable signal, by kind. */
export interface SignalBodies {
  "speech.utterance.partial.v1": { utterance: UtteranceView };
  "speech.channel.changed.v1": { channel: ChannelView };
  "ops.lamp.changed.v1": { lamp: LampView };
  "video.health.changed.v1": { health: VideoHealth };
}

export type SignalKind = keyof SignalBodies;
export type Signal = {
  [K in SignalKind]: {
    type: "signal";
    kind: K;
    call_id: string | null;
    body: SignalBodies[K];
  };
}[SignalKind];
