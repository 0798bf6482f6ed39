// A partner's program around an unmodified client: it hears one incident and says what it holds.
//
//   node partner.mjs '{"client":"anycable","extended":true,"url":"ws://…/cable","token":"…", …}'
//
// Each line it writes is JSON: {"held":[…]} after every message, {"event":"…"} for the rest.
// Each line it reads is a command: `drop` cuts the socket as a lost network would, `quit` ends it.

import { createInterface } from "node:readline";
import { createCable } from "@anycable/core";
import { WebSocket } from "ws";

const options = JSON.parse(process.argv[2]);
const sockets = [];
let held = [];

function tell(line) {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

// The network, as far as these programs are concerned: a socket that a test can cut.
class Network extends WebSocket {
  constructor(url, protocols, more) {
    super(url, protocols ?? [], more);
    sockets.push(this);
    this.on("error", () => {});
    this.on("open", () => tell({ event: "open", protocol: this.protocol }));
    this.on("message", (data) => {
      const { type, reason, reconnect, restored } = JSON.parse(data);
      if (type) tell({ event: type, reason, reconnect, restored });
    });
  }
}

// The replacement rule as the partner documentation's sample applies it.
function take(message) {
  const first = message.words[0];
  held = held.filter(
    (word) => !(word.speaker === first.speaker && word.started_at >= first.started_at),
  );
  held.push(...message.words);
  tell({ held });
}

function viaAnyCable() {
  const cable = createCable(options.url, {
    protocol: options.extended ? "actioncable-v1-ext-json" : "actioncable-v1-json",
    websocketImplementation: Network,
    websocketAuthStrategy: options.auth ?? "param",
    auth: { token: options.token, param: options.param ?? "token" },
    reconnectStrategy: () => 100,
    logLevel: "error",
  });
  cable.on("close", (event) => tell({ event: "closed for good", reason: event?.reason }));
  const channel = cable.subscribeTo("PartnerEventsChannel", { incident_id: options.incident });
  channel.on("message", take);
  channel.on("connect", ({ restored }) => tell({ event: "subscribed", restored }));
  channel.on("close", (event) => tell({ event: "rejected", reason: event?.reason }));
  channel.on("info", (event) => tell({ event: event.type }));
}

async function viaRails() {
  // What a browser has and Node has not; the client itself is as it comes.
  globalThis.addEventListener ??= () => {};
  globalThis.removeEventListener ??= () => {};
  globalThis.document ??= { visibilityState: "visible" };
  const ActionCable = await import("@rails/actioncable");
  ActionCable.adapters.WebSocket = Network;
  const url = `${options.url}?token=${encodeURIComponent(options.token)}`;
  ActionCable.createConsumer(url).subscriptions.create(
    { channel: "PartnerEventsChannel", incident_id: options.incident },
    {
      received: take,
      connected: ({ reconnected }) => tell({ event: "subscribed", restored: reconnected }),
      rejected: () => tell({ event: "rejected" }),
    },
  );
}

createInterface({ input: process.stdin }).on("line", (line) => {
  if (line === "drop") sockets.at(-1).terminate();
  if (line === "quit") process.exit(0);
});
process.stdin.on("end", () => process.exit(0));
await (options.client === "rails" ? viaRails() : viaAnyCable());
