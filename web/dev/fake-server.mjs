/**
 * A stand-in for the server: the same endpoints, one scripted call, everything in memory. It serves
 * the built console, so that pages can be looked at and tried without Python. Development only.
 *
 *   node dev/fake-server.mjs [--port 8911] [--setup] [--speed 1]
 *
 * Sign in as dana / correct horse battery. `POST /fake/…` breaks things on purpose (see `breakIt`).
 */
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

import { WebSocketServer } from "ws";

import { emptyPhone, fakePhone } from "./fake-phone.mjs";
import { BEATS, EXTRACT, LENGTH_MS, TYPES } from "./script.mjs";

const option = (name, otherwise) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : (process.argv[at + 1] ?? true);
};
const PORT = Number(option("port", 8911));
const SPEED = Number(option("speed", 1));
const STATIC = fileURLToPath(new URL("../../src/ringdown/console/static", import.meta.url));
const FIELDS = [
  "emergency", "category", "type", "location", "victims", "severity", "callback_number",
  "persons", "vehicles", "weapons", "hazards", "relation",
];
const CSP = "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

let setupNeeded = process.argv.includes("--setup");
let signedIn = true;
const people = {
  dana: { user_id: "user_1", username: "dana", name: "Dana Reyes", roles: ["administrator", "telecommunicator"] },
  sam: { user_id: "user_2", username: "sam", name: "Sam Okafor", roles: ["telecommunicator"] },
};
const PERMISSIONS = "calls:read calls:write calls:note media:listen incidents:read incidents:edit incidents:confirm cad:read cad:retry ops:read ops:manage demo:start identity:manage audit:read names:read names:write partners:read partners:manage texting:send caller:ask caller:override video:view video:take_over uploads:view uploads:export responders:share session:self".split(" ");
const iso = (ms = Date.now()) => new Date(ms).toISOString();
const users = Object.values(people).map((p) => ({ user_id: p.user_id, username: p.username, display_name: p.name, roles: p.roles, disabled: false, locked: false, must_change_password: false, last_log_on_at: null }));
users.push({ user_id: "user_3", username: "kim", display_name: "Kim Alder", roles: ["auditor"], disabled: false, locked: true, must_change_password: false, last_log_on_at: null });
const clients = [
  { client_id: "client_01JDEMO", name: "Phone system", scopes: ["media:ingest", "calls:write"], disabled: false, last_used_at: iso() },
  { client_id: "client_01JFIELD", name: "Field app", scopes: ["incident_events"], disabled: false, last_used_at: iso(Date.now() - 90_000) },
  { client_id: "client_01JOLD", name: "Last year's app", scopes: ["incident_events"], disabled: true, last_used_at: iso(Date.now() - 9e9) },
];
const endpoints = [];
const partnerDeliveries = [];
/** One event on its way; `mode` says what becomes of it. */
function partnerDelivery(endpoint, type, mode, agoMs = 0, more = {}) {
  const bad = { code: "partners.receiver.refused", text: "The receiver answered 500." };
  const states = {
    ok: { state: "delivered", attempts: 1, last_status: 200, delivered_at: iso(Date.now() - agoMs + 180) },
    retry: { state: "retrying", attempts: 3, last_status: 500, last_error: bad, next_attempt_at: iso(Date.now() + 95_000) },
    dead: { state: "dead", attempts: 12, last_error: { code: "partners.receiver.timeout", text: "No answer within 15 seconds." } },
    queued: { state: "queued" },
  };
  const made = { delivery_id: id("whd"), endpoint_id: endpoint.endpoint_id, event_id: id("evt"), type, incident_id: "6f2c1a34-5b6d-4e7f-8a90-b1c2d3e4f506", state: "queued", attempts: 0, next_attempt_at: null, last_status: null, last_error: null, created_at: iso(Date.now() - agoMs), delivered_at: null, redelivery_of: null, redelivered_as: null, ...states[mode], ...more };
  partnerDeliveries.unshift(made);
  return made;
}
function partnerEndpoint(name, url, more = {}) {
  const made = { endpoint_id: id("whe"), client_id: "client_01JFIELD", name, url, events: ["incident_metadata", "caller_location", "media"], include_demo: false, enabled: true, disabled_because: null, auth: "none", allow_private: false, created_at: iso(), last_success_at: null, last_error: null, ...more };
  endpoints.push(made);
  return made;
}
const endpointView = (one) => ({ ...one, queued: partnerDeliveries.filter((d) => d.endpoint_id === one.endpoint_id && ["queued", "retrying"].includes(d.state)).length, dead: partnerDeliveries.filter((d) => d.endpoint_id === one.endpoint_id && d.state === "dead" && !d.redelivered_as).length });
const LOCAL = ["Genesee Street", "Jennings Street", "Jenny Lind Street"].map((name) => ({ name, kind: "street", lat: null, lon: null }));
const local = { names: [], source: null, version: null, loaded_at: null, loaded_by: null };
let counter = 0;
const id = (prefix) => `${prefix}_${String(++counter).padStart(6, "0")}`;

