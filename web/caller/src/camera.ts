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
  private opening = 0;

  constructor(private readonly on: CameraEvents) {}

  /** Asks for the camera, and for sound where the agency takes it. Rejects with the browser's error. */
  async start(withSound: boolean): Promise<void> {
    this.stop();
    const own = this.opening;
    // Without a microphone there still is a camera.
    await (withSound ? this.open(own, true).catch(() => this.open(own)) : this.open(own));
  }

  /** The other camera; the sound goes on. Where it cannot be had, the one before. */
  async turn(): Promise<MediaStreamTrack> {
    const own = this.opening;
    const flip = () => (this.facing = this.facing === "environment" ? "user" : "environment");
    flip();
    // Let go before: iPhones open only one.
    end(this.track);
    this.track = null;
    this.lit = false;
    return this.open(own).catch(() => {
      flip();
      return this.open(own);
    });
  }

  private async open(own: number, withSound = false): Promise<MediaStreamTrack> {
    // Absent on pages without https and in some apps' windows.
    const devices = navigator.mediaDevices as MediaDevices | undefined;
    if (devices === undefined || own !== this.opening) throw new Error("never");
    const video = { facingMode: { ideal: this.facing }, width: { ideal: 640 }, height: { ideal: 360 }, frameRate: { ideal: 15, max: 30 } };
    const stream = await devices.getUserMedia(withSound ? { video, audio: true } : { video });
    const track = stream.getVideoTracks()[0];
    // Stopped while the phone was asking: it is let go at once.
    if (own !== this.opening || track === undefined) {
      stream.getTracks().forEach(end);
      throw new Error("never");
    }
    track.contentHint = "motion";
    track.onmute = () => this.on.interrupted(true);
    track.onunmute = () => this.on.interrupted(false);
    track.onended = () => this.on.ended();
    this.track = track;
    this.sound ??= stream.getAudioTracks()[0] ?? null;
    return track;
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
    this.opening += 1;
    end(this.track);
    end(this.sound);
    this.track = this.sound = null;
    this.lit = false;
  }
}

function end(track: MediaStreamTrack | null): void {
  if (track === null) return;
  track.onmute = track.onunmute = track.onended = null;
  track.stop();
}
