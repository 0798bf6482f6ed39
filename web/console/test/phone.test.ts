import { describe, expect, test } from "vitest";

import type { ConsentView, LinkView, Timers } from "@ringdown/core";

import { e164 } from "../src/phone/number";
import { consentWords, fixWords, healthWords, isOver, linksOf, linkWords, messageWords, openConsent, sharesText, span, textBackWords, uploadWords, viewersOf } from "../src/phone/phoneWords";
import { qrModules, qrPath } from "../src/phone/qr";
import { DEAD_AFTER_MS, Watching, type Camera, type CameraEvents, type Frames, type Grant, type Still } from "../src/phone/watching";

const DANA = { user_id: "user_1", name: "Dana Reyes" };
const AT = "2026-11-22T03:00:00.000Z";
const later = (s: number): string => new Date(Date.parse(AT) + s * 1000).toISOString();
const consent = (more: Partial<ConsentView> = {}): ConsentView => ({
  consent_id: "c1", call_id: "call", shares: ["location", "video"], outcome: "agreed", via: "voice", at_ms: 1, by: DANA, language: "en", reason: null, link_id: null, number: null, at: AT, ...more,
});
const link = (more: Partial<LinkView> = {}): LinkView => ({
  link_id: "l1", call_id: "call", consent_id: "c1", shares: ["video"], number: "+15095550142", language: "en", state: "sent", agreed: [], sharing: [], message_id: null,
  made_by: DANA, made_at: AT, expires_at: later(1800), opened_at: null, ended_at: null, device: null, refused_devices: 0, quiet_since: null, offer: null, reason: null, ...more,
});

describe("a link leaves only on an answer that was recorded", () => {
  test("agreed or overridden, and not used yet", () => {
    expect(openConsent({ consents: [], links: [] })).toBeNull();
    expect(openConsent({ consents: [consent()], links: [] })?.consent_id).toBe("c1");
    expect(openConsent({ consents: [consent()], links: [link()] })).toBeNull();
    expect(openConsent({ consents: [consent({ outcome: "overridden", shares: ["location"] })], links: [] })).not.toBeNull();
  });
  test("a later refusal counts more, what the page answered does not count here", () => {
    const refused = consent({ consent_id: "c2", outcome: "refused", at: later(5) });
    expect(openConsent({ consents: [consent(), refused], links: [] })).toBeNull();
    expect(openConsent({ consents: [consent({ via: "page" })], links: [] })).toBeNull();
    const again = consent({ consent_id: "c3", at: later(9) });
    expect(openConsent({ consents: [consent(), refused, again], links: [link()] })?.consent_id).toBe("c3");
  });
});

