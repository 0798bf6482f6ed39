// The words of a call as they are spoken: node transcript.js wss://HOST/cable INCIDENT
import { Channel, createCable } from "@anycable/core";
import WebSocket from "ws";

class PartnerEvents extends Channel {
  static identifier = "PartnerEventsChannel";
}

const [url, incidentId] = process.argv.slice(2);
const cable = createCable(url, {
  protocol: "actioncable-v1-ext-json",
  websocketImplementation: WebSocket,
  websocketAuthStrategy: "sub-protocol", // keeps the token out of the address
  auth: { token: process.env.ACCESS_TOKEN },
});
const words = { Caller: [], CallTaker: [] };
const channel = new PartnerEvents({ incident_id: incidentId });
channel.on("message", (event) => {
  const [first] = event.words; // all words of one event have the same speaker
  const stays = (word) => word.started_at < first.started_at;
  words[first.speaker] = [...words[first.speaker].filter(stays), ...event.words];
  console.log(`${first.speaker}: ${words[first.speaker].map(({ word }) => word).join(" ")}`);
});
channel.on("close", (reason) => console.error(`No words: ${reason?.reason ?? "closed"}`));
cable.subscribe(channel);
