import type { Person } from "./person";

export type Share = "location" | "video" | "upload" | "chat";
export type Language = "en" | "es" | "zh" | "vi" | "ko" | "tl" | "ru" | "ar" | "fr" | "pt" | "ht";

/** What a caller was asked and answered; `at_ms` is the second of the call's audio. */
export interface ConsentView {
  consent_id: string;
  call_id: string;
  shares: Share[];
  outcome: "agreed" | "refused" | "overridden" | "withdrawn";
  via: "voice" | "page";
  at_ms: number;
  by: Person | null;
  language: Language;
  reason: string | null;
  link_id: string | null;
  /** The phone it is about, where that is not the one that calls. */
  number: string | null;
  at: string;
}

export type CallerLinkState =
  | "made"
  | "sent"
  | "opened"
  | "sharing"
  | "stopped"
  | "expired"
  | "revoked"
  | "failed";

export interface LinkView {
  link_id: string;
  call_id: string;
  consent_id: string;
  shares: Share[];
  number: string;
  language: Language;
  state: CallerLinkState;
  /** What the caller agreed to on their page and has not stopped. */
  agreed: Share[];
  /** What the phone shares at this moment. */
  sharing: Share[];
  message_id: string | null;
  made_by: Person;
  made_at: string;
  expires_at: string;
  opened_at: string | null;
  ended_at: string | null;
  device: string | null;
  refused_devices: number;
  quiet_since: string | null;
  offer: "undelivered" | "unopened" | "media_dead" | "quiet" | null;
  reason: string | null;
}

/** Where the caller's phone says it is: WGS84, metres, 95 % confidence. */
export interface FixView {
  fix_id: string;
  call_id: string;
  link_id: string;
  lat: number;
  lon: number;
  accuracy_m: number;
  altitude_m: number | null;
  altitude_accuracy_m: number | null;
  floor: string | null;
  heading_deg: number | null;
  speed_mps: number | null;
  at: string;
  received_at: string;
  at_ms: number;
}

export interface MessageView {
  message_id: string;
  call_id: string;
  number: string;
  channel: "sms" | "page";
  direction: "out" | "in";
  kind: "link" | "text" | "question" | "text_back" | "keyword";
  text: string;
  state: "manual" | "queued" | "sent" | "delivered" | "undelivered" | "failed" | "received";
  segments: number;
  error: string | null;
  by: Person | null;
  link_id: string | null;
  question: string | null;
  meaning: string | null;
  attachments: string[];
  at: string;
  changed_at: string;
}

/** A call that ended before anybody answered, until a person closes it with a reason. */
export interface TextBackView {
  call_id: string;
  number: string | null;
  state: "waiting" | "texted" | "answered" | "closed";
  due_at: string;
  texted_at: string | null;
  answered_at: string | null;
  closed_at: string | null;
  reason: string | null;
  by: Person | null;
  unmatched: boolean;
  silent: boolean;
}

export interface ViewingView {
  viewing_id: string;
  call_id: string;
  subject: "video" | "upload" | "recording";
  subject_id: string;
  by: Person;
  started_at: string;
  ended_at: string | null;
  shown_ms: number;
  taken_over_by: Person | null;
  /** The viewing of another person that this one took over. */
  instead_of: string | null;
}

export interface VideoHealth {
  link_id: string;
  state: "none" | "live" | "slides" | "dead";
  width: number;
  height: number;
  fps: number;
  kbps: number;
  loss_percent: number;
  carries_audio: boolean;
  at: string;
}

export interface UploadView {
  upload_id: string;
  call_id: string;
  link_id: string | null;
  via: "page" | "mms" | "recording";
  state: "receiving" | "checking" | "quarantined" | "viewed" | "refused" | "removed";
  kind: "photo" | "video" | null;
  content_type: string | null;
  size: number;
  received: number;
  sha256: string | null;
  metadata?: Record<string, string>;
  reason: string | null;
  at: string;
  changed_at: string;
}

export interface ResponderLinkView {
  link_id: string;
  call_id: string;
  role: "police" | "fire" | "ems" | "other";
  to: string;
  shows: ("incident" | "location" | "video" | "text")[];
  state: "active" | "expired" | "revoked";
  made_by: Person;
  made_at: string;
  expires_at: string;
  opens: number;
  last_opened_at: string | null;
  revoked_by: Person | null;
}

/** What an open call shows of the caller's phone, as the server sends it; each in order of its ids. */
export interface SentPhone {
  consents: readonly ConsentView[];
  links: readonly LinkView[];
  fixes: readonly FixView[];
  messages: readonly MessageView[];
  viewings: readonly ViewingView[];
  uploads: readonly UploadView[];
  responder_links: readonly ResponderLinkView[];
}

/** The same, and how each link's video comes through now; nobody knows that after a gap. */
export interface Phone extends SentPhone {
  health: Readonly<Record<string, VideoHealth>>;
}

export interface PhoneBodies {
  "texting.message.changed.v1": { message: MessageView };
  "texting.text_back.changed.v1": { text_back: TextBackView };
  "caller.consent.recorded.v1": { consent: ConsentView };
  "caller.link.changed.v1": { link: LinkView };
  "caller.location.fixed.v1": { fix: FixView };
  "video.viewing.changed.v1": { viewing: ViewingView };
  "uploads.upload.changed.v1": { upload: UploadView };
  "responders.link.changed.v1": { link: ResponderLinkView };
}

export const NO_PHONE: Phone = {
  consents: [],
  links: [],
  fixes: [],
  messages: [],
  viewings: [],
  uploads: [],
  responder_links: [],
  health: {},
};

/** The phone's part of a call's detail. */
export function phoneOf(sent: Partial<SentPhone>): Phone {
  return {
    consents: sent.consents ?? [],
    links: sent.links ?? [],
    fixes: sent.fixes ?? [],
    messages: sent.messages ?? [],
    viewings: sent.viewings ?? [],
    uploads: sent.uploads ?? [],
    responder_links: sent.responder_links ?? [],
    health: {},
  };
}

/** With this one in the place of the one with its id, in the order of ids. */
export function byId<T>(list: readonly T[], item: T, id: (one: T) => string): readonly T[] {
  const own = id(item);
  const at = list.findIndex((one) => id(one) >= own);
  if (at < 0) return [...list, item];
  return id(list[at] as T) === own ? list.with(at, item) : list.toSpliced(at, 0, item);
}
