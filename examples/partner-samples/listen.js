import { Room, RoomEvent } from "livekit-client";

/** Hear a call in a browser. `granted` is what POST /v1/incident_events/{id}/stream_token answered;
 * `onStatus` gets {position, duration, paused, atEnd, callOver} once a second, in milliseconds. */
export async function listen(granted, onStatus) {
  const room = new Room();
  room.on(RoomEvent.TrackSubscribed, (track) => document.body.append(track.attach()));
  room.on(RoomEvent.DataReceived, (payload) => {
    const message = JSON.parse(new TextDecoder().decode(payload));
    if (message.kind === "status") onStatus(message);
    if (message.kind === "error") console.warn(message.code, message.detail);
  });
  await room.connect(granted.url, granted.token);
  const send = (command) => {
    const packet = new TextEncoder().encode(JSON.stringify(command));
    return room.localParticipant.publishData(packet, { reliable: true });
  };
  return { room, send }; // send({ cmd: "resume" }), send({ cmd: "scrub", position: 61_000 }), …
}
