/** Why there is no camera; each has its words. */
export type CameraTrouble = "denied" | "none" | "busy" | "never";

export function troubleOf(error: unknown): CameraTrouble {
  switch (error instanceof Error ? error.name : "") {
    case "NotAllowedError":
    case "SecurityError":
      return "denied";
    case "NotFoundError":
    case "OverconstrainedError":
      return "none";
    case "NotReadableError":
    case "AbortError":
      return "busy";
    default:
      return "never";
  }
}

export interface CameraEvents {
  /** The phone took the camera away (a call, another app), or gave it back. */
  interrupted(away: boolean): void;
  ended(): void;
}

type Facing = "environment" | "user";

/** The phone's camera: the rear one first. */
export class Camera {
  track: MediaStreamTrack | null = null;
  sound: MediaStreamTrack | null = null;
  lit = false;
  private facing: Facing = "environment";

  constructor(private readonly on: CameraEvents) {}

  /** Asks for the camera, and for sound where the agency takes it. Rejects with the browser's error. */
  async start(withSound: boolean): Promise<MediaStreamTrack> {
    this.stop();
    // Absent on pages without https and in some apps' windows.
    const devices = navigator.mediaDevices as MediaDevices | undefined;
    if (devices === undefined) throw new Error("never");
    const video = { facingMode: { ideal: this.facing }, width: { ideal: 640 }, height: { ideal: 360 }, frameRate: { ideal: 15, max: 30 } };
    // Without a microphone there still is a camera.
    const stream = await (withSound
      ? devices.getUserMedia({ video, audio: true }).catch(() => devices.getUserMedia({ video }))
      : devices.getUserMedia({ video }));
    const track = stream.getVideoTracks()[0];
    if (track === undefined) throw new Error("never");
    track.contentHint = "motion";
    track.onmute = () => this.on.interrupted(true);
    track.onunmute = () => this.on.interrupted(false);
    track.onended = () => this.on.ended();
    this.track = track;
    this.sound = stream.getAudioTracks()[0] ?? null;
    return track;
  }

  /** The other camera. The first is let go before: iPhones open only one. */
  turn(): Promise<MediaStreamTrack> {
    this.facing = this.facing === "environment" ? "user" : "environment";
    return this.start(this.sound !== null);
  }

  get hasLight(): boolean {
    // Some browsers have no such question.
    const track = this.track as { getCapabilities?: () => { torch?: boolean } } | null;
    return track?.getCapabilities?.().torch === true;
  }

  async light(on: boolean): Promise<void> {
    await this.track?.applyConstraints({ advanced: [{ torch: on } as MediaTrackConstraintSet] });
    this.lit = on;
  }

  stop(): void {
    for (const track of [this.track, this.sound]) {
      if (track === null) continue;
      track.onmute = track.onunmute = track.onended = null;
      track.stop();
    }
    this.track = this.sound = null;
    this.lit = false;
  }
}
