import type { Api } from "./api";
import type { Panel } from "./panel";
import { passes } from "./screens";
import { fixOf, Trail } from "./trail";

interface Battery extends EventTarget {
  level: number;
  charging: boolean;
}
const DENIED = 1;

/** Where the phone is, for as long as the caller lets it be seen; nothing is asked for while the page is out of sight. */
export class Location {
  private readonly trail: Trail;
  private watch: number | null = null;
  private wanted = false;
  private opened = false;

  constructor(
    private readonly api: Api,
    everySeconds: number,
    private readonly panel: Panel,
  ) {
    this.trail = new Trail(everySeconds * 1000);
    const power = (navigator as { getBattery?: () => Promise<Battery> }).getBattery;
    power?.call(navigator).then((battery) => {
      const look = () => this.trail.battery(battery.level, battery.charging);
      for (const kind of ["levelchange", "chargingchange"]) battery.addEventListener(kind, look);
      look();
    }, () => undefined);
  }

  get sharing(): boolean {
    return this.watch !== null;
  }

  async start(opened: Promise<unknown>): Promise<void> {
    this.wanted = true;
    this.panel.place({ is: "wait" });
    this.resume();
    await opened;
    this.opened = true;
    await this.flush();
  }

  private resume(): void {
    if (!this.wanted || this.watch !== null) return;
    const places = navigator.geolocation as Geolocation | undefined;
    if (places === undefined) {
      this.panel.place({ is: "none" });
      return;
    }
    this.watch = places.watchPosition(
      (place) => {
        if (!this.wanted) return;
        this.panel.place({ is: "on", metres: place.coords.accuracy });
        const now = Date.now();
        if (this.trail.seen(fixOf(place, now), now)) void this.flush();
      },
      ({ code }) => {
        if (!this.wanted) return;
        this.panel.place({ is: code === DENIED ? "denied" : "none" });
        if (code === DENIED) this.pause();
      },
      { enableHighAccuracy: true, maximumAge: 2000, timeout: 20_000 },
    );
  }

  private pause(): void {
    if (this.watch !== null) navigator.geolocation.clearWatch(this.watch);
    this.watch = null;
  }

  seen(visible: boolean): void {
    if (visible) this.resume();
    else this.pause();
  }

  /** Sends what waits. What does not arrive is sent with the next. */
  async flush(): Promise<void> {
    if (!this.opened) return;
    const fixes = this.trail.take();
    if (fixes.length === 0) return;
    await this.api.fixes(fixes).catch((error: unknown) => {
      // What is refused once is refused again.
      if (passes(error)) this.trail.putBack(fixes);
    });
  }

  halt(): void {
    this.wanted = false;
    this.pause();
    this.trail.forget();
    this.panel.place({ is: "off" });
  }
}
