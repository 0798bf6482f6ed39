import { Room, RoomEvent, setLogLevel, Track } from "livekit-client";

/** Joins the room of a caller's camera, through the centre's own relay alone; gives back how to leave. */
export async function watch(
  url: string,
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
  await room.connect(url, token, { maxRetries: 1, rtcConfig: { iceTransportPolicy: "relay" } });
  return () => void room.disconnect();
}
