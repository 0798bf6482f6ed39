import { expect, test, vi } from "vitest";

import { look } from "../src/ask";
import { drawing, round } from "../src/draw";
import { ago, height, mapLink, position, rows, type Fix } from "../src/seen";

const fix = (lat: number, lon: number, accuracy_m = 12): Fix => ({
  fix_id: "fix_1", lat, lon, accuracy_m, altitude_m: null, floor: null, at: "2026-01-01T00:00:00.000Z",
});

test("what a crew needs first comes first, and a field nobody knows keeps its name", () => {
  const fields = [
    { name: "severity", text: "High" },
    { name: "news", text: "later" },
    { name: "location", text: "12 Maple Street" },
    { name: "type", text: "Structure fire" },
  ];
  const told = rows({ sequence: 1, state: "active", at: "", by: "", fields, reason: null });
  expect(told.map((row) => row.label)).toEqual(["Type", "Location", "Severity", "news"]);
});

test("an age is told in the fewest words, and a clock that runs ahead is no future", () => {
  const now = "2026-01-01T02:05:00.000Z";
  expect(ago("2026-01-01T02:04:51.000Z", now)).toBe("9 s ago");
  expect(ago("2026-01-01T01:58:00.000Z", now)).toBe("7 min ago");
  expect(ago("2026-01-01T00:00:00.000Z", now)).toBe("2 h 5 min ago");
  expect(ago("2026-01-01T03:00:00.000Z", now)).toBe("0 s ago");
});

test("a trail is drawn around its newest fix, north up, with all of it and its uncertainty in sight", () => {
  const drawn = drawing([fix(44.001, -93), fix(44, -93.001), fix(44, -93, 30)]);
  expect(drawn?.points.at(-1)).toEqual({ x: 0, y: 0 });
  const [north, west] = drawn?.points ?? [];
  expect(north?.y).toBeCloseTo(-111.2, 0);
  expect(west?.x).toBeCloseTo(-80, 0);
  expect(drawn?.reach).toBeGreaterThan(111);
  expect(drawn?.accuracy).toBe(30);
  expect(drawing([fix(1, 1, 900)])?.reach).toBeGreaterThan(900);
  expect(drawing([])).toBeNull();
});

test("the length beside the picture is a round one that fits", () => {
  expect([1, 4.9, 63, 180, 999].map(round)).toEqual([1, 2, 50, 100, 500]);
});

test("a floor is told as a floor, and the height beside it", () => {
  expect(height({ ...fix(1, 1), floor: "3", altitude_m: 38.4 })).toBe("floor 3, 38 m above the ellipsoid");
  expect(height({ ...fix(1, 1), floor: "3" })).toBe("floor 3");
  expect(height(fix(1, 1))).toBeNull();
});

test("a phone that knows no time limits of its own asks all the same, and gives up on silence", async () => {
  vi.useFakeTimers();
  const asked: AbortSignal[] = [];
  vi.stubGlobal("AbortSignal", { ...AbortSignal, timeout: undefined });
  vi.stubGlobal("fetch", (_path: string, { signal }: { signal: AbortSignal }) => {
    asked.push(signal);
    return new Promise((_, fail) => { signal.addEventListener("abort", () => { fail(new Error("aborted")); }); });
  });
  const looked = look("token", false, false);
  const away = expect(looked).rejects.toMatchObject({ trouble: "away" });
  await vi.advanceTimersByTimeAsync(10_000);
  await away;
  expect(asked[0]?.aborted).toBe(true);
});

test("a position opens in the device's own map and asks nobody else", () => {
  expect(position(fix(44.1234567, -93.5))).toBe("44.12346, -93.50000");
  expect(mapLink(fix(44.1234567, -93.5))).toBe("geo:44.123457,-93.500000?q=44.123457,-93.500000");
});
