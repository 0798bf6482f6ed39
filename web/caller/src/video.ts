import { Ladder } from "./adapt";
import { type Api, Failure, type Session, type VideoReport } from "./api";
import { Camera, type CameraTrouble, troubleOf } from "./camera";
import type { CameraState, Panel } from "./panel";
import type { Outgoing } from "./sender";

const AWAY_MS = 60_000;
const LONGEST_MS = 8000;
const NONE: VideoReport = { state: "none", width: 0, height: 0, fps: 0, kbps: 0, loss_percent: 0, sound: false };

/** The camera from the prompt to the last picture: started, sent, adapted, interrupted, stopped. */
export class Video {
  private readonly camera: Camera;
  private ladder: Ladder;
  private outgoing: Outgoing | null = null;
  private state: CameraState = "off";
  private wanted = false;
  private report = NONE;
  private turnNumber = 0;
  private hiddenSince: number | null = null;

  constructor(
    private readonly api: Api,
    private readonly session: Session,
    private readonly panel: Panel,
    private readonly sleep: (ms: number) => Promise<void>,
  ) {
    this.ladder = new Ladder(session.max_kbps);
    this.camera = new Camera({
      interrupted: (away) => this.show(away ? "interrupted" : this.outgoing === null ? "joining" : "on"),
      ended: () => this.halt("ended"),
    });
  }

  get sharing(): boolean {
    return this.wanted && this.state !== "wait";
  }

  /** Asks for the camera and sends it. `opened`: the server knows that the caller agreed. */
  async start(opened: Promise<unknown>): Promise<void> {
    const own = ++this.turnNumber;
    this.wanted = true;
    this.ladder = new Ladder(this.session.max_kbps);
    this.show("wait");
    // Everything that takes time is begun at once; nothing leaves before all of it is there.
    const library = import("./sender");
    library.catch(() => undefined);
    try {
      await this.camera.start(this.session.carry_audio);
    } catch (error) {
      if (own === this.turnNumber) this.halt(troubleOf(error));
      return;
    }
    this.show("joining");
    await opened;
    await this.send(own);
  }

  private async send(own: number): Promise<void> {
    for (let wait = 1000; own === this.turnNumber; wait = Math.min(wait * 2, LONGEST_MS)) {
      try {
        const [{ join }, place] = await Promise.all([import("./sender"), this.api.video()]);
        const { track } = this.camera;
        if (own !== this.turnNumber || track === null) return;
        const outgoing = await join(place, track, this.camera.sound, this.ladder.level, () => void this.rejoin(own));
        if (own !== this.turnNumber) {
          outgoing.leave();
          return;
        }
        this.outgoing = outgoing;
        // What happened while it was joining holds for what is sent now.
        if (this.camera.track !== null && this.camera.track !== track) await outgoing.replace(this.camera.track);
        if (this.hiddenSince !== null) await outgoing.pause(true);
        this.show("on");
        return;
      } catch (error) {
        // Refused: the caller or the centre has stopped it meanwhile.
        if (error instanceof Failure && [401, 403, 404, 410].includes(error.status)) {
          if (own === this.turnNumber) this.halt("off");
          return;
        }
        // One try may fail; then the caller is told to tell what they see.
        if (own === this.turnNumber && wait > 1000) this.dead();
        await this.sleep(wait);
      }
    }
  }

  private async rejoin(own: number): Promise<void> {
    if (own !== this.turnNumber) return;
    this.outgoing = null;
    this.report = { ...NONE, state: "dead" };
    this.show("joining");
    await this.send(own);
  }

  private dead(): void {
    this.report = { ...NONE, state: "dead" };
    this.show("dead");
  }

  /** What the sign of life tells of the video. */
  async look(): Promise<VideoReport> {
    if (!this.wanted || this.outgoing === null) return this.wanted ? this.report : NONE;
    // Paused is not dead.
    if (this.hiddenSince !== null || this.state === "interrupted") return NONE;
    const own = this.turnNumber;
    const sent = await this.outgoing.sent();
    if (own !== this.turnNumber) return this.report;
    if (sent === null) return { ...NONE, state: "live", sound: this.camera.sound !== null };
    if (this.ladder.look(sent)) void this.outgoing.level(this.ladder.level);
    const { state } = this.ladder;
    this.show(state === "live" ? "on" : state);
    this.report = { state, width: sent.width, height: sent.height, fps: sent.fps, kbps: sent.kbps, loss_percent: sent.lossPercent, sound: this.camera.sound !== null };
    return this.report;
  }

  async turn(): Promise<void> {
    // None is there before the first, and while one is turned already.
    if (this.camera.track === null) return;
    const own = this.turnNumber;
    try {
      const track = await this.camera.turn();
      await this.outgoing?.replace(track);
      this.show(this.state);
    } catch (error) {
      if (own === this.turnNumber) this.halt(troubleOf(error));
    }
  }

  async light(): Promise<void> {
    await this.camera.light(!this.camera.lit).catch(() => undefined);
    this.show(this.state);
  }

  /** The page is out of sight, or back. Back soon, it goes on by itself; later, the caller is asked. */
  async seen(visible: boolean, now: number): Promise<void> {
    if (!this.wanted) return;
    if (!visible) {
      this.hiddenSince = now;
      await this.outgoing?.pause(true);
      return;
    }
    const away = this.hiddenSince === null ? 0 : now - this.hiddenSince;
    this.hiddenSince = null;
    if (away > AWAY_MS || this.camera.track?.readyState === "ended") this.halt("away");
    else await this.outgoing?.pause(false);
  }

  /** Nothing of the camera leaves any more. */
  halt(why: CameraState | CameraTrouble): void {
    this.turnNumber += 1;
    this.wanted = false;
    this.hiddenSince = null;
    this.outgoing?.leave();
    this.outgoing = null;
    this.report = NONE;
    this.camera.stop();
    this.show(why);
  }

  private show(state: CameraState): void {
    this.state = state;
    this.panel.camera(state, this.camera.track, this.camera.sound !== null);
    this.panel.light(this.camera.hasLight, this.camera.lit);
  }
}
