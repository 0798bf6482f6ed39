import { expect, test } from "vitest";

import { Api, Failure } from "../src/api";
import { troubleOf } from "../src/camera";
import { appOf, describe, isApple, ownBrowser } from "../src/device";
import { secretOf, tokenOf } from "../src/link";
import { noticeOf, passes } from "../src/screens";

const TOKEN = "AbC_-9".repeat(5) + "xy";
const IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 15_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/15.6 Mobile/15E148 Safari/604.1";
const ANDROID = "Mozilla/5.0 (Linux; Android 11; SM-A125F) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Mobile Safari/537.36";

test("a token is taken whole, and what cannot be one asks nobody", () => {
  expect(tokenOf(`#${TOKEN}`)).toBe(TOKEN);
  expect(tokenOf(`#${TOKEN}.`)).toBe(TOKEN);
  expect(tokenOf(`#${TOKEN})`)).toBe(TOKEN);
  for (const wrong of ["", "#", `#${TOKEN.slice(1)}`, `#${TOKEN}A`, `#${TOKEN.slice(1)}é`]) expect(tokenOf(wrong)).toBeNull();
});

test.each([
  [IPHONE, "iPhone, Safari"],
  [ANDROID, "Android, Chrome"],
  [ANDROID.replace("SM-A125F", "SM-A125F; wv"), "Android, app"],
  [IPHONE.replace("Version/15.6", "CriOS/120"), "iPhone, Chrome"],
  [`${ANDROID} Instagram 300.0`, "Android, Instagram"],
  [IPHONE.replace(" Safari/604.1", ""), "iPhone, app"],
  ["something else", "Phone"],
])("a phone is told in plain words (%#)", (agent, words) => {
  expect(describe(agent)).toBe(words);
});

test("an app's own window is noticed, and the phone's own browser is named", () => {
  expect([IPHONE, ANDROID].map(appOf)).toEqual([null, null]);
  expect(appOf(`${IPHONE} [FBAN/FBIOS]`)).toBe("Facebook");
  expect([isApple(IPHONE), isApple(ANDROID)]).toEqual([true, false]);
  expect([ownBrowser(IPHONE), ownBrowser(ANDROID)]).toEqual(["Safari", "Chrome"]);
});

test.each([
  [404, "wrong", false],
  [410, "over", false],
  [409, "other", false],
  [429, "busy", false],
  [422, "wrong", false],
  [0, "offline", true],
  [503, "offline", true],
])("an answer of %d is told as %s", (status, notice, again) => {
  expect(noticeOf(new Failure(status))).toBe(notice);
  expect(passes(new Failure(status))).toBe(again);
});

test("what keeps the camera away is told apart", () => {
  const named = (name: string) => Object.assign(new Error(), { name });
  expect(["NotAllowedError", "NotFoundError", "NotReadableError", "TypeError"].map((name) => troubleOf(named(name)))).toEqual(["denied", "none", "busy", "never"]);
  expect(troubleOf("something")).toBe("never");
});

test("a phone keeps its secret over a reload, and has one where nothing is remembered", () => {
  const kept = new Map<string, string>();
  const memory = () => ({ getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => void kept.set(key, value) });
  const random = (bytes: Uint8Array) => crypto.getRandomValues(bytes);
  const first = secretOf(TOKEN, memory, random);
  expect(first).toMatch(/^[A-Za-z0-9_-]{43}$/);
  expect(secretOf(TOKEN, memory, random)).toBe(first);
  expect(secretOf(`x${TOKEN.slice(1)}`, memory, random)).not.toBe(first);
  const forgets = () => {
    throw new Error("private window");
  };
  expect(secretOf(TOKEN, forgets, random)).toMatch(/^[A-Za-z0-9_-]{43}$/);
  expect([...kept.keys()].join()).not.toContain(TOKEN);
});

test("yes and no are said one after the other", async () => {
  const said: string[] = [];
  const api = new Api((path) => {
    said.push(`ask ${path}`);
    return new Promise((done) =>
      setTimeout(() => {
        said.push(`told ${path}`);
        done(Response.json({ session: {} }));
      }, 1),
    );
  });
  await Promise.all([api.stop("all"), api.open(TOKEN, ["video"], "iPhone")]);
  expect(said).toEqual(["ask /l/api/stop", "told /l/api/stop", "ask /l/api/open", "told /l/api/open"]);
});