// --- the log of facts, and what it has made of the calls ------------------------------------------
const log = [];
const sockets = new Set();
const calls = new Map();
const began = iso(Date.now() - 42 * 60_000);
const lamps = new Map(
  [
    ["recording", "ok", "Every open leg is being recorded.", ""],
    ["speech", "ok", "Words follow within two seconds.", ""],
    ["cad", "ok", "The CAD answers.", ""],
    ["media_server", "working", "The media server is being built; nothing waits for it.", "Calls, recording, speech and the CAD."],
    ["facts", "ok", "Records are written and delivered.", ""],
  ].map(([name, state, text, still_works]) => [name, { name, state, since: began, text, still_works }]),
);

function send(socket, message) {
  if (socket.readyState === 1) socket.send(JSON.stringify(message));
}
function fact(kind, call_id, body) {
  const entry = { type: "fact", position: log.length + 1, event_id: id("evt"), kind, at: iso(), call_id, body: structuredClone(body) };
  log.push(entry);
  for (const socket of sockets) send(socket, entry);
}
function signal(kind, call_id, body) {
  for (const socket of sockets) send(socket, { type: "signal", kind, call_id, body });
}
function lamp(name, state, text, still_works = "") {
  lamps.set(name, { name, state, since: iso(), text, still_works });
  signal("ops.lamp.changed.v1", null, { lamp: lamps.get(name) });
}

function newCall({ startedAgoMs = 0, ani = "+15095550142", demo = true, over = {} } = {}) {
  const call_id = id("call");
  const started_at = iso(Date.now() - startedAgoMs);
  const leg = (side) => ({ leg_id: id("leg"), side, started_at, start_ms: 0, codec: "pcmu", rate: 8000, state: "recording", duration_ms: null });
  const view = {
    call_id, external_id: call_id, source: demo ? "demo" : "Phone system", direction: "inbound", state: "active", started_at, answered_at: started_at,
    ended_at: null, end_reason: null, ani, ali: null, demo, assigned_to: null, attention: null, legs: [leg("caller"), leg("call_taker")], ...over,
  };
  const field = (name) => ({ name, value: null, text: null, confidence: null, state: "unknown", version: 0, evidence: [], reason: null, alternatives: [], suggestion: null, by: null, at: null, origin: null });
  const call = {
    view, events: [], tones: [], notes: [], utterances: [], confirmations: [], deliveries: [], timers: [], phone: emptyPhone(),
    draft: { call_id, incident_id: `inc_${call_id}`, version: 0, fields: Object.fromEntries(FIELDS.map((n) => [n, field(n)])), confirmations: 0, sent_version: null },
  };
  calls.set(call_id, call);
  fact("calls.call.started.v1", call_id, { call: view });
  return call;
}
const changed = (call, kind = "changed") => fact(`calls.call.${kind}.v1`, call.view.call_id, { call: call.view });

function utterance(call, beat, index, text, revision) {
  const tokens = text.split(" ");
  const [start, end] = [beat.at, beat.at + beat.ms];
  const each = (end - start) / beat.text.split(" ").length;
  return {
    utterance_id: `${call.view.call_id}_u${index}`, call_id: call.view.call_id, leg_id: call.view.legs[beat.side === "caller" ? 0 : 1].leg_id, side: beat.side,
    start_ms: start, end_ms: Math.round(start + each * tokens.length), text, revision, engine: "fake",
    doubtful: beat.doubts !== undefined, doubts: beat.doubts ?? [], numbers: beat.numbers ?? [], suggestions: beat.suggestions ?? [],
    words: tokens.map((word, n) => ({ word, start_ms: Math.round(start + n * each), end_ms: Math.round(start + (n + 1) * each), confidence: beat.doubt?.includes(word) ? 0.4 : 0.95, timing_estimated: true, doubtful: beat.doubt?.includes(word) ?? false, unconfirmed: beat.check !== undefined && n >= beat.check[0] && n <= beat.check[1] })),
  };
}

function hear(call, index) {
  const found = EXTRACT[index];
  if (!found) return;
  const names = [];
  for (const [name, reading] of Object.entries(found)) {
    const field = call.draft.fields[name];
    const spoken = call.utterances.find((u) => u.utterance_id === `${call.view.call_id}_u${index}`);
    const from = reading.words[0];
    const to = reading.words[1];
    const evidence = [{ utterance_id: spoken.utterance_id, side: spoken.side, word_from: from, word_to: to, start_ms: spoken.words[from].start_ms, end_ms: spoken.words[to].end_ms, quote: spoken.words.slice(from, to + 1).map((w) => w.word).join(" ") }];
    const heard = { value: reading.value, text: reading.text, confidence: reading.confidence, evidence };
    if (["edited", "confirmed", "rejected"].includes(field.state)) {
      if (field.value === heard.value) continue;
      field.suggestion = heard;
    } else {
      const old = field.value && field.value !== heard.value ? [{ value: field.value, text: field.text, confidence: field.confidence, evidence: field.evidence }] : [];
      Object.assign(field, heard, { state: "proposed", origin: "heard", reason: "rule", alternatives: [...old, ...field.alternatives] });
    }
    field.version += 1;
    names.push(name);
  }
  if (names.length === 0) return;
  call.draft.version += 1;
  fact("incidents.draft.revised.v1", call.view.call_id, { draft: call.draft, changed: names, because: "heard" });
}

