import { expect, test } from "vitest";

import { Api, Failure, type Message } from "../src/api";
import { Thread } from "../src/thread";
import { fixOf, type Place, Trail } from "../src/trail";
import { send } from "../src/tus";

const NOW = Date.parse("2026-11-22T03:00:00Z");
const place = (accuracy: number, timestamp = NOW): Place => ({
  timestamp,
  coords: { latitude: 43.1, longitude: -75.2, accuracy, altitude: Number.NaN, altitudeAccuracy: null, heading: 90, speed: null },
});
const message = (id: string, direction: "in" | "out", text: string): Message => ({ message_id: id, direction, kind: "text", text, at: "" });

test("a fix says what the phone knows and no more", () => {
  expect(fixOf(place(14), NOW)).toEqual({ lat: 43.1, lon: -75.2, accuracy_m: 14, altitude_m: null, altitude_accuracy_m: null, heading_deg: 90, speed_mps: null, at: "2026-11-22T03:00:00.000Z" });
  expect(fixOf(place(14, 1000), NOW).at).toBe("2026-11-22T03:00:00.000Z");
});

test("one fix in five seconds is sent, a much better one at once", () => {
  const trail = new Trail(5000);
  const seen = (accuracy: number, at: number) => trail.seen(fixOf(place(accuracy), NOW), at);
  expect([seen(30, 0), seen(30, 1000), seen(14, 1200), seen(30, 6300)]).toEqual([true, false, true, true]);
});

test("an almost empty battery is spared until it is charged", () => {
  const trail = new Trail(5000);
  const seen = (at: number) => trail.seen(fixOf(place(30), NOW), at);
  seen(0);
  trail.battery(0.1, false);
  expect([seen(6000), seen(15_000)]).toEqual([false, true]);
  trail.battery(0.1, true);
  expect(seen(20_000)).toBe(true);
});

test("what did not arrive comes first the next time, and the newest hundred are kept", () => {
  const trail = new Trail(0);
  for (let at = 0; at < 60; at += 1) trail.seen({ ...fixOf(place(30), NOW), lat: at }, at);
  const lost = trail.take();
  for (let at = 60; at < 120; at += 1) trail.seen({ ...fixOf(place(30), NOW), lat: at }, at);
  trail.putBack(lost);
  const kept = trail.take().map((fix) => fix.lat);
  expect([kept.length, kept[0], kept.at(-1)]).toEqual([100, 20, 119]);
  expect(trail.take()).toEqual([]);
});

test("a message is shown once, whichever way it is heard of", () => {
  const thread = new Thread();
  thread.write("on the roof");
  expect(thread.lines).toEqual([{ id: null, mine: true, text: "on the roof" }]);
  // The answer to sending was lost; the next sign of life brings the message itself.
  expect(thread.take([message("msg_1", "out", "Where?"), message("msg_2", "in", "on the roof")])).toBe(1);
  expect(thread.next).toBeUndefined();
  expect(thread.take([message("msg_2", "in", "on the roof")])).toBe(0);
  expect(thread.lines.map(({ id }) => id)).toEqual(["msg_1", "msg_2"]);
  expect(thread.after).toBe("msg_2");
});

/** A tus server that loses every third answer, after having done what was asked. */
function flaky(refuse?: number) {
  let [asked, held, made] = [0, 0, 0];
  const fetch = (path: string, init: RequestInit): Promise<Response> => {
    asked += 1;
    let answer = new Response(null, { status: 204 });
    if (init.method === "POST") {
      if (refuse !== undefined) return Promise.resolve(new Response("{}", { status: refuse }));
      made += 1;
      answer = new Response(null, { status: 201, headers: { Location: "/l/api/uploads/up_1" } });
    } else if (init.method === "PATCH") {
      const at = Number(new Headers(init.headers).get("Upload-Offset"));
      if (at !== held) return Promise.resolve(new Response("{}", { status: 409 }));
      held += (init.body as Blob).size;
      answer = new Response(null, { status: 204, headers: { "Upload-Offset": String(held) } });
    } else if (init.method === "HEAD") answer = new Response(null, { status: 200, headers: { "Upload-Offset": String(held) } });
    else answer = Response.json({ state: "arrived" });
    expect(path).toMatch(/^\/l\/api\/uploads/);
    return asked % 3 === 0 ? Promise.reject(new TypeError("no answer")) : Promise.resolve(answer);
  };
  return { api: new Api(fetch), state: () => ({ held, made }) };
}

test("a file arrives whole over a link that loses every third answer", async () => {
  const { api, state } = flaky();
  const said: boolean[] = [];
  await send(api, new Blob([new Uint8Array(1_500_000)], { type: "image/jpeg" }), (_part, waiting) => said.push(waiting), () => Promise.resolve(), () => false);
  expect(state()).toEqual({ held: 1_500_000, made: 1 });
  expect(said).toContain(true);
});

test("a refused file is not tried again", async () => {
  const { api } = flaky(413);
  await expect(send(api, new Blob(["x"]), () => undefined, () => Promise.resolve(), () => false)).rejects.toEqual(new Failure(413));
});

test("no answer in time is a failure like no connection", async () => {
  const never = new Api((_path, init) => new Promise((_done, fail) => init.signal?.addEventListener("abort", () => fail(new DOMException("", "AbortError")))));
  await expect(never.ask("alive", {}, 5)).rejects.toEqual(new Failure(0));
});
