import type { ConfirmationView, DeliveryView, FieldName, PlaceMatch, Side } from "@ringdown/core";

/** What the endpoints outside the feed give and take; names are the server's. */

export type Role = "telecommunicator" | "supervisor" | "administrator" | "auditor";

export interface SessionView {
  user: { user_id: string; username: string; name: string; roles: Role[] };
  centre: { centre_id: string; name: string };
  permissions: string[];
  csrf_token: string;
  /** The password was given by an administrator: nothing else is open until it is changed. */
  must_change_password: boolean;
  previous_log_on: { at: string | null; failures: number };
}

export interface UserView {
  user_id: string;
  username: string;
  display_name: string;
  roles: Role[];
  disabled: boolean;
  locked: boolean;
  must_change_password: boolean;
  last_log_on_at: string | null;
}

export interface UserPatch {
  display_name?: string;
  roles?: Role[];
  disabled?: boolean;
  unlock?: boolean;
  new_password?: string;
}

export interface ClientView {
  client_id: string;
  name: string;
  scopes: string[];
  disabled: boolean;
  last_used_at: string | null;
}

/** An utterance that a language model's sentence rests on; times are on the call's clock. */
export interface Cite {
  utterance_id: string;
  side: string;
  start_ms: number;
  end_ms: number;
}

export interface NarrativeSentence {
  number: number;
  text: string;
  cites: Cite[];
  model: string;
  at: string;
  replaces: number | null;
  replaced_by: number | null;
}

export interface NarrativeProposal {
  field: string;
  value: string;
  cites: Cite[];
  model: string;
  at: string;
}

/** What a language model wrote on a call: tokens in place of personal values unless `revealed`. */
export interface NarrativeView {
  call_id: string;
  version: number;
  model: string | null;
  off: boolean;
  switched_by: { user_id: string; name: string } | null;
  switched_at: string | null;
  sentences: NarrativeSentence[];
  proposals: NarrativeProposal[];
  withheld: number;
  reasons: Record<string, number>;
  revealed: boolean;
}

export interface LegRecording {
  leg_id: string;
  side: Side;
  gaps: { from_ms: number; to_ms: number }[];
}

export interface ClientSecret extends ClientView {
  client_secret: string;
}

/** What joins one room of the media server, for one person and one call. The token is a secret. */
export interface ListeningGrant {
  session_id: string;
  url: string;
  token: string;
}

/** Who listens to what, and where they are; positions are milliseconds on the call's clock. */
export interface ListeningSession {
  session_id: string;
  call_id: string;
  listener: string;
  listener_kind: string;
  state: string;
  created_at: string;
  joined_at: string | null;
  closed_at: string | null;
  closed_because: string | null;
  position_ms: number | null;
  duration_ms: number | null;
  paused: boolean | null;
}

export interface PartnerEndpoint {
  endpoint_id: string;
  client_id: string;
  name: string;
  url: string;
  events: string[];
  include_demo: boolean;
  enabled: boolean;
  disabled_because: string | null;
  auth: string;
  allow_private: boolean;
  created_at: string;
  last_success_at: string | null;
  last_error: { code: string; text: string; at: string } | null;
  queued: number;
  dead: number;
}

/** An endpoint with its signing secret, which is told this once. */
export interface PartnerEndpointSecret extends PartnerEndpoint {
  secret: string;
}

/** What an administrator sets of an endpoint. Credentials go out and never come back. */
export interface EndpointForm {
  name: string;
  url: string;
  events: string[];
  include_demo: boolean;
  allow_private: boolean;
  auth: EndpointAuth;
}

export type EndpointAuth =
  | { kind: "none" }
  | { kind: "bearer"; token: string }
  | { kind: "oauth"; token_url: string; client_id: string; client_secret: string };

export interface PartnerDelivery {
  delivery_id: string;
  endpoint_id: string;
  event_id: string;
  type: string;
  incident_id: string;
  state: "queued" | "retrying" | "delivered" | "dead";
  attempts: number;
  next_attempt_at: string | null;
  last_status: number | null;
  last_error: { code: string; text: string } | null;
  created_at: string;
  delivered_at: string | null;
  redelivery_of: string | null;
  redelivered_as: string | null;
}

export interface AuditRow {
  seq: number;
  at: string;
  tag: string;
  actor_kind: string;
  actor_id: string;
  actor_name: string;
  subject: string;
  details: Record<string, unknown>;
}

/** `next` is the `after` of the following page, `null` at the end. */
export interface AuditPage {
  rows: AuditRow[];
  next: number | null;
}

export interface NameFound {
  name: string;
  kind: "street" | "place" | "business";
  lat: number | null;
  lon: number | null;
}

/** The local names of a centre: how many, from where, and those that were searched for. */
export interface NamesView {
  count: number;
  version: string | null;
  source: string | null;
  loaded_at: string | null;
  loaded_by: string | null;
  found: NameFound[];
}

/** What became of a file of names; a refused row is named by its line or the place of its feature. */
export interface NamesReport {
  count: number;
  version: string;
  changed: boolean;
  rows: number;
  taken: number;
  merged: number;
  refused: number;
  first_refused: { row: number; reason: string }[];
}

export interface Waveform {
  from_ms: number;
  to_ms: number;
  bucket_ms: number;
  live_edge_ms: number;
  sides: Record<Side, number[]>;
}

export interface AudioPiece {
  bytes: ArrayBuffer;
  from_ms: number;
  to_ms: number;
  live_edge_ms: number;
}

export interface IncidentTypes {
  types: { code: string; label: string; category: string }[];
  severities: string[];
  /** For each field with few values: what it may be. */
  choices: Record<string, { value: string; label: string }[]>;
}

export type Versions = Partial<Record<FieldName, number>>;
export type { ConfirmationView, DeliveryView };

export type StreetLayer = "roads" | "addresses" | "landmarks" | "mileposts";

/** A part of the map in WGS84 degrees. */
export interface MapBox {
  west: number;
  south: number;
  east: number;
  north: number;
}

/** The agency's own map: its layers, and the part of the world that it covers. */
export interface StreetsView {
  layers: {
    layer: StreetLayer;
    count: number;
    version: string;
    source: string;
    loaded_at: string;
    loaded_by: string;
  }[];
  bounds: MapBox | null;
}

export interface StreetsReport {
  layer: StreetLayer;
  count: number;
  version: string;
  changed: boolean;
  rows: number;
  refused: number;
  first_refused: { row: number; reason: string }[];
}

/** GeoJSON of roads and landmarks; not complete where there are too many to draw at once. */
export interface StreetMap {
  type: "FeatureCollection";
  features: unknown[];
  complete: boolean;
}

/** A place of the agency's map that a text may mean; score from 0 to 1. */
export type FoundPlace = PlaceMatch;