function say(call, beat, index) {
  const final = utterance(call, beat, index, beat.text, 99);
  call.utterances.push(final);
  fact("speech.utterance.finalised.v1", call.view.call_id, { utterance: final });
  hear(call, index);
}

function heardTone(call, tone, at, digits = null, ms = 1800) {
  const told = { leg_id: call.view.legs[0].leg_id, side: "caller", tone, digits, start_ms: at, end_ms: at + ms };
  call.tones.push(told);
  fact("speech.tone.heard.v1", call.view.call_id, told);
}

/** Plays the script on the clock; what lies before `fromMs` is said at once. */
function play(call, fromMs = 0) {
  const later = (ms, work) => call.timers.push(setTimeout(work, Math.max(0, ms - fromMs) / SPEED));
  BEATS.forEach((beat, index) => {
    if (beat.event) {
      const note = { type: beat.event, at_ms: beat.at, data: beat.data };
      const noted = () => { call.events.push(note); fact("calls.event.noted.v1", call.view.call_id, note); };
      return beat.at <= fromMs ? noted() : later(beat.at, noted);
    }
    if (beat.tone) {
      const heard = () => heardTone(call, beat.tone, beat.at, beat.digits);
      return beat.at <= fromMs ? heard() : later(beat.at, heard);
    }
    const end = beat.at + beat.ms + 600;
    if (end <= fromMs) return say(call, beat, index);
    const tokens = beat.text.split(" ");
    tokens.forEach((_, n) => {
      if (n > 0 && n < tokens.length && n % 2 === 0)
        later(beat.at + (beat.ms * n) / tokens.length, () => signal("speech.utterance.partial.v1", call.view.call_id, { utterance: utterance(call, beat, index, tokens.slice(0, n).join(" "), n) }));
    });
    later(end, () => say(call, beat, index));
  });
  later(LENGTH_MS, () => {
    Object.assign(call.view, { state: "ended", ended_at: iso(), end_reason: "hangup" });
    for (const leg of call.view.legs) Object.assign(leg, { state: "sealed", duration_ms: LENGTH_MS });
    changed(call, "ended");
  });
}

// --- sound ------------------------------------------------------------------------------------------
const edgeOf = (call) => (call.view.ended_at ? Date.parse(call.view.ended_at) : Date.now()) - Date.parse(call.view.started_at);
function level(call, side, ms) {
  const beat = BEATS.find((b) => b.side === side && ms >= b.at && ms < b.at + b.ms);
  const hiss = 0.012;
  if (!beat) return hiss;
  const within = (ms - beat.at) / 1000;
  return hiss + 0.28 * Math.abs(Math.sin(within * 8.3)) * (0.55 + 0.45 * Math.sin(within * 2.1 + beat.at));
}
function wav(call, fromMs, toMs) {
  const frames = Math.max(0, Math.round((toMs - fromMs) * 8));
  const out = Buffer.alloc(44 + frames * 4);
  out.write("RIFF", 0); out.writeUInt32LE(36 + frames * 4, 4); out.write("WAVEfmt ", 8);
  out.writeUInt32LE(16, 16); out.writeUInt16LE(1, 20); out.writeUInt16LE(2, 22); out.writeUInt32LE(8000, 24);
  out.writeUInt32LE(32000, 28); out.writeUInt16LE(4, 32); out.writeUInt16LE(16, 34); out.write("data", 36); out.writeUInt32LE(frames * 4, 40);
  for (let i = 0; i < frames; i += 1) {
    const ms = fromMs + i / 8;
    ["caller", "call_taker"].forEach((side, channel) => {
      const tone = Math.sin((2 * Math.PI * (side === "caller" ? 210 : 140) * ms) / 1000) * 0.7 + Math.random() * 0.3;
      out.writeInt16LE(Math.round(tone * level(call, side, ms) * 20000), 44 + i * 4 + channel * 2);
    });
  }
  return out;
}

