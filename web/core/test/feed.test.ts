import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";

import {
  backoffMs,
  BATCH_MS,
  Feed,
  SILENCE_MS,
  Store,
  type Fact,
  type FeedPorts,
  type Timers,
} from "../src/index";
import { call, detailAfter, fact, snapshotAfter } from "./build";

class HandTimers implements Timers {
  time = 0;
  #next = 1;
  readonly #due = new Map<number, { at: number; callback: () => void }>();
  now = () => this.time;
  random = () => 1;
  set = (callback: () => void, delayMs: number) => {
    this.#due.set(this.#next, { at: this.time + delayMs, callback });
    this.#next += 1;
    return this.#next - 1;
  };
  clear = (handle: unknown) => void this.#due.delete(handle as number);

  async advance(ms: number): Promise<void> {
    const end = this.time + ms;
    for (;;) {
      await settle();
      const [id, due] = [...this.#due].sort((a, b) => a[1].at - b[1].at)[0] ?? [];
      if (id === undefined || !due || due.at > end) break;
      this.#due.delete(id);
      this.time = Math.max(this.time, due.at);
      due.callback();
    }
    this.time = end;
    await settle();
  }
}

const settle = async (): Promise<void> => {
  for (let i = 0; i < 20; i += 1) await Promise.resolve();
};

class FakeServer implements FeedPorts {
  log: Fact[] = [
    fact(1, "call_a", { kind: "calls.call.started.v1", body: { call: call("call_a") } }),
  ];
  sockets: { after: number; frame(text: string): void; closed(): void; open: boolean }[] = [];
  snapshots = 0;
  error: Error | null = null;

  #answer<T>(value: T): Promise<T> {
    return this.error ? Promise.reject(this.error) : Promise.resolve(value);
  }
  snapshot = () => {
    this.snapshots += 1;
    return this.#answer(snapshotAfter(this.log, this.log.length));
  };
  detail = (id: string) => this.#answer(detailAfter(this.log, id, this.log.length));
  lamps = () => this.#answer([]);
  isSignedOut = (error: unknown) => error instanceof Error && error.message === "401";
  isGone = () => false;
  connect = (after: number, on: { frame(text: string): void; closed(): void }) => {
    const socket = { after, ...on, open: true };
    this.sockets.push(socket);
    return { close: () => void (socket.open = false) };
  };
  get last() {
    const socket = this.sockets.at(-1);
    if (!socket) throw new Error("no socket yet");
    return socket;
  }
  say(message: unknown): void {
    this.last.frame(JSON.stringify(message));
  }
}

describe("the feed", () => {
  let timers: HandTimers;
  let server: FakeServer;
  let store: Store;
  let feed: Feed;

  beforeEach(async () => {
    timers = new HandTimers();
    server = new FakeServer();
    store = new Store();
    feed = new Feed(store, server, timers);
    feed.start();
    await timers.advance(0);
  });

  const ended = fact(2, "call_a", {
    kind: "calls.call.ended.v1",
    body: { call: call("call_a", { state: "ended" }) },
  });

  test("goes live from the snapshot's position at the first message", () => {
    expect(server.last.after).toBe(1);
    expect(feed.link().state).toBe("connecting");
    server.say({ type: "ready", position: 1 });
    expect(feed.link().state).toBe("live");
  });

  test("tells listeners once for a burst", async () => {
    let told = 0;
    store.subscribe(() => (told += 1));
    for (let i = 0; i < 50; i += 1) server.say(ended);
    await timers.advance(BATCH_MS);
    expect(told).toBe(1);
    expect(store.get().calls["call_a"]?.state).toBe("ended");
  });

  test("resumes after a drop from the last fact, without a new snapshot", async () => {
    server.say(ended);
    await timers.advance(BATCH_MS);
    server.last.closed();
    expect(feed.link().state).toBe("reconnecting");
    await timers.advance(10_000);
    expect(server.last.after).toBe(2);
    expect(server.snapshots).toBe(1);
  });

  test("folds what had arrived before the drop", () => {
    server.say(ended);
    server.last.closed();
    expect(store.get().position).toBe(2);
  });

  test("takes silence for a dead line", async () => {
    server.say({ type: "ping" });
    await timers.advance(SILENCE_MS - 1);
    expect(feed.link().state).toBe("live");
    await timers.advance(1);
    expect(feed.link().state).toBe("reconnecting");
  });

  test("keeps the time of the first failure while it tries again", async () => {
    timers.time = 1000;
    server.last.closed();
    server.error = new Error("503");
    await timers.advance(20_000);
    expect(feed.link()).toMatchObject({ state: "reconnecting", since: 1000 });
    expect(feed.link().attempt).toBeGreaterThan(3);
  });

  test("fetches everything again on resync and keeps the open call open", async () => {
    await feed.open("call_a");
    server.log.push(ended);
    server.say({ type: "resync", reason: "too slow" });
    await timers.advance(BATCH_MS);
    expect(server.snapshots).toBe(2);
    expect(server.last.after).toBe(2);
    expect(store.get().open?.call_id).toBe("call_a");
  });

  test("stops asking when the session is over, and starts again on request", async () => {
    server.error = new Error("401");
    server.last.closed();
    await timers.advance(60_000);
    expect(feed.link().state).toBe("signed_out");
    server.error = null;
    feed.start();
    await timers.advance(0);
    server.say({ type: "ready", position: 1 });
    expect(feed.link().state).toBe("live");
  });

  test("hears nothing more from a socket that it has left", async () => {
    const old = server.last;
    feed.stop();
    old.frame(JSON.stringify(ended));
    await timers.advance(BATCH_MS);
    expect(store.get().position).toBe(1);
    expect(old.open).toBe(false);
  });

  test("tries at once when the browser is online again", async () => {
    server.last.closed();
    feed.hurry();
    await timers.advance(0);
    expect(server.sockets).toHaveLength(2);
  });
});

test("waiting grows, stays within five seconds and is spread by half", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), fc.double({ min: 0, max: 0.999, noNaN: true }), (n, r) => {
      const wait = backoffMs(n, r);
      expect(wait).toBeGreaterThanOrEqual(150);
      expect(wait).toBeLessThanOrEqual(5000);
    }),
  );
});