describe("words for a glance", () => {
  test("every state of a link has its words, what is over is apart", () => {
    const states = ["made", "sent", "opened", "sharing", "stopped", "expired", "revoked", "failed"] as const;
    expect(new Set(states.map((state) => linkWords(link({ state, sharing: ["video"] })).text)).size).toBe(states.length);
    expect(states.filter((state) => isOver(link({ state })))).toEqual(["stopped", "expired", "revoked"]);
    expect(linkWords(link({ state: "sharing", sharing: ["location"], quiet_since: AT })).tone).toBe("down");
    const { current, over } = linksOf({ links: [link(), link({ link_id: "l2", made_at: later(9) }), link({ link_id: "l3", state: "revoked" })] });
    expect([current, over].map((list) => list.map((one) => one.link_id))).toEqual([["l2", "l1"], ["l3"]]);
  });
  test("who asked, what, and why", () => {
    expect(consentWords(consent())).toBe("Asked and agreed: location, live video (Dana Reyes)");
    expect(consentWords(consent({ outcome: "overridden", reason: "no answer" }))).toBe("Located without consent by Dana Reyes. Reason: no answer");
    expect(consentWords(consent({ outcome: "withdrawn", via: "page", by: null, shares: ["video"] }))).toBe("Taken back by the caller: live video");
    expect(sharesText(["chat", "location"])).toBe("location, text chat");
  });
  test("a place with its doubt and its age", () => {
    const fix = { fix_id: "f", call_id: "call", link_id: "l1", lat: 47.61012, lon: -122.3341, accuracy_m: 12.4, altitude_m: 31, altitude_accuracy_m: 4, floor: "3", heading_deg: null, speed_mps: null, at: AT, received_at: AT, at_ms: 1 };
    expect(fixWords(fix, Date.parse(later(8)))).toBe("47.61012, -122.33410, within 12 m, floor 3, 31 m up, 8 s ago");
    expect(fixWords({ ...fix, accuracy_m: 2400, floor: null, altitude_m: null }, Date.parse(later(70)))).toBe("47.61012, -122.33410, within 2.4 km, 1 min ago");
  });
  test("messages, files, video, spans, the queue", () => {
    expect(messageWords({ state: "undelivered", direction: "out", error: "number is switched off" })).toBe("did not arrive: number is switched off");
    expect(messageWords({ state: "received", direction: "in", error: null })).toBe("");
    expect(uploadWords({ state: "receiving", size: 1000, received: 250, reason: null })).toBe("coming in, 25 %");
    expect(uploadWords({ state: "receiving", size: 1000, received: 1000, reason: null, via: "recording" })).toBe("being recorded");
    expect(uploadWords({ state: "refused", size: 1, received: 1, reason: "not a picture" })).toBe("refused: not a picture");
    expect(uploadWords({ state: "refused", size: 1, received: 1, reason: "uploads.file.archive" })).toBe("refused: a packed file");
    expect(uploadWords({ state: "removed", size: 1, received: 0, reason: "caller" })).toBe("taken back by the caller");
    expect(uploadWords({ state: "checking", size: 1, received: 1, reason: "uploads.scan.unavailable" })).toBe("waits: it cannot be checked now");
    expect(healthWords({ width: 640, height: 480, fps: 14.8, kbps: 211.6, loss_percent: 3.2 })).toBe("640 × 480, 15 pictures a second, 212 kbit/s, 3 % lost");
    expect(healthWords({ width: 320, height: 240, fps: 1, kbps: 40, loss_percent: 0 })).toBe("320 × 240, about one picture a second, 40 kbit/s");
    expect([900, 59_000, 61_000, 3_600_000, 3_900_000].map(span)).toEqual(["1 s", "59 s", "1 min", "1 h", "1 h 5 min"]);
    const waiting = { call_id: "c", number: null, state: "waiting", due_at: AT, texted_at: null, answered_at: null, closed_at: null, reason: null, by: null, unmatched: false, silent: false } as const;
    expect(textBackWords(waiting, Date.parse(later(130)))).toBe("waiting for 2 min");
    expect(textBackWords(waiting, Date.parse(later(-30)))).toBe("due in 30 s");
    expect(textBackWords({ ...waiting, state: "texted", texted_at: AT, due_at: later(60) }, Date.parse(later(90)))).toBe("texted 1 min ago, no answer");
  });
  test("others who look now, not those who have closed it or oneself", () => {
    const viewing = { viewing_id: "v1", call_id: "call", subject: "video", subject_id: "l1", by: { user_id: "user_2", name: "Sam" }, started_at: AT, ended_at: null, shown_ms: 0, taken_over_by: null, instead_of: null } as const;
    const all = [viewing, { ...viewing, viewing_id: "v2", ended_at: AT }, { ...viewing, viewing_id: "v3", by: DANA }, { ...viewing, viewing_id: "v4", subject_id: "l2" }];
    expect(viewersOf(all, "l1", DANA.user_id).map((one) => one.viewing_id)).toEqual(["v1"]);
  });
  test("numbers as people type them", () => {
    expect(["(509) 555-0142", "1 509 555 0142", "+44 20 7946 0958", "555-0142", "+0123456", "call me", ""].map(e164)).toEqual(["+15095550142", "+15095550142", "+442079460958", null, null, null, null]);
  });
});