// --- what the console asks for ----------------------------------------------------------------------
class Refusal extends Error {
  constructor(status, code, detail, action = "", details = {}) {
    super(detail);
    Object.assign(this, { status, body: { type: "about:blank", title: detail, status, detail, code, action, details } });
  }
}
const summary = ({ fields }) => ({ type_text: fields.type.text, location_text: fields.location.text, severity: fields.severity.value });
const session = (person) => ({ user: person, centre: { centre_id: "centre_1", name: "Millbrook County 911" }, permissions: person.roles.includes("administrator") ? PERMISSIONS : PERMISSIONS.filter((p) => !p.startsWith("identity") && !p.startsWith("audit")), csrf_token: "csrf", must_change_password: false, previous_log_on: { at: began, failures: 0 } });
const found = (callId) => calls.get(callId) ?? (() => { throw new Refusal(404, "calls.call.unknown", "There is no such call."); })();
function guarded(call, name, version, by) {
  const field = call.draft.fields[name];
  if (version !== field.version) {
    fact("incidents.edit.conflicted.v1", call.view.call_id, { field: name, attempted_value: null, by, current_version: field.version });
    throw new Refusal(409, "incidents.field.changed", "The field has changed since you looked.", "Look at it again.", { current: field });
  }
  return field;
}
function decided(call, field, change, by) {
  Object.assign(field, change, { version: field.version + 1, by: { user_id: by.user_id, name: by.name }, at: iso(), suggestion: null });
  call.draft.version += 1;
  fact("incidents.draft.revised.v1", call.view.call_id, { draft: call.draft, changed: [field.name], because: "person" });
  return field;
}
let cad = "ok";
function deliver(call, delivery) {
  const put = (change) => { Object.assign(delivery, change); fact("cad.delivery.changed.v1", call.view.call_id, { delivery }); };
  setTimeout(() => put({ state: "sending", attempts: delivery.attempts + 1 }), 150);
  setTimeout(() => {
    if (cad === "ok") return put({ state: "acknowledged", acknowledged_at: iso(), cad_incident_id: "F-2026-01873", last_error: null });
    if (cad === "refuse") return put({ state: "dead", last_error: { code: "cad.refused", text: "The CAD does not know this street" } });
    lamp("cad", "down", "The CAD does not answer.", "The draft can be printed and read out; it is sent by itself when the CAD is back.");
    return put({ state: "retrying", next_attempt_at: iso(Date.now() + 8000), last_error: { code: "cad.unreachable", text: "the CAD does not answer" } });
  }, 900);
}

const phone = fakePhone({ found, fact, signal, id, iso, Refusal });
phone.seePhones(() => [...calls.values()].map((call) => call.phone));

