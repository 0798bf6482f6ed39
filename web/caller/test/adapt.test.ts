import fc from "fast-check";
import { expect, test } from "vitest";

import { Ladder, type Sent } from "../src/adapt";

const fine = (ladder: Ladder): Sent => ({ width: 640, height: 360, fps: ladder.level.fps, kbps: ladder.level.kbps, lossPercent: 0, canKbps: null, soundLossPercent: 0 });
const looks = (ladder: Ladder, count: number, change: Partial<Sent> = {}) => {
  for (let look = 0; look < count; look += 1) ladder.look({ ...fine(ladder), ...change });
};

test("it begins low and goes up while all is well, to what the agency allows", () => {
  const ladder = new Ladder(250);
  expect(ladder.level.kbps).toBeLessThanOrEqual(100);
  looks(ladder, 10);
  expect(ladder.level).toEqual({ kbps: 220, fps: 15, height: 360 });
  expect(ladder.state).toBe("live");
});

test("a weak link ends at single pictures, and a good one brings the film back", () => {
  const ladder = new Ladder(250);
  looks(ladder, 8, { lossPercent: 25 });
  expect([ladder.state, ladder.level.fps]).toEqual(["slides", 1]);
  looks(ladder, 40);
  expect([ladder.state, ladder.level.fps]).toEqual(["live", 15]);
});

test("what was tried in vain is tried again later and later", () => {
  const ladder = new Ladder(250);
  looks(ladder, 2);
  const rises: number[] = [];
  for (let look = 0; look < 60; look += 1) {
    const rose = ladder.level.kbps > 130 || ladder.level.fps > 8;
    if (rose) rises.push(look);
    ladder.look({ ...fine(ladder), lossPercent: rose ? 40 : 0 });
  }
  const gaps = rises.slice(1).map((at, index) => at - (rises[index] ?? 0));
  expect(gaps.length).toBeGreaterThan(1);
  expect(gaps).toEqual([...gaps].sort((a, b) => a - b));
});

test("it does not go up to more than the link carries", () => {
  const ladder = new Ladder(250);
  looks(ladder, 30, { canKbps: 80 });
  expect(ladder.level.kbps).toBeLessThanOrEqual(100);
});

test("sound comes first: when it suffers, the picture yields", () => {
  const ladder = new Ladder(250);
  looks(ladder, 10);
  ladder.look({ ...fine(ladder), soundLossPercent: 8 });
  expect(ladder.level.kbps).toBe(130);
});

test("two looks without a picture are a dead camera, one picture brings it back", () => {
  const ladder = new Ladder(250);
  looks(ladder, 2, { kbps: 0, fps: 0 });
  expect(ladder.state).toBe("dead");
  looks(ladder, 1);
  expect(ladder.state).not.toBe("dead");
});

test("whatever comes, no level is above what the agency allows", () => {
  const sent = fc.record({ fps: fc.integer({ min: 0, max: 30 }), kbps: fc.integer({ min: 0, max: 500 }), lossPercent: fc.integer({ min: 0, max: 100 }), canKbps: fc.option(fc.integer({ min: 0, max: 900 })), soundLossPercent: fc.integer({ min: 0, max: 20 }) });
  fc.assert(
    fc.property(fc.integer({ min: 64, max: 2000 }), fc.array(sent, { maxLength: 60 }), (most, all) => {
      const ladder = new Ladder(most);
      for (const one of all) {
        ladder.look({ width: 0, height: 0, ...one });
        expect(ladder.level.kbps).toBeLessThanOrEqual(most);
        expect(ladder.level.fps).toBeLessThanOrEqual(15);
      }
    }),
  );
});

test("a link that carries 64 kbit/s is not asked for more, and not given up", () => {
  const ladder = new Ladder(250);
  looks(ladder, 10);
  for (let look = 0; look < 40; look += 1) ladder.look({ ...fine(ladder), kbps: 55, fps: 6, canKbps: 58 });
  expect(ladder.level.kbps).toBeLessThanOrEqual(80);
  expect(ladder.state).not.toBe("dead");
});
