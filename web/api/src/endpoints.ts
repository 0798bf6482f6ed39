import type {
  CallDetail,
  CallView,
  ConfirmationView,
  DeliveryView,
  FieldName,
  FieldView,
  LampView,
  NoteView,
  SentDraft,
  Snapshot,
} from "@ringdown/core";

import type { Client, Json, Session } from "./client";
import type {
  AudioPiece,
  AuditPage,
  ClientSecret,
  ClientView,
  EndpointForm,
  FoundPlace,
  IncidentTypes,
  LegRecording,
  ListeningGrant,
  ListeningSession,
  MapBox,
  NarrativeView,
  NamesReport,
  NamesView,
  PartnerDelivery,
  PartnerEndpoint,
  PartnerEndpointSecret,
  SessionView,
  StreetLayer,
  StreetMap,
  StreetsReport,
  StreetsView,
  UserPatch,
  UserView,
  Versions,
  Waveform,
} from "./types";
import { upload } from "./upload";

const call = (id: string): string => `/v1/calls/${encodeURIComponent(id)}`;
const endpoint = (id: string): string => `/v1/partners/endpoints/${encodeURIComponent(id)}`;
const fieldPath = (id: string, name: FieldName): string => `${call(id)}/incident/fields/${name}`;
const millis = (headers: Headers, name: string, otherwise: number): number =>
  Number(headers.get(name) ?? otherwise);