const ROUTES = [
  ...phone.routes,
  ["GET", /^\/v1\/setup$/, () => ({ needed: setupNeeded })],
  ["POST", /^\/v1\/setup$/, (_, body) => { if (body.token !== "let-me-in") throw new Refusal(403, "identity.setup.refused", "This link is not valid any more.", "Restart the server for a new one."); setupNeeded = false; people.dana.name = body.display_name; return { sign: people.dana }; }],
  ["POST", /^\/v1\/session$/, (_, body) => { const person = people[body.username]; if (!person || body.password !== "correct horse battery") throw new Refusal(401, "identity.session.wrong", "User name or password is wrong."); signedIn = true; return { sign: person }; }],
  ["GET", /^\/v1\/session$/, ({ me }) => session(me)],
  ["DELETE", /^\/v1\/session$/, () => ({ sign: null })],
  ["POST", /^\/v1\/session\/password$/, () => null],
  ["GET", /^\/v1\/console\/snapshot$/, () => {
    const list = [...calls.values()].filter((c) => c.view.state !== "ended" || c.view.attention);
    return { position: log.length, now: iso(), centre: session(people.dana).centre, calls: list.map((c) => c.view), lamps: [...lamps.values()], drafts: Object.fromEntries(list.map((c) => [c.view.call_id, summary(c.draft)])), text_backs: phone.textBacks(), tty: list.filter((c) => c.tones.some((t) => t.tone === "tty")).map((c) => c.view.call_id).sort() };
  }],
  ["GET", /^\/v1\/console\/calls\/([^/]+)$/, ({ args }) => { const c = found(args[0]); return { position: log.length, call: c.view, events: c.events, notes: c.notes, utterances: c.utterances, tones: c.tones, draft: c.draft, confirmations: c.confirmations, deliveries: c.deliveries, ...c.phone }; }],
  ["GET", /^\/v1\/calls\/([^/]+)\/recording$/, () => ({ legs: [] })],
  ["GET", /^\/v1\/ops\/lamps$/, () => ({ lamps: [...lamps.values()] })],
  ["GET", /^\/v1\/calls$/, () => ({ calls: [...calls.values()].filter((c) => c.view.state === "ended" && !c.view.attention).map((c) => c.view) })],
  ["POST", /^\/v1\/demo$/, () => { const call = newCall(); play(call); return { external_id: call.view.external_id }; }],
  ["POST", /^\/v1\/calls\/([^/]+)\/assign$/, ({ args, me }) => { const c = found(args[0]); c.view.assigned_to = { user_id: me.user_id, name: me.name }; changed(c); return c.view; }],
  ["POST", /^\/v1\/calls\/([^/]+)\/close$/, ({ args }) => { const c = found(args[0]); Object.assign(c.view, { attention: null, state: "ended", ended_at: c.view.ended_at ?? iso() }); changed(c, "ended"); return c.view; }],
  ["POST", /^\/v1\/calls\/([^/]+)\/notes$/, ({ args, me }, body) => { const note = { note_id: id("note"), call_id: args[0], text: body.text, version: 1, by: { user_id: me.user_id, name: me.name }, at: iso() }; found(args[0]).notes.push(note); fact("calls.note.written.v1", args[0], { note }); return note; }],
  ["PUT", /^\/v1\/calls\/([^/]+)\/notes\/([^/]+)$/, ({ args, me }, body) => {
    const note = found(args[0]).notes.find((n) => n.note_id === args[1]);
    if (note.version !== body.base_version) throw new Refusal(409, "calls.note.changed", "The note has changed.", "", { current: note });
    Object.assign(note, { text: body.text, version: note.version + 1, by: { user_id: me.user_id, name: me.name }, at: iso() });
    fact("calls.note.written.v1", args[0], { note });
    return note;
  }],
  ["GET", /^\/v1\/calls\/([^/]+)\/incident$/, ({ args }) => found(args[0]).draft],
  ["PUT", /^\/v1\/calls\/([^/]+)\/incident\/fields\/(\w+)$/, ({ args, me }, body) => {
    const call = found(args[0]);
    const field = guarded(call, args[1], body.base_version, me);
    const text = args[1] === "type" ? TYPES.types.find((t) => t.code === body.value).label : args[1] === "severity" ? body.value.replace(/^./, (c) => c.toUpperCase()) : body.value;
    const old = field.origin === "heard" ? [{ value: field.value, text: field.text, confidence: field.confidence, evidence: field.evidence }] : [];
    return decided(call, field, { value: body.value, text, state: "edited", origin: "typed", confidence: null, evidence: [], reason: null, alternatives: [...old, ...field.alternatives].filter((a) => a.value !== body.value) }, me);
  }],
  ["POST", /^\/v1\/calls\/([^/]+)\/incident\/fields\/(\w+)\/confirm$/, ({ args, me }, body) => { const c = found(args[0]); return decided(c, guarded(c, args[1], body.base_version, me), { state: "confirmed" }, me); }],
  ["POST", /^\/v1\/calls\/([^/]+)\/incident\/fields\/(\w+)\/reject$/, ({ args, me }, body) => {
    const call = found(args[0]);
    const field = guarded(call, args[1], body.base_version, me);
    return decided(call, field, { state: "rejected", alternatives: [{ value: field.value, text: field.text, confidence: field.confidence, evidence: field.evidence }, ...field.alternatives], value: null, text: null, origin: null, evidence: [], confidence: null }, me);
  }],
  ["POST", /^\/v1\/calls\/([^/]+)\/incident\/fields\/confirm$/, ({ args, me }, body) => {
    const call = found(args[0]);
    const fields = Object.entries(body.versions).map(([name, version]) => guarded(call, name, version, me));
    for (const field of fields) decided(call, field, { state: "confirmed" }, me);
    return call.draft;
  }],
  ["POST", /^\/v1\/calls\/([^/]+)\/incident\/cues\/(\w+)\/dismiss$/, ({ args, me }) => {
    const call = found(args[0]);
    call.draft.cues = (call.draft.cues ?? []).map((cue) => (cue.cue_id === args[1] ? { ...cue, state: "dismissed", by: me, at: iso() } : cue));
    fact("incidents.draft.revised.v1", args[0], { draft: call.draft, changed: [], because: "person" });
    return call.draft;
  }],
  ["POST", /^\/v1\/calls\/([^/]+)\/incident\/confirm$/, ({ args, me }, body) => {
    const call = found(args[0]);
    for (const [name, version] of Object.entries(body.versions)) guarded(call, name, version, me);
    for (const name of Object.keys(body.versions)) if (call.draft.fields[name].state !== "confirmed") decided(call, call.draft.fields[name], { state: "confirmed" }, me);
    const sent = FIELDS.map((n) => call.draft.fields[n]).filter((f) => f.state === "confirmed");
    call.draft.version += 1;
    Object.assign(call.draft, { confirmations: call.draft.confirmations + 1, sent_version: call.draft.version });
    const confirmation = {
      confirmation_id: id("conf"), call_id: args[0], incident_id: call.draft.incident_id, sequence: call.confirmations.length + 1, draft_version: call.draft.version, by: { user_id: me.user_id, name: me.name }, at: iso(), digest: "0".repeat(64),
      fields: Object.fromEntries(sent.map((f) => [f.name, { value: f.value, text: f.text, origin: f.origin, evidence: f.evidence, before: null, after: f.text }])),
    };
    call.confirmations.push(confirmation);
    fact("incidents.draft.revised.v1", args[0], { draft: call.draft, changed: [], because: "person" });
    fact("incidents.incident.confirmed.v1", args[0], { confirmation });
    const delivery = { delivery_id: id("dlv"), call_id: args[0], confirmation_id: confirmation.confirmation_id, sequence: confirmation.sequence, state: "queued", attempts: 0, next_attempt_at: null, last_error: null, acknowledged_at: null, cad_incident_id: null };
    call.deliveries.push(delivery);
    fact("cad.delivery.changed.v1", args[0], { delivery });
    deliver(call, delivery);
    return confirmation;
  }],
  ["GET", /^\/v1\/calls\/([^/]+)\/incident\/print$/, () => ({ printed: true })],
  ["GET", /^\/v1\/incident-types$/, () => ({ choices: {}, ...TYPES })],
  ["POST", /^\/v1\/cad\/deliveries\/([^/]+)\/retry$/, ({ args }) => {
    for (const call of calls.values()) for (const delivery of call.deliveries) if (delivery.delivery_id === args[0]) { cad = "ok"; lamp("cad", "ok", "The CAD answers."); deliver(call, delivery); return delivery; }
    throw new Refusal(404, "cad.delivery.unknown", "There is no such delivery.");
  }],
  ["GET", /^\/v1\/calls\/([^/]+)\/audio$/, ({ args, query }) => {
    const call = found(args[0]);
    const edge = edgeOf(call);
    const from = Number(query.get("from_ms"));
    const to = Math.max(from, Math.min(edge, Number(query.get("to_ms"))));
    return { wav: wav(call, from, to), headers: { "X-From-Ms": from, "X-To-Ms": Math.round(to), "X-Live-Edge-Ms": Math.round(edge) } };
  }],
  ["GET", /^\/v1\/calls\/([^/]+)\/waveform$/, ({ args, query }) => {
    const call = found(args[0]);
    const edge = edgeOf(call);
    const bucket = Number(query.get("bucket_ms"));
    const from = Math.floor(Number(query.get("from_ms")) / bucket) * bucket;
    const to = Math.min(edge, Number(query.get("to_ms")));
    const side = (name) => Array.from({ length: Math.max(0, Math.ceil((to - from) / bucket)) }, (_, i) => Math.round(level(call, name, from + i * bucket) * 800));
    return { from_ms: from, to_ms: to, bucket_ms: bucket, live_edge_ms: edge, sides: { caller: side("caller"), call_taker: side("call_taker") } };
  }],
  ["GET", /^\/v1\/users$/, () => ({ users })],
  ["POST", /^\/v1\/users$/, (_, body) => { const user = { user_id: id("user"), username: body.username, display_name: body.display_name, roles: body.roles, disabled: false, locked: false, must_change_password: true, last_log_on_at: null }; users.push(user); return user; }],
  ["PATCH", /^\/v1\/users\/([^/]+)$/, ({ args }, body) => { const user = users.find((u) => u.user_id === args[0]); const { display_name, roles, disabled, unlock } = body; Object.assign(user, JSON.parse(JSON.stringify({ display_name, roles, disabled })), unlock ? { locked: false } : {}); return user; }],
  ["GET", /^\/v1\/clients$/, () => ({ clients })],
  ["POST", /^\/v1\/clients$/, (_, body) => { const client = { client_id: id("client"), name: body.name, scopes: body.scopes, disabled: false }; clients.push(client); return { ...client, client_secret: "shown-once-7f3a" }; }],
  ["POST", /^\/v1\/clients\/([^/]+)\/rotate$/, ({ args }) => ({ ...clients.find((c) => c.client_id === args[0]), client_secret: "shown-once-again-91bc" })],
  ["DELETE", /^\/v1\/clients\/([^/]+)$/, ({ args }) => { clients.find((c) => c.client_id === args[0]).disabled = true; return null; }],
  ["GET", /^\/v1\/listening$/, () => ({ sessions: listeners })],
  ["POST", /^\/v1\/calls\/([^/]+)\/listening$/, () => ({ session_id: id("lse"), url: "ws://127.0.0.1:1", token: "none", identity: "lst_x", autoplay: true, expires_in: 600, expires_at: iso(Date.now() + 600_000) })],
  ["DELETE", /^\/v1\/listening\/([^/]+)$/, () => null],
  ["GET", /^\/v1\/partners\/endpoints$/, () => ({ endpoints: endpoints.map(endpointView) })],
  ["POST", /^\/v1\/partners\/endpoints$/, (_, { auth, ...body }) => ({ ...endpointView(partnerEndpoint(body.name, body.url, { ...body, auth: auth.kind })), secret: "whsec_cmluZ2Rvd24tZXhhbXBsZS1zaWduaW5nLWtleS0zMmI=" })],
  ["PATCH", /^\/v1\/partners\/endpoints\/([^/]+)$/, ({ args }, { auth, ...body }) => { const one = endpoints.find((e) => e.endpoint_id === args[0]); Object.assign(one, body, auth ? { auth: auth.kind } : {}); if ("enabled" in body) one.disabled_because = body.enabled ? null : "administrator"; return endpointView(one); }],
  ["DELETE", /^\/v1\/partners\/endpoints\/([^/]+)$/, ({ args }) => { endpoints.splice(endpoints.findIndex((e) => e.endpoint_id === args[0]), 1); return null; }],
  ["POST", /^\/v1\/partners\/endpoints\/([^/]+)\/rotate$/, ({ args }) => ({ ...endpointView(endpoints.find((e) => e.endpoint_id === args[0])), secret: "whsec_bmV3LW5ldy1uZXctbmV3LW5ldy1uZXctbmV3LW5ldw==" })],
  ["POST", /^\/v1\/partners\/endpoints\/([^/]+)\/test$/, ({ args }) => { const one = endpoints.find((e) => e.endpoint_id === args[0]); const made = partnerDelivery(one, "test", one.name.includes("CAD") ? "dead" : "ok"); partnerDeliveries.shift(); return made; }],
  ["GET", /^\/v1\/partners\/deliveries$/, ({ query }) => { const all = partnerDeliveries.filter((d) => (!query.get("endpoint_id") || d.endpoint_id === query.get("endpoint_id")) && (!query.get("state") || d.state === query.get("state"))); const at = all.findIndex((d) => d.delivery_id === query.get("before")); return { deliveries: all.slice(at + 1, at + 1 + Number(query.get("limit") ?? 50)) }; }],
  ["POST", /^\/v1\/partners\/deliveries\/([^/]+)\/redeliver$/, ({ args }) => { const old = partnerDeliveries.find((d) => d.delivery_id === args[0]); const made = partnerDelivery({ endpoint_id: old.endpoint_id }, old.type, "ok", 0, { redelivery_of: old.delivery_id }); old.redelivered_as = made.delivery_id; return made; }],
  ["POST", /^\/v1\/partners\/redeliver$/, (_, { endpoint_id, from, to }) => { const dead = partnerDeliveries.filter((d) => d.endpoint_id === endpoint_id && d.state === "dead" && !d.redelivered_as && d.created_at >= from && d.created_at <= to); for (const old of dead) old.redelivered_as = partnerDelivery({ endpoint_id }, old.type, "ok", 0, { redelivery_of: old.delivery_id }).delivery_id; return { count: dead.length }; }],
  ["GET", /^\/v1\/names$/, ({ query }) => { const wanted = (query.get("search") ?? "").toLowerCase(); return { ...local, count: local.names.length, names: undefined, found: wanted ? local.names.filter((n) => n.name.toLowerCase().includes(wanted)) : [] }; }],
  ["PUT", /^\/v1\/names$/, ({ query, me }) => { Object.assign(local, { names: LOCAL, source: query.get("source"), version: "6cd718f1a404", loaded_at: iso(), loaded_by: me.name }); return { count: LOCAL.length, version: local.version, changed: true, rows: LOCAL.length + 1, taken: LOCAL.length, merged: 0, refused: 1, first_refused: [{ row: 4, reason: "the name is empty" }] }; }],
  ["DELETE", /^\/v1\/names$/, () => { Object.assign(local, { names: [], source: null, version: null, loaded_at: null, loaded_by: null }); return null; }],
  ["GET", /^\/v1\/audit$/, () => ({ rows: log.map((f) => ({ seq: f.position, at: f.at, tag: f.kind.replace(/\.v1$/, "").replaceAll(".", ":"), actor_kind: "user", actor_id: "user_1", actor_name: "Dana Reyes", subject: f.call_id ?? "", details: {} })).slice(0, 100), next: null })],
];

