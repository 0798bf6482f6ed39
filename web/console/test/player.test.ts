import { beforeEach, describe, expect, test } from "vitest";

import type { Pcm, Side, Timers } from "@ringdown/core";

import { Player } from "../src/timeline/player";
import type { Sink } from "../src/timeline/sink";
import { bucketFor, spanFor, WaveData } from "../src/timeline/waveform";

/** One clock for everything: timers and sound move together, by hand. */
class World implements Timers, Sink {
  ms = 0;
  played: { at: number; ms: number }[] = [];
  heard: Record<Side, boolean> = { caller: true, call_taker: true };
  #due: { at: number; callback: () => void }[] = [];
  now = () => this.ms / 1000;
  random = () => 0;
  clear = () => undefined;
  set = (callback: () => void, delayMs: number) => this.#due.push({ at: this.ms + delayMs, callback });
  schedule = (pcm: Pcm, at: number) =>
    void this.played.push({ at, ms: ((pcm.channels[0]?.length ?? 0) * 1000) / pcm.rate });
  hush = () => void (this.played = []);
  setSide = (side: Side, on: boolean) => void (this.heard[side] = on);
  wake = () => Promise.resolve();

  async pass(ms: number): Promise<void> {
    const end = this.ms + ms;
    for (;;) {
      for (let i = 0; i < 30; i += 1) await Promise.resolve();
      this.#due.sort((a, b) => a.at - b.at);
      const next = this.#due[0];
      if (!next || next.at > end) break;
      this.#due.shift();
      this.ms = Math.max(this.ms, next.at);
      next.callback();
    }
    this.ms = end;
  }
}

function wav(ms: number): ArrayBuffer {
  const frames = Math.round(ms * 8);
  const view = new DataView(new ArrayBuffer(44 + frames * 4));
  const text = (at: number, value: string) =>
    Array.from(value).forEach((c, i) => view.setUint8(at + i, c.charCodeAt(0)));
  text(0, "RIFF");
  text(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 2, true);
  view.setUint32(24, 8000, true);
  view.setUint16(34, 16, true);
  text(36, "data");
  view.setUint32(40, frames * 4, true);
  return view.buffer;
}

describe("the player", () => {
  let world: World;
  let player: Player;
  let edgeMs: number;
  let asked: [number, number][];
  let broken: boolean;

  beforeEach(() => {
    world = new World();
    edgeMs = 60_000;
    asked = [];
    broken = false;
    player = new Player(
      (_, from, to) => {
        asked.push([from, to]);
        if (broken) return Promise.reject(new Error("The recording cannot be read."));
        const [start, end] = [Math.min(from, edgeMs), Math.min(to, edgeMs)];
        return Promise.resolve({ bytes: wav(end - start), from_ms: start, to_ms: end, live_edge_ms: edgeMs });
      },
      world,
      world,
    );
    player.turnTo("call_1");
  });

  test("plays pieces back to back and knows where it is", async () => {
    await player.play(10_000);
    await world.pass(12_060);
    expect(Math.round(player.positionMs() / 100)).toBe(220);
    const joins = world.played.slice(1).map((piece, i) => piece.at - ((world.played[i]?.at ?? 0) + (world.played[i]?.ms ?? 0) / 1000));
    expect(joins.every((gap) => Math.abs(gap) < 1e-6)).toBe(true);
  });

  test("stops at the end of a stretch that was asked for", async () => {
    await player.play(1_000, 2_500);
    await world.pass(5_000);
    expect(player.state.get().status).toBe("paused");
    expect(Math.round(player.positionMs())).toBe(2_500);
  });

  test("waits at the live edge and goes on as the call grows", async () => {
    edgeMs = 1_000;
    await player.play(0);
    await world.pass(3_000);
    expect(player.state.get().status).toBe("waiting");
    edgeMs = 20_000;
    await world.pass(3_000);
    expect(player.state.get().status).toBe("playing");
    expect(player.positionMs()).toBeGreaterThan(2_000);
  });

  test("asks at most four times a second at the live edge", async () => {
    edgeMs = 0;
    await player.play(0);
    await world.pass(10_000);
    expect(asked.length).toBeLessThanOrEqual(42);
  });

  test("stops by itself at the end of a finished call", async () => {
    edgeMs = 3_000;
    player.endAt(3_000);
    await player.play(1_000);
    await world.pass(4_000);
    expect(player.state.get().status).toBe("paused");
  });

  test("says what is wrong, keeps its place and goes on when it can", async () => {
    broken = true;
    await player.play(5_000);
    await world.pass(1_000);
    expect(player.state.get().trouble).toBe("The recording cannot be read.");
    broken = false;
    await world.pass(2_000);
    expect(player.state.get()).toMatchObject({ trouble: null, status: "playing" });
    expect(player.positionMs()).toBeGreaterThan(5_000);
  });

  test("keeps its place over a pause", async () => {
    await player.play(0);
    await world.pass(2_060);
    player.pause();
    await world.pass(9_000);
    expect(Math.round(player.positionMs() / 100)).toBe(20);
  });

  test("falls silent when another call is opened", async () => {
    await player.play(0);
    await world.pass(1_000);
    player.turnTo("call_2");
    expect(world.played).toEqual([]);
    expect(player.positionMs()).toBe(0);
  });
});

describe("the time axis", () => {
  test("a live call has room to grow, a finished one fills the width", () => {
    expect([spanFor(10_000, false), spanFor(59_000, false), spanFor(59_000, true)]).toEqual([60_000, 120_000, 59_000]);
  });

  test("has about as many buckets as pixels, however long the call", () => {
    for (const span of [60_000, 3_600_000, 28_800_000]) expect(span / bucketFor(span)).toBeLessThanOrEqual(1200);
  });

  test("asks again for the last bucket, which may have been half full", () => {
    const wave = new WaveData(100);
    wave.add({ from_ms: 0, to_ms: 250, bucket_ms: 100, live_edge_ms: 250, sides: { caller: [9, 9, 4], call_taker: [] } });
    expect(wave.nextMs).toBe(200);
    wave.add({ from_ms: 200, to_ms: 400, bucket_ms: 100, live_edge_ms: 400, sides: { caller: [8, 7], call_taker: [1, 1] } });
    expect(wave.sides.caller).toEqual([9, 9, 8, 7]);
  });
});