describe("a QR code", () => {
  test("has its three corners and its timing, and the smallest size that holds the text", () => {
    for (const [text, side] of [["a", 21], ["https://ringdown.example/l#0123456789abcdefghijklmnopqrstuv", 33], ["é".repeat(200), 69]] as const) {
      const modules = qrModules(text);
      expect(modules?.length).toBe(side);
      const corner = (x: number, y: number) => Array.from({ length: 7 }, (_, dy) => Array.from({ length: 7 }, (_, dx) => (modules?.[y + dy]?.[x + dx] ? "1" : "0")).join("")).join(" ");
      const finder = "1111111 1000001 1011101 1011101 1011101 1000001 1111111";
      expect([corner(0, 0), corner(side - 7, 0), corner(0, side - 7)]).toEqual([finder, finder, finder]);
      expect(modules?.[6]?.slice(8, side - 8).every((on, index) => on === (index % 2 === 0))).toBe(true);
    }
  });
  test("a text that is too long has none", () => {
    expect(qrModules("x".repeat(859))).toBeNull();
    expect(qrModules("x".repeat(858))).toHaveLength(97);
    expect(qrPath("x".repeat(2000))).toBeNull();
    expect(qrPath("a")?.side).toBe(29);
  });
});

/** A media server and a clock by hand. */
class World implements Timers {
  ms = 0;
  told: string[] = [];
  refuses: Error | null = null;
  fails = 0;
  still: Still = { ended_at: null, taken_over_by: null };
  frames: Frames = { decoded: 0, bytes: 0, width: 640, height: 480 };
  on: CameraEvents | null = null;
  left = 0;
  sounds: boolean[] = [];
  joins = 0;
  #due: { at: number; callback: () => void }[] = [];
  now = () => this.ms;
  random = () => 0;
  set = (callback: () => void, delayMs: number) => {
    const one = { at: this.ms + delayMs, callback };
    this.#due.push(one);
    return one;
  };
  clear = (handle: unknown) => {
    this.#due = this.#due.filter((one) => one !== handle);
  };
  watching = new Watching(
    {
      watch: () => (this.refuses ? Promise.reject(this.refuses) : Promise.resolve(this.grant())),
      alive: (id, shown) => {
        this.told.push(`${id} ${shown}`);
        return Promise.resolve(this.still);
      },
      close: (id, shown) => Promise.resolve(this.told.push(`${id} closed ${shown}`)),
      connect: (_way, on): Promise<Camera> => {
        this.joins += 1;
        this.fails -= 1;
        if (this.fails >= 0) return Promise.reject(new Error("away"));
        this.on = on;
        return Promise.resolve({ frames: () => Promise.resolve(this.frames), sound: (wanted) => void this.sounds.push(wanted), leave: () => void (this.left += 1) });
      },
      words: (error) => (error as Error).message,
      isRefusal: (error) => (error as Error).message.startsWith("no"),
    },
    this,
  );
  grant(): Grant {
    return { viewing: { viewing_id: `v${this.joins + 1}` }, url: "ws://media", token: "jwt" };
  }
  get state() {
    return this.watching.state.get();
  }
  /** Time goes on; `fps` pictures a second come. */
  async pass(ms: number, fps = 0): Promise<void> {
    const end = this.ms + ms;
    for (;;) {
      for (let i = 0; i < 20; i += 1) await Promise.resolve();
      this.#due.sort((a, b) => a.at - b.at);
      const next = this.#due[0];
      if (!next || next.at > end) break;
      this.#due.shift();
      const passed = Math.max(0, next.at - this.ms) / 1000;
      this.frames = { ...this.frames, decoded: this.frames.decoded + Math.round(fps * passed), bytes: this.frames.bytes + passed * 25_000 * Math.min(1, fps) };
      this.ms = Math.max(this.ms, next.at);
      next.callback();
    }
    this.ms = end;
  }
}

