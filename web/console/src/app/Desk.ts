import { Client, endpoints, Problem, type Api, type Session, type SessionView } from "@ringdown/api";
import {
  Cell,
  Feed,
  Store,
  type Beside,
  type CallDetail,
  type Evidence,
  type FeedPorts,
  type FieldName,
  type Looked,
  type Timers,
} from "@ringdown/core";

import { Keyboard } from "../keys/keyboard";
import { Listener } from "../listen/listener";
import { Sound } from "../listen/sound";
import { Player } from "../timeline/player";
import { WebAudioSink } from "../timeline/sink";
import { prefsCell, type Prefs } from "./prefs";
import { Typed } from "./typed";

/** Where the person is in the page; kept in the address after `#`. */
export type Place = { page: "calls"; callId: string | null } | { page: "admin"; tab: string };

/** Who is signed in; `over` means that the session ended under the person's hands. */
export interface SignedIn {
  view: SessionView;
  over: boolean;
}

/** A word to the person that needs no window: what just happened or why something did not. */
export interface Said {
  text: string;
  tone: "quiet" | "warn" | "down";
  at: number;
}

/** A reading of heard words that a person wants in a field: it is put there to be saved, not saved. */
export interface Offer {
  callId: string;
  field: FieldName;
  value: string;
  beside: Beside;
}

/** The desk of one telecommunicator: every long-lived part of the console, built once. */
export interface Desk {
  api: Api;
  /** For parts of the page that bring their own requests with them. */
  client: Client;
  store: Store;
  feed: Feed;
  player: Sound;
  keyboard: Keyboard;
  prefs: Cell<Prefs>;
  signedIn: Cell<SignedIn | null>;
  place: Cell<Place>;
  said: Cell<Said | null>;
  /** Evidence that the transcript marks, because somebody asked where it was heard. */
  marked: Cell<Evidence | null>;
  offer: Cell<Offer | null>;
  /** The beginning of the last TTY tones that the person has seen, by call. */
  seenTty: Cell<Readonly<Record<string, number>>>;
  /** What the person saw of each field when they last looked, by call. */
  looked: Cell<Readonly<Record<string, Looked>>>;
  typed: Typed;
  welcome: (view: SessionView) => void;
  say: (text: string, tone?: Said["tone"]) => void;
  openCall: (callId: string) => void;
  may: (permission: string) => boolean;
}

export function readPlace(hash: string): Place {
  const [, page, rest = ""] = /^#\/(\w+)\/?(.*)$/.exec(hash) ?? [];
  if (page === "admin") return { page, tab: rest || "users" };
  return { page: "calls", callId: page === "call" && rest ? decodeURIComponent(rest) : null };
}

const timers: Timers = {
  now: () => Date.now(),
  set: (callback, delayMs) => setTimeout(callback, delayMs),
  clear: (handle) => clearTimeout(handle as ReturnType<typeof setTimeout> | undefined),
  random: () => Math.random(),
};

/** The detail of a call, with the gaps of its recording. */
async function detailOf(api: Api, callId: string): Promise<CallDetail> {
  const [detail, legs] = await Promise.all([
    api.detail(callId),
    // Where the sound is missing is worth showing, but a call opens without it.
    api.recording(callId).catch(() => []),
  ]);
  const gaps = legs.flatMap(({ leg_id, side, gaps: found }) =>
    found.map(({ from_ms, to_ms }) => ({ leg_id, side, from_ms, to_ms })),
  );
  return { ...detail, gaps };
}

function feedPorts(api: Api): FeedPorts {
  return {
    snapshot: api.snapshot,
    detail: (callId) => detailOf(api, callId),
    lamps: api.lamps,
    isSignedOut: (error) => error instanceof Problem && error.isSignedOut,
    isGone: (error) => error instanceof Problem && (error.isGone || error.status === 403),
    connect: (after, on) => {
      const scheme = location.protocol === "https:" ? "wss" : "ws";
      const socket = new WebSocket(`${scheme}://${location.host}/v1/console/feed?after=${after}`);
      socket.onmessage = (event) => on.frame(String(event.data));
      socket.onclose = () => on.closed();
      return { close: () => socket.close() };
    },
  };
}

/** The server was upgraded under an open page, or the way to it is lost. */
function noLibrary(cause: unknown): never {
  throw new Error("What listening needs could not be loaded. Reload the page, then listen again.", { cause });
}

/** Builds the desk. Nothing is asked of the server before somebody is signed in. */
export function buildDesk(page: Window): Desk {
  const store = new Store();
  const signedIn = new Cell<SignedIn | null>(null);
  const said = new Cell<Said | null>(null);
  const place = new Cell<Place>(readPlace(page.location.hash));
  const prefs = prefsCell(page.localStorage, page.document.documentElement);

  const session: Session = {
    csrfToken: null,
    onSignedOut() {
      const now = signedIn.get();
      if (now && !now.over) signedIn.set({ ...now, over: true });
    },
  };
  const client = new Client(session);
  const api = endpoints(client, session);
  const may = (permission: string): boolean =>
    signedIn.get()?.view.permissions.includes(permission) ?? false;
  const feed = new Feed(store, feedPorts(api), timers);
  const recording = new Player((...stretch) => api.audio(...stretch), new WebAudioSink(), timers);
  const listener = new Listener(
    {
      open: (callId, autoplay) => api.listen(callId, autoplay),
      close: (sessionId) => api.stopListening(sessionId),
      // The media server's library is large, and most consoles never listen in.
      connect: async (...way) => (await import("../listen/livekit").catch(noLibrary)).connect(...way),
    },
    timers,
  );
  const player = new Sound(recording, listener);

  const desk: Desk = {
    api,
    client,
    store,
    feed,
    player,
    keyboard: new Keyboard(prefs),
    prefs,
    signedIn,
    place,
    said,
    marked: new Cell<Evidence | null>(null),
    offer: new Cell<Offer | null>(null),
    seenTty: new Cell<Readonly<Record<string, number>>>({}),
    looked: new Cell<Readonly<Record<string, Looked>>>({}),
    typed: new Typed(page.localStorage, "", Date.now()),
    welcome(view) {
      session.csrfToken = view.csrf_token;
      desk.typed = new Typed(page.localStorage, view.user.user_id, Date.now());
      signedIn.set({ view, over: false });
      if (desk.may("calls:read")) feed.start();
    },
    say: (text, tone = "quiet") => said.set({ text, tone, at: Date.now() }),
    openCall(callId) {
      page.location.hash = `#/call/${encodeURIComponent(callId)}`;
    },
    may,
  };

  page.addEventListener("hashchange", () => place.set(readPlace(page.location.hash)));
  page.addEventListener("online", () => feed.hurry());
  feed.subscribe(() => {
    if (feed.link().state === "signed_out") session.onSignedOut();
  });
  return desk;
}