/** Every request the console makes, by name. One line each: the paths live nowhere else. */
export function endpoints(client: Client, session: Session) {
  const json = client.json.bind(client);
  return {
    setupNeeded: () => json<{ needed: boolean }>("GET", "/v1/setup"),
    setUp: (body: {
      token: string;
      centre_name: string;
      username: string;
      display_name: string;
      password: string;
    }) => json<SessionView>("POST", "/v1/setup", body),

    session: () => json<SessionView>("GET", "/v1/session"),
    signIn: (username: string, password: string) =>
      json<SessionView>("POST", "/v1/session", { username, password }),
    signOut: () => json<undefined>("DELETE", "/v1/session"),
    changePassword: (current: string, next: string) =>
      json<SessionView>("POST", "/v1/session/password", { current, new: next }),

    snapshot: () => json<Snapshot>("GET", "/v1/console/snapshot"),
    detail: (id: string) => json<CallDetail>("GET", `/v1/console/calls/${encodeURIComponent(id)}`),
    recording: async (id: string) =>
      (await json<{ legs: LegRecording[] }>("GET", `${call(id)}/recording`)).legs,
    lamps: async () => (await json<{ lamps: LampView[] }>("GET", "/v1/ops/lamps")).lamps,

    endedCalls: async (limit: number) =>
      (await json<{ calls: CallView[] }>("GET", `/v1/calls?state=ended&limit=${limit}`)).calls,
    startDemo: () => json<{ external_id: string }>("POST", "/v1/demo"),
    takeCall: (id: string) => json<CallView>("POST", `${call(id)}/assign`),
    closeCall: (id: string, reason: string) =>
      json<CallView>("POST", `${call(id)}/close`, { reason }),
    writeNote: (id: string, text: string) => json<NoteView>("POST", `${call(id)}/notes`, { text }),
    changeNote: (id: string, noteId: string, text: string, baseVersion: number) =>
      json<NoteView>("PUT", `${call(id)}/notes/${encodeURIComponent(noteId)}`, {
        text,
        base_version: baseVersion,
      }),

    editField: (id: string, name: FieldName, value: string, baseVersion: number) =>
      json<FieldView>("PUT", fieldPath(id, name), { value, base_version: baseVersion }),
    confirmField: (id: string, name: FieldName, baseVersion: number) =>
      json<FieldView>("POST", `${fieldPath(id, name)}/confirm`, { base_version: baseVersion }),
    rejectField: (id: string, name: FieldName, baseVersion: number) =>
      json<FieldView>("POST", `${fieldPath(id, name)}/reject`, { base_version: baseVersion }),
    /** Confirms these fields together, all or none; nothing is sent. */
    confirmFields: (id: string, versions: Versions) =>
      json<SentDraft>("POST", `${call(id)}/incident/fields/confirm`, { versions }),
    dismissCue: (id: string, cueId: string) =>
      json<SentDraft>("POST", `${call(id)}/incident/cues/${encodeURIComponent(cueId)}/dismiss`, {}),
    confirmAll: (id: string, versions: Versions) =>
      json<ConfirmationView>("POST", `${call(id)}/incident/confirm`, { versions }),
    cancelIncident: (id: string, sequence: number, reason: string) =>
      json<ConfirmationView>("POST", `${call(id)}/incident/cancel`, { sequence, reason }),
    incidentTypes: () => json<IncidentTypes>("GET", "/v1/incident-types"),
    printPath: (id: string) => `${call(id)}/incident/print`,
    retryDelivery: (id: string) =>
      json<DeliveryView>("POST", `/v1/cad/deliveries/${encodeURIComponent(id)}/retry`),

    async audio(id: string, fromMs: number, toMs: number, signal?: AbortSignal): Promise<AudioPiece> {
      const path = `${call(id)}/audio?from_ms=${fromMs}&to_ms=${toMs}&sides=both`;
      const answer = await client.raw("GET", path, undefined, signal);
      return {
        bytes: await answer.arrayBuffer(),
        from_ms: millis(answer.headers, "X-From-Ms", fromMs),
        to_ms: millis(answer.headers, "X-To-Ms", toMs),
        live_edge_ms: millis(answer.headers, "X-Live-Edge-Ms", toMs),
      };
    },
    waveform: (id: string, fromMs: number, toMs: number, bucketMs: number) =>
      json<Waveform>(
        "GET",
        `${call(id)}/waveform?from_ms=${fromMs}&to_ms=${toMs}&bucket_ms=${bucketMs}`,
      ),

    listen: (id: string, autoplay: boolean) =>
      json<ListeningGrant>("POST", `${call(id)}/listening`, { autoplay }),
    stopListening: (sessionId: string) =>
      json<undefined>("DELETE", `/v1/listening/${encodeURIComponent(sessionId)}`),
    listening: async () =>
      (await json<{ sessions: ListeningSession[] }>("GET", "/v1/listening")).sessions,

    endpoints: async () =>
      (await json<{ endpoints: PartnerEndpoint[] }>("GET", "/v1/partners/endpoints")).endpoints,
    addEndpoint: (body: EndpointForm & { client_id: string }) =>
      json<PartnerEndpointSecret>("POST", "/v1/partners/endpoints", { ...body }),
    changeEndpoint: (id: string, patch: Partial<EndpointForm> & { enabled?: boolean }) =>
      json<PartnerEndpoint>("PATCH", endpoint(id), { ...patch }),
    removeEndpoint: (id: string) => json<undefined>("DELETE", endpoint(id)),
    rotateEndpoint: (id: string) => json<PartnerEndpointSecret>("POST", `${endpoint(id)}/rotate`),
    testEndpoint: (id: string) => json<PartnerDelivery>("POST", `${endpoint(id)}/test`),
    partnerDeliveries: async (query: Record<string, string>) =>
      (
        await json<{ deliveries: PartnerDelivery[] }>(
          "GET",
          `/v1/partners/deliveries?${new URLSearchParams(query).toString()}`,
        )
      ).deliveries,
    redeliver: (id: string) =>
      json<PartnerDelivery>("POST", `/v1/partners/deliveries/${encodeURIComponent(id)}/redeliver`),
    redeliverRange: (endpointId: string, from: string, to: string) =>
      json<{ count: number }>("POST", "/v1/partners/redeliver", { endpoint_id: endpointId, from, to }),

    users: async () => (await json<{ users: UserView[] }>("GET", "/v1/users")).users,
    addUser: (body: {
      username: string;
      display_name: string;
      password: string;
      roles: string[];
    }) => json<UserView>("POST", "/v1/users", body),
    changeUser: (id: string, patch: UserPatch) =>
      json<UserView>("PATCH", `/v1/users/${encodeURIComponent(id)}`, patch as Json),
    clients: async () => (await json<{ clients: ClientView[] }>("GET", "/v1/clients")).clients,
    addClient: (name: string, scopes: string[]) =>
      json<ClientSecret>("POST", "/v1/clients", { name, scopes }),
    rotateClient: (id: string) =>
      json<ClientSecret>("POST", `/v1/clients/${encodeURIComponent(id)}/rotate`),
    disableClient: (id: string) =>
      json<undefined>("DELETE", `/v1/clients/${encodeURIComponent(id)}`),
    names: (search: string) =>
      json<NamesView>("GET", `/v1/names?limit=50${search ? `&search=${encodeURIComponent(search)}` : ""}`),
    /** Replaces every name by those of the file, or adds them to those there are. */
    loadNames: (file: File, replace: boolean, progress: (share: number) => void) =>
      upload<NamesReport>(session, replace ? "PUT" : "POST", `/v1/names?source=${encodeURIComponent(file.name.slice(0, 200))}`, file, progress),
    streets: () => json<StreetsView>("GET", "/v1/streets"),
    /** The roads and landmarks of a part of the agency's map. */
    streetMap: ({ west, south, east, north }: MapBox) =>
      json<StreetMap>("GET", `/v1/streets/map?west=${west}&south=${south}&east=${east}&north=${north}`),
    matchPlace: async (text: string) =>
      (await json<{ found: FoundPlace[] }>("POST", "/v1/streets/match", { text })).found,
    loadStreets: (file: File, layer: StreetLayer | null, progress: (share: number) => void) =>
      upload<StreetsReport>(session, "PUT", `/v1/streets?${layer === null ? "" : `layer=${layer}&`}source=${encodeURIComponent(file.name.slice(0, 200))}`, file, progress),
    removeStreets: (layer: StreetLayer) => json<undefined>("DELETE", `/v1/streets?layer=${layer}`),
    narrative: (id: string) => json<NarrativeView>("GET", `${call(id)}/narrative`),
    /** The same with the personal values; who saw them is written down. */
    revealNarrative: (id: string) => json<NarrativeView>("POST", `${call(id)}/narrative/reveal`),
    switchNarrative: (id: string, off: boolean) =>
      json<NarrativeView>("PUT", `${call(id)}/narrative/switch`, { off }),
    removeNames: () => json<undefined>("DELETE", "/v1/names"),
    audit: (after: number, limit: number) =>
      json<AuditPage>("GET", `/v1/audit?after=${after}&limit=${limit}`),
  };
}

export type Api = ReturnType<typeof endpoints>;
