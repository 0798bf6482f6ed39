import { LocalVideoTrack, Room, RoomEvent, setLogLevel, Track } from "livekit-client";

import type { Level, Sent } from "./adapt";
import type { Room as Place } from "./api";

/** What is sent of the camera, and how it comes through. */
export interface Outgoing {
  level(level: Level): Promise<void>;
  sent(): Promise<Sent | null>;
  replace(track: MediaStreamTrack): Promise<void>;
  pause(away: boolean): Promise<void>;
  leave(): void;
}

const SOUND_BPS = 20_000;

/** Joins the room with the library of the media server; the only file that knows it, loaded after consent. */
export async function join(place: Place, camera: MediaStreamTrack, sound: MediaStreamTrack | null, level: Level, lost: () => void): Promise<Outgoing> {
  setLogLevel("silent");
  const room = new Room({ adaptiveStream: false, dynacast: false, disconnectOnPageLeave: true, stopLocalTrackOnUnpublish: false });
  let over = false;
  room.on(RoomEvent.Disconnected, () => {
    if (!over) lost();
    over = true;
  });
  const leave = () => {
    over = true;
    void room.disconnect(false);
  };
  try {
    // Through our own relay alone: the phone's own addresses are told to nobody.
    await room.connect(place.url, place.token, { autoSubscribe: false, maxRetries: 1, rtcConfig: { iceTransportPolicy: "relay" } });
    await room.localParticipant.publishTrack(camera, {
      source: Track.Source.Camera,
      simulcast: false,
      videoCodec: "vp8",
      degradationPreference: "balanced",
      videoEncoding: { maxBitrate: level.kbps * 1000, maxFramerate: level.fps, priority: "low" },
    });
    if (sound !== null)
      await room.localParticipant.publishTrack(sound, { source: Track.Source.Microphone, dtx: true, red: false, audioPreset: { maxBitrate: SOUND_BPS, priority: "high" } });
  } catch (error) {
    leave();
    throw error;
  }
  // After a break the library may publish the camera anew, in another publication.
  const track = () => {
    const video = room.localParticipant.getTrackPublication(Track.Source.Camera)?.track;
    return video instanceof LocalVideoTrack ? video : null;
  };
  const change = async (next: Level) => {
    level = next;
    const { kbps, fps, height } = next;
    const sender = track()?.sender;
    const parameters = sender?.getParameters();
    const [encoding] = parameters?.encodings ?? [];
    if (sender === undefined || parameters === undefined || encoding === undefined) return;
    const settings = sender.track?.getSettings();
    const shorter = Math.min(settings?.width ?? height, settings?.height ?? height);
    Object.assign(encoding, { maxBitrate: kbps * 1000, maxFramerate: fps, scaleResolutionDownBy: Math.max(1, shorter / height) });
    await sender.setParameters(parameters);
  };
  const count = counter(() => [track()?.sender, ...[...room.localParticipant.audioTrackPublications.values()].map((one) => (one.track as { sender?: RTCRtpSender } | undefined)?.sender)]);
  await change(level).catch(() => undefined);
  room.on(RoomEvent.LocalTrackPublished, () => void change(level).catch(() => undefined));
  return {
    level: (next) => change(next).catch(() => undefined),
    sent: count,
    replace: async (next) => {
      await track()?.replaceTrack(next, true);
    },
    pause: async (away) => {
      await Promise.all([...room.localParticipant.trackPublications.values()].map((one) => (away ? one.mute() : one.unmute())));
    },
    leave,
  };
}

interface Report {
  type: string;
  kind?: string;
  timestamp: number;
  bytesSent?: number;
  headerBytesSent?: number;
  retransmittedBytesSent?: number;
  framesEncoded?: number;
  frameWidth?: number;
  frameHeight?: number;
  fractionLost?: number;
  nominated?: boolean;
  bytesReceived?: number;
  availableOutgoingBitrate?: number;
}

/** Asks the browser what it sent since the last time. */
function counter(senders: () => (RTCRtpSender | undefined)[]): () => Promise<Sent | null> {
  let before: { at: number; bytes: number; frames: number; answers: number } | null = null;
  return async () => {
    const [video, sound] = senders();
    if (video === undefined) return null;
    const sent: Sent = { width: 0, height: 0, fps: 0, kbps: 0, lossPercent: 0, canKbps: null, soundLossPercent: 0 };
    let [at, bytes, frames, answers] = [0, 0, 0, 0];
    (await video.getStats()).forEach((one: Report) => {
      if (one.type === "outbound-rtp") {
        at = one.timestamp;
        bytes += (one.bytesSent ?? 0) + (one.headerBytesSent ?? 0);
        frames += one.framesEncoded ?? 0;
        sent.width = Math.max(sent.width, one.frameWidth ?? 0);
        sent.height = Math.max(sent.height, one.frameHeight ?? 0);
      } else if (one.type === "remote-inbound-rtp") sent.lossPercent = Math.round((one.fractionLost ?? 0) * 100);
      else if (one.type === "candidate-pair" && one.nominated === true) {
        if (one.availableOutgoingBitrate !== undefined) sent.canKbps = one.availableOutgoingBitrate / 1000;
        answers += one.bytesReceived ?? 0;
      }
    });
    (await sound?.getStats())?.forEach((one: Report) => {
      if (one.type === "remote-inbound-rtp") sent.soundLossPercent = Math.round((one.fractionLost ?? 0) * 100);
    });
    const passed = before === null ? 0 : (at - before.at) / 1000;
    // The media server answers several times a second: what nobody answers has not arrived.
    const unanswered = answers > 0 && answers === before?.answers;
    if (before !== null && passed > 0 && !unanswered) {
      sent.kbps = Math.max(0, Math.round(((bytes - before.bytes) * 8) / 1000 / passed));
      sent.fps = Math.max(0, Math.round(((frames - before.frames) / passed) * 10) / 10);
    }
    const first = before === null;
    before = { at, bytes, frames, answers };
    return first ? null : sent;
  };
}
