import { ConnectionError, ConnectionErrorReason, DisconnectReason, RemoteVideoTrack, Room, RoomEvent, setLogLevel, Track } from "livekit-client";

import type { Camera, CameraEvents, Frames, Way } from "./watching";

/** Ends that are somebody's decision; after any other the video is joined anew. */
const DECIDED: ReadonlySet<DisconnectReason | undefined> = new Set([
  DisconnectReason.PARTICIPANT_REMOVED,
  DisconnectReason.ROOM_DELETED,
  DisconnectReason.DUPLICATE_IDENTITY,
]);

/** The media server by its own address, or by ours where the console's server passes it on. */
function address(url: string): string {
  const whole = new URL(url, location.href);
  whole.protocol = whole.protocol.replace("http", "ws");
  return whole.href.replace(/\/$/, "");
}

async function framesOf(track: RemoteVideoTrack | null): Promise<Frames | null> {
  const report = await track?.getRTCStatsReport();
  if (!report) return null;
  for (const one of report.values() as Iterable<Record<string, unknown>>)
    if (one["type"] === "inbound-rtp")
      return {
        decoded: Number(one["framesDecoded"] ?? 0),
        bytes: Number(one["bytesReceived"] ?? 0),
        width: Number(one["frameWidth"] ?? 0),
        height: Number(one["frameHeight"] ?? 0),
      };
  return null;
}

/** Joins the room of a caller's video as somebody who only looks; loaded on demand. */
export async function connect(way: Way, on: CameraEvents): Promise<Camera> {
  setLogLevel("error");
  const room = new Room({ disconnectOnPageLeave: true });
  let over = false;
  let video: RemoteVideoTrack | null = null;
  const voices = new Set<HTMLMediaElement>();
  let loud = false;
  room
    .on(RoomEvent.TrackSubscribed, (track) => {
      if (track instanceof RemoteVideoTrack) {
        video = track;
        const element = track.attach() as HTMLVideoElement;
        element.muted = true;
        element.setAttribute("aria-label", "Live video of the caller");
        on.picture(element);
      } else if (track.kind === Track.Kind.Audio) {
        const voice = track.attach();
        voice.muted = !loud;
        voices.add(voice);
      }
    })
    .on(RoomEvent.TrackUnsubscribed, (track) => {
      for (const element of track.detach()) {
        voices.delete(element);
        element.remove();
      }
      if (track === video) {
        video = null;
        on.picture(null);
      }
    })
    .on(RoomEvent.Disconnected, (reason) => {
      if (over) return;
      over = true;
      on.ended(DECIDED.has(reason) ? "closed" : "lost");
    });
  try {
    await room.connect(address(way.url), way.token, {
      maxRetries: 1,
      // What callers show goes through our own relay alone, to whoever looks.
      rtcConfig: { iceTransportPolicy: "relay" },
    });
  } catch (error) {
    over = true;
    const refused = error instanceof ConnectionError && error.reason === ConnectionErrorReason.NotAllowed;
    throw new Error(refused ? "The media server did not let this console in." : "The media server cannot be reached.", { cause: error });
  }
  return {
    frames: () => framesOf(video),
    sound(wanted) {
      loud = wanted;
      for (const voice of voices) voice.muted = !wanted;
      if (wanted) void room.startAudio().catch(() => undefined);
    },
    leave() {
      over = true;
      void room.disconnect();
    },
  };
}
