import { ConnectionError, ConnectionErrorReason, DisconnectReason, Room, RoomEvent, setLogLevel, Track } from "livekit-client";

import type { Link, LinkEvents } from "./listener";

const AWAY = "The media server cannot be reached, so nothing can be heard live.";
/** Ends that are somebody's decision; after any other the session is joined anew. */
const DECIDED: ReadonlySet<DisconnectReason | undefined> = new Set([
  DisconnectReason.PARTICIPANT_REMOVED,
  DisconnectReason.ROOM_DELETED,
  DisconnectReason.DUPLICATE_IDENTITY,
]);

function words(error: unknown): string {
  if (error instanceof ConnectionError && error.reason === ConnectionErrorReason.NotAllowed)
    return "The media server did not let this session in. Listen again for a new one.";
  return AWAY;
}

function read(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as unknown;
  } catch {
    return null;
  }
}

/** Joins a room with the library of the media server; the only file that knows it, loaded on demand. */
export async function connect(url: string, token: string, on: LinkEvents): Promise<Link> {
  setLogLevel("error");
  const room = new Room({ disconnectOnPageLeave: true });
  let over = false;
  room
    .on(RoomEvent.TrackSubscribed, (track) => {
      if (track.kind === Track.Kind.Audio) document.body.append(track.attach());
    })
    .on(RoomEvent.TrackUnsubscribed, (track) => {
      for (const element of track.detach()) element.remove();
    })
    .on(RoomEvent.DataReceived, (bytes, _from, _kind, topic) => {
      if (!topic) on.told(read(bytes));
    })
    .on(RoomEvent.AudioPlaybackStatusChanged, () => on.blocked(!room.canPlaybackAudio))
    .on(RoomEvent.Reconnecting, () => on.interrupted())
    .on(RoomEvent.Reconnected, () => on.restored())
    .on(RoomEvent.Disconnected, (reason) => {
      if (over) return;
      over = true;
      on.ended(DECIDED.has(reason) ? "closed" : "lost");
    });
  try {
    await room.connect(url, token, { maxRetries: 1 });
  } catch (error) {
    over = true;
    throw new Error(words(error), { cause: error });
  }
  return {
    send(command) {
      const bytes = new TextEncoder().encode(JSON.stringify(command));
      // A command that is lost with its connection is lost: the next status shows what holds.
      room.localParticipant.publishData(bytes, { reliable: true }).catch(() => undefined);
    },
    unblock: () => room.startAudio().catch(() => undefined),
    leave() {
      over = true;
      void room.disconnect();
    },
  };
}