/** Breaks something on purpose, so that the console's answer to it can be seen and tested. */
function breakIt(what, body) {
  const call = [...calls.values()].at(-1);
  const acts = {
    drop: () => { for (const socket of sockets) socket.terminate(); },
    refuse: () => { refusing = body.on; if (body.on) for (const socket of sockets) socket.terminate(); },
    resync: () => { for (const socket of sockets) send(socket, { type: "resync", reason: "asked for" }); },
    signout: () => { signedIn = false; for (const socket of sockets) socket.close(4401); },
    cad: () => { cad = body.mode; },
    lamp: () => lamp(body.name, body.state, body.text, body.still_works),
    edit: () => decided(call, call.draft.fields[body.field], { value: body.value, text: body.value, state: "edited", origin: "typed", evidence: [], confidence: null }, people.sam),
    note: () => { const note = call.notes.at(-1); Object.assign(note, { text: body.text, version: note.version + 1, by: { user_id: "user_2", name: "Sam Okafor" }, at: iso() }); fact("calls.note.written.v1", note.call_id, { note }); },
    tone: () => heardTone(call, body.tone, edgeOf(call), body.digits),
    channel: () => {
      const leg = call.view.legs.find((one) => one.side === (body.side ?? "caller"));
      signal("speech.channel.changed.v1", call.view.call_id, { channel: { leg_id: leg.leg_id, side: leg.side, lag_ms: body.lag_ms, engine: body.engine ?? "moonshine-tiny-en", mode: body.mode ?? "live" } });
    },
    partial: () => signal("speech.utterance.partial.v1", call.view.call_id, { utterance: { ...utterance(call, { at: edgeOf(call) - 2000, ms: 2000, side: body.side ?? "caller", text: body.text }, 500, body.text, body.revision ?? 1), utterance_id: `${call.view.call_id}_p` } }),
    partners: () => {
      const field = partnerEndpoint("Field app, events", "https://hooks.field.example/ringdown", { last_success_at: iso(Date.now() - 40_000) });
      const cad = partnerEndpoint("County CAD", "https://10.20.0.7:8443/events/ringdown/incidents", { auth: "bearer", allow_private: true, last_error: { code: "partners.receiver.timeout", text: "No answer within 15 seconds.", at: iso() } });
      partnerEndpoint("Old test receiver", "https://gone.example/hook", { enabled: false, disabled_because: "gone", last_error: { code: "partners.receiver.gone", text: "The receiver says it is gone (410).", at: iso(Date.now() - 9e7) } });
      for (let n = 0; n < 6; n += 1) partnerDelivery(field, ["incident_metadata", "caller_location", "media"][n % 3], "ok", (9 - n) * 60_000);
      partnerDelivery(cad, "incident_metadata", "dead", 8e7);
      partnerDelivery(cad, "caller_location", "dead", 7e7);
      partnerDelivery(cad, "incident_metadata", "retry", 30_000);
      partnerDelivery(field, "caller_location", "queued", 500);
      listeners.push(
        { session_id: "lse_1", call_id: call?.view.call_id ?? "call", listener: "Field app", listener_kind: "client", state: "live", created_at: iso(), joined_at: iso(), closed_at: null, closed_because: null, position_ms: 61_000, duration_ms: 73_400, paused: false },
        { session_id: "lse_2", call_id: call?.view.call_id ?? "call", listener: "Kim Alder", listener_kind: "user", state: "live", created_at: iso(), joined_at: iso(), closed_at: null, closed_because: null, position_ms: 73_200, duration_ms: 73_400, paused: false },
      );
    },
    phone: () => phone.act(call, body),
    later: () => { for (const timer of call.timers) clearTimeout(timer); },
    call: () => { const made = newCall({ startedAgoMs: body.ago_ms ?? 0, ani: body.ani, demo: body.demo ?? true, over: body.over ?? {} }); if (body.play_from !== undefined) { made.view.started_at = iso(Date.now() - body.play_from); changed(made); play(made, body.play_from); } return { call_id: made.view.call_id }; },
    many: () => { for (let n = 0; n < body.count; n += 1) { const u = { ...utterance(call, BEATS[1], 1000 + n, `line number ${n} of many`, 99), start_ms: 75_000 + n * 1000, end_ms: 75_900 + n * 1000 }; call.utterances.push(u); fact("speech.utterance.finalised.v1", call.view.call_id, { utterance: u }); } },
  };
  return acts[what]?.() ?? {};
}
let refusing = false;
const listeners = [];