describe("a caller's video is seen with care", () => {
  test("it comes blurred and silent; only unblurred time counts; closed at once and told", async () => {
    const world = new World();
    world.watching.start();
    await world.pass(3_000, 15);
    expect(world.state).toMatchObject({ phase: "on", shown: false, sound: false, moving: true, fps: 15, kbps: 200, width: 640 });
    world.watching.sound(true);
    expect(world.sounds).toEqual([]);
    expect(world.watching.shownMs()).toBe(0);
    world.watching.show();
    world.watching.sound(true);
    await world.pass(5_000, 15);
    world.watching.hide();
    expect(world.state).toMatchObject({ shown: false, sound: false });
    expect(world.sounds).toEqual([true, false]);
    await world.pass(4_000, 15);
    world.watching.stop();
    expect(world.told.at(-1)).toBe("v1 closed 5000");
    expect(world.left).toBe(1);
    expect(world.state.phase).toBe("off");
  });

  test("a picture a second is alive; none within five seconds is dead; pictures that come back are live again", async () => {
    const world = new World();
    world.watching.start();
    await world.pass(10_000, 1);
    expect(world.state).toMatchObject({ dead: false, moving: true });
    await world.pass(DEAD_AFTER_MS + 1_000);
    expect(DEAD_AFTER_MS).toBeLessThan(5_000);
    expect(world.state).toMatchObject({ dead: true, moving: false, kbps: 0, phase: "on" });
    await world.pass(2_000, 15);
    expect(world.state).toMatchObject({ dead: false, moving: true });
  });

  test("after a break it joins anew, blurred, and as long as the media server is away", async () => {
    const world = new World();
    world.watching.start();
    await world.pass(2_000, 15);
    world.watching.show();
    world.fails = 4;
    world.on?.ended("lost");
    expect(world.state).toMatchObject({ phase: "joining", shown: false });
    await world.pass(60_000, 15);
    expect(world.joins).toBe(6);
    expect(world.state).toMatchObject({ phase: "on", shown: false });
    expect(world.told.filter((one) => one.includes("closed"))).toHaveLength(5);
  });

  test("what somebody decided is not tried again until the person wants it", async () => {
    const world = new World();
    world.refuses = new Error("no: this call type has no live video");
    world.watching.start();
    await world.pass(30_000);
    expect(world.state).toMatchObject({ phase: "failed", trouble: "no: this call type has no live video" });
    expect(world.joins).toBe(0);
    world.refuses = null;
    world.watching.start();
    await world.pass(2_000, 15);
    world.on?.ended("closed");
    await world.pass(30_000);
    expect(world.state.phase).toBe("over");
    expect(world.joins).toBe(1);
  });

  test("a viewing that a supervisor took over closes; one that is given goes on by its grant", async () => {
    const world = new World();
    world.watching.start();
    await world.pass(2_000, 15);
    world.watching.show();
    world.still = { ended_at: AT, taken_over_by: { name: "Kim Alder" } };
    await world.pass(4_000, 15);
    expect(world.state).toMatchObject({ phase: "over", shown: false, trouble: "Kim Alder looks instead of you." });
    expect(world.told.some((one) => one.includes("closed"))).toBe(false);

    const kim = new World();
    kim.watching.start();
    await kim.pass(1_000, 15);
    kim.watching.start({ viewing: { viewing_id: "instead" }, url: "ws://media", token: "jwt" });
    await kim.pass(3_000, 15);
    expect(kim.told).toContain("v1 closed 0");
    expect(kim.watching.viewing).toBe("instead");
    expect([kim.left, kim.joins, kim.state.phase]).toEqual([1, 2, "on"]);
  });

  test("whoever leaves while it opens is not left in the room", async () => {
    const world = new World();
    world.watching.start();
    world.watching.stop();
    await world.pass(5_000);
    expect([world.state.phase, world.joins]).toEqual(["off", 0]);
    expect(world.told).toEqual(["v1 closed 0"]);
  });
});
