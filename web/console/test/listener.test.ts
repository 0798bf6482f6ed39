import { beforeEach, describe, expect, test } from "vitest";

import type { Timers } from "@ringdown/core";

import { Listener, type Command, type LinkEvents, type Status } from "../src/listen/listener";
import { behindWords, decibels } from "../src/listen/words";

/** The media server by hand: it tells what the test says and keeps what it was sent. */
class World implements Timers {
  ms = 0;
  sent: Command[] = [];
  opened: boolean[] = [];
  closed: string[] = [];
  left = 0;
  fails: string | null = null;
  on: LinkEvents | null = null;
  #due: { at: number; callback: () => void }[] = [];
  now = () => this.ms;
  random = () => 0;
  clear = () => undefined;
  set = (callback: () => void, delayMs: number) => this.#due.push({ at: this.ms + delayMs, callback });

  listener = new Listener(
    {
      open: (_callId, autoplay) => {
        if (this.fails !== null) return Promise.reject(new Error(this.fails));
        this.opened.push(autoplay);
        return Promise.resolve({ session_id: `s${this.opened.length}`, url: "ws://media", token: "jwt" });
      },
      close: (id) => Promise.resolve(this.closed.push(id)),
      connect: (_url, _token, on) => {
        this.on = on;
        return Promise.resolve({
          send: (command) => void this.sent.push(command),
          unblock: () => Promise.resolve(),
          leave: () => void (this.left += 1),
        });
      },
    },
    this,
  );

  async pass(ms: number): Promise<void> {
    const end = this.ms + ms;
    for (;;) {
      for (let i = 0; i < 20; i += 1) await Promise.resolve();
      this.#due.sort((a, b) => a.at - b.at);
      const next = this.#due[0];
      if (!next || next.at > end) break;
      this.#due.shift();
      this.ms = Math.max(this.ms, next.at);
      next.callback();
    }
    this.ms = end;
  }

  tell(status: Partial<Status>): void {
    this.on?.told({ kind: "status", position: 0, duration: 0, paused: false, atEnd: false, callOver: false, ...status });
  }

  /** Time passes with the word of the worker every second. */
  async play(seconds: number, from: Status): Promise<void> {
    for (let n = 1; n <= seconds; n += 1) {
      await this.pass(1000);
      this.tell({ ...from, position: from.position + 1000 * n, duration: from.duration + 1000 * n });
    }
  }
}

const LIVE: Status = { position: 60_000, duration: 60_200, paused: false, atEnd: true, callOver: false };
const OVER: Status = { position: 0, duration: 90_000, paused: true, atEnd: false, callOver: true };

