import { afterEach, expect, test, vi } from "vitest";

import { Camera } from "../src/camera";

interface Wanted {
  video: { facingMode: { ideal: string } };
  audio?: boolean;
}
const track = (name: string) => ({ name, stop: vi.fn(), readyState: "live" });

/** A phone with these cameras; `answer` may refuse or let wait. */
function phone(answer: (name: string, wanted: Wanted) => Promise<unknown> = () => Promise.resolve()) {
  const given: ReturnType<typeof track>[] = [];
  const getUserMedia = async (wanted: Wanted) => {
    await answer(wanted.video.facingMode.ideal, wanted);
    const [video, sound] = [track(wanted.video.facingMode.ideal), track("sound")];
    given.push(video, ...(wanted.audio === true ? [sound] : []));
    const audio = wanted.audio === true ? [sound] : [];
    return { getVideoTracks: () => [video], getAudioTracks: () => audio, getTracks: () => [video, ...audio] };
  };
  vi.stubGlobal("navigator", { mediaDevices: { getUserMedia } });
  return given;
}
const camera = () => new Camera({ interrupted: () => undefined, ended: () => undefined });
const on = (given: ReturnType<typeof track>[]) => given.filter((one) => one.stop.mock.calls.length === 0).map((one) => one.name);

afterEach(() => vi.unstubAllGlobals());

test("the other camera takes the place of the first, and the sound goes on", async () => {
  const given = phone();
  const mine = camera();
  await mine.start(true);
  expect(on(given)).toEqual(["environment", "sound"]);
  await mine.turn();
  expect(on(given)).toEqual(["sound", "user"]);
  mine.stop();
  expect(on(given)).toEqual([]);
});

test("where the other camera cannot be had, the first comes back", async () => {
  const given = phone((name) => (name === "user" ? Promise.reject(new DOMException("", "NotReadableError")) : Promise.resolve()));
  const mine = camera();
  await mine.start(false);
  await mine.turn();
  expect(on(given)).toEqual(["environment"]);
});

test("without a microphone there still is a camera", async () => {
  const given = phone((_name, { audio }) => (audio === true ? Promise.reject(new DOMException("", "NotAllowedError")) : Promise.resolve()));
  const mine = camera();
  await mine.start(true);
  expect([on(given), mine.sound]).toEqual([["environment"], null]);
});

test.each(["start", "turn"] as const)("a camera that comes after everything was stopped is let go at once (%s)", async (how) => {
  const waiting: (() => void)[] = [];
  let slow = how === "start";
  const given = phone(() => (slow ? new Promise<void>((done) => waiting.push(done)) : Promise.resolve()));
  const mine = camera();
  if (how === "turn") await mine.start(true);
  slow = true;
  const late = how === "start" ? mine.start(true) : mine.turn();
  mine.stop();
  waiting.forEach((done) => done());
  await expect(late).rejects.toThrow("never");
  expect([on(given), mine.track, waiting.length]).toEqual([[], null, 1]);
});