const TYPES_OF = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml" };
async function page(path, response) {
  const file = path.includes(".") ? normalize(path) : "/index.html";
  try {
    response.writeHead(200, { "Content-Type": TYPES_OF[extname(file)] ?? "application/octet-stream", "Content-Security-Policy": CSP, "Cache-Control": "no-cache" });
    response.end(await readFile(join(STATIC, file)));
  } catch {
    response.end("not built");
  }
}

const server = createServer(async (request, response) => {
  const url = new URL(request.url, "http://fake");
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const sent = Buffer.concat(chunks).toString();
  const body = (request.headers["content-type"] ?? "").includes("json") && sent ? JSON.parse(sent) : {};
  const answer = (status, value, headers = {}) => { response.writeHead(status, { "Content-Type": "application/json", ...headers }); response.end(value === undefined ? "" : JSON.stringify(value)); };
  if (url.pathname.startsWith("/fake/")) return answer(200, breakIt(url.pathname.slice(6), body));
  if (!url.pathname.startsWith("/v1/")) return page(url.pathname, response);
  if (refusing) return request.socket.destroy();
  const me = people[/session=(\w+)/.exec(request.headers.cookie ?? "")?.[1]];
  for (const [method, pattern, work] of ROUTES) {
    const match = pattern.exec(url.pathname);
    if (!match || method !== request.method) continue;
    try {
      const open = url.pathname === "/v1/setup" || (url.pathname === "/v1/session" && method === "POST");
      if (!open && (!me || !signedIn)) throw new Refusal(401, "identity.session.none", "You are not signed in.", "Sign in.");
      if (!open && method !== "GET" && request.headers["x-csrf-token"] !== "csrf") throw new Refusal(403, "identity.csrf", "The request did not come from the console.");
      const result = work({ args: match.slice(1), query: url.searchParams, me }, body);
      if (result?.wav) { response.writeHead(200, { "Content-Type": "audio/wav", ...result.headers }); return response.end(result.wav); }
      if (result && "sign" in result) return answer(200, result.sign ? session(result.sign) : {}, { "Set-Cookie": `session=${result.sign?.username ?? ""}; Path=/; HttpOnly` });
      return result === null ? answer(204) : answer(200, result);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return answer(error.status, error.body);
    }
  }
  answer(404, { title: "Not found", status: 404, code: "http.404" });
});

const feed = new WebSocketServer({ noServer: true });
server.on("upgrade", (request, socket, head) => {
  if (refusing || !signedIn) return socket.destroy();
  feed.handleUpgrade(request, socket, head, (ws) => {
    const after = Number(new URL(request.url, "http://fake").searchParams.get("after"));
    sockets.add(ws);
    ws.on("close", () => sockets.delete(ws));
    send(ws, { type: "ready", position: log.length });
    for (const entry of log.slice(after)) send(ws, entry);
  });
});
setInterval(() => { for (const socket of sockets) send(socket, { type: "ping" }); }, 5000).unref();
server.listen(PORT, "127.0.0.1", () => console.log(`fake server on http://127.0.0.1:${PORT}/`));