describe("listening in", () => {
  let world: World;
  beforeEach(() => {
    world = new World();
  });

  const join = async (status: Status, fromMs: number | null = null) => {
    void world.listener.start("call_1", fromMs);
    await world.pass(0);
    world.tell(status);
  };

  test("a live call is joined at its edge and nothing need be sent", async () => {
    await join(LIVE);
    expect(world.opened).toEqual([true]);
    expect(world.sent).toEqual([]);
    await world.pass(900);
    expect(world.listener.positionMs()).toBe(60_900);
    expect(world.listener.behindMs()).toBe(200);
  });

  test("a status that comes before the room is joined is not lost", async () => {
    const { listener } = world;
    void listener.start("call_1", 30_000);
    for (let i = 0; i < 3 && !world.on; i += 1) await Promise.resolve();
    world.tell(OVER);
    await world.pass(0);
    expect(world.sent).toEqual([{ cmd: "scrub", position: 30_000 }, { cmd: "resume" }]);
  });

  test("a finished call goes on from the playhead", async () => {
    await join(OVER, 30_000);
    expect(world.sent).toEqual([{ cmd: "scrub", position: 30_000 }, { cmd: "resume" }]);
    expect(world.listener.positionMs()).toBe(30_000);
  });

  test("going back is behind live until one jumps to live", async () => {
    await join(LIVE);
    world.listener.seek(48_000.4);
    expect(world.listener.behindMs()).toBe(12_200);
    world.listener.toLive();
    expect(world.listener.behindMs()).toBe(0);
    expect(world.sent).toEqual([{ cmd: "scrub", position: 48_000 }, { cmd: "scrub-to-end" }]);
  });

  test("a pause keeps its place while the call goes on", async () => {
    await join(LIVE);
    world.listener.pause();
    for (let n = 1; n <= 20; n += 1) {
      await world.pass(1000);
      world.tell({ ...LIVE, paused: true, atEnd: false, duration: 60_200 + n * 1000 });
    }
    expect(world.listener.positionMs()).toBe(60_000);
    expect(world.listener.behindMs()).toBe(20_200);
  });

  test("a stretch that was asked for stops at its end", async () => {
    await join(LIVE);
    world.listener.play(10_000, 12_000);
    world.tell({ ...LIVE, position: 10_000, atEnd: false });
    await world.pass(2_200);
    expect(world.sent.at(-1)).toEqual({ cmd: "pause" });
    expect(world.listener.asPlayer().status).toBe("paused");
  });

  test("gains are held to what the worker takes; a side that is off keeps its own", async () => {
    await join(LIVE);
    world.listener.setGain("caller", 33);
    world.listener.setSide("call_taker", false);
    world.listener.setGain("call_taker", -6);
    world.listener.setSide("call_taker", true);
    expect(world.sent).toEqual([
      { cmd: "set-gain", gain: 20, callerType: "caller" },
      { cmd: "set-gain", gain: -60, callerType: "callTaker" },
      { cmd: "set-gain", gain: -60, callerType: "callTaker" },
      { cmd: "set-gain", gain: -6, callerType: "callTaker" },
    ]);
  });

  test("a lost way is found again at the same place, paused as it was and as loud", async () => {
    await join(LIVE);
    world.listener.setGain("caller", 6);
    world.listener.seek(20_000);
    world.tell({ ...LIVE, position: 20_000, atEnd: false });
    world.listener.pause();
    world.tell({ ...LIVE, position: 20_000, atEnd: false, paused: true });
    world.on?.ended("lost");
    expect(world.listener.state.get().phase).toBe("interrupted");
    expect(world.closed).toEqual(["s1"]);
    world.sent = [];
    await world.pass(600);
    world.tell({ ...LIVE, duration: 70_000 });
    expect(world.sent).toEqual([
      { cmd: "set-gain", gain: 6, callerType: "caller" },
      { cmd: "scrub", position: 20_000 },
      { cmd: "pause" },
    ]);
    expect(world.listener.state.get()).toMatchObject({ phase: "on", trouble: null });
  });

  test("whoever listened live listens live again", async () => {
    await join(LIVE);
    world.on?.ended("lost");
    await world.pass(600);
    expect(world.opened).toEqual([true, true]);
    world.tell({ ...LIVE, position: 90_000, duration: 90_100 });
    expect(world.sent).toEqual([]);
    expect(world.listener.behindMs()).toBe(100);
  });

  test("silence of the worker is told, and after a while a new session is opened", async () => {
    await join(LIVE);
    await world.play(5, LIVE);
    await world.pass(6_000);
    expect(world.listener.state.get().phase).toBe("interrupted");
    expect(world.opened).toHaveLength(1);
    await world.pass(11_000);
    expect(world.opened).toHaveLength(2);
  });

  test("an end that somebody decided is an end", async () => {
    await join(LIVE);
    world.on?.ended("closed");
    await world.pass(60_000);
    expect(world.opened).toHaveLength(1);
    expect(world.listener.state.get()).toMatchObject({ phase: "failed", trouble: "Listening was ended by the server." });
    expect(world.listener.on).toBe(false);
  });

  test("why a session is ended is said when it ends, and nobody joins again", async () => {
    await join(LIVE);
    world.on?.told({ kind: "closed", code: "recording_removed", detail: "x" });
    expect(world.listener.state.get()).toMatchObject({ phase: "on", trouble: null });
    world.on?.ended("lost");
    await world.pass(60_000);
    expect(world.opened).toHaveLength(1);
    expect(world.listener.state.get()).toMatchObject({ phase: "failed", trouble: "The recording of this call has been removed." });
    await join(LIVE);
    world.on?.ended("closed");
    expect(world.listener.state.get().trouble).toBe("Listening was ended by the server.");
  });

  test("what the server says is said; the way is tried a bounded number of times", async () => {
    world.fails = "The call has no audio yet.";
    await world.listener.start("call_1", null);
    expect(world.listener.state.get()).toMatchObject({ phase: "failed", trouble: "The call has no audio yet." });
    world.fails = null;
    await join(LIVE);
    world.on?.ended("lost");
    world.fails = "The media server is away.";
    await world.pass(120_000);
    expect(world.listener.state.get().phase).toBe("failed");
  });

  test("stopping while it connects leaves nothing behind", async () => {
    void world.listener.start("call_1", null);
    world.listener.stop();
    await world.pass(0);
    expect(world.closed).toEqual(["s1"]);
    expect(world.listener.state.get().phase).toBe("off");
  });

  test("a refusal is said in words and goes with the next thing that is taken", async () => {
    await join(LIVE);
    world.on?.told({ kind: "error", code: "sides_not_separable", detail: "x", cmd: "set-gain" });
    expect(world.listener.state.get().trouble).toContain("one mix");
    world.listener.seek(1);
    expect(world.listener.state.get().trouble).toBeNull();
  });
});

describe("where the ear is, in words", () => {
  const at = (behindMs: number, more = {}) => behindWords({ phase: "on", ended: false, playing: true, behindMs, ...more })?.text;
  test("behind live, live, paused", () => {
    expect([at(12_200), at(300), at(12_200, { playing: false })]).toEqual(["12 s behind live", "Listening live", "Paused, 12 s behind live; the call goes on"]);
  });
  test("a finished call has no live edge", () => {
    expect([at(50_000, { ended: true }), at(0, { ended: true, phase: "off", playing: false })]).toEqual(["Listening to the recording", undefined]);
  });
  test("decibels carry their sign", () => {
    expect([6, 0, -12].map(decibels)).toEqual(["+6 dB", "0 dB", "−12 dB"]);
  });
});
