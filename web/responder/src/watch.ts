import { Room, RoomEvent, setLogLevel, Track } from "livekit-client";

/** Joins the room of a caller's camera, through the centre's own relay alone; gives back how to leave. */
export async function watch(
  token: string,
  into: HTMLVideoElement,
  ended: () => void,
): Promise<() => void> {
  setLogLevel("error");
  const room = new Room({ disconnectOnPageLeave: true, adaptiveStream: false });
  room
    .on(RoomEvent.TrackSubscribed, (track) => {
      if (track.kind === Track.Kind.Video) track.attach(into);
    })
    .on(RoomEvent.Disconnected, ended);
  // The media server has no door of its own: its signalling comes through this server.
  const at = `${location.origin.replace(/^http/, "ws")}/l`;
  await room.connect(at, token, { maxRetries: 1, rtcConfig: { iceTransportPolicy: "relay" } });
  return () => void room.disconnect();
}
