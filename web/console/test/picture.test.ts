import fc from "fast-check";
import { describe, expect, it } from "vitest";

import type { FixView, PlaceMatch, PlaceView } from "@ringdown/core";

import { around, linesOf, metresApart, pointOf, ring, snapped, steady, trailOf } from "../src/map/picture";

const place = (source: PlaceView["source"], more: Partial<PlaceView> = {}): PlaceView => ({
  source, text: null, lat: null, lon: null, uncertainty_m: null, confidence_percent: null, method: null, at: null, evidence: [], match: null, ...more,
});
const match = (text: string, lat: number, lon: number, score = 0.9): PlaceMatch => ({ text, score, lat, lon, kind: "address" });
const lat = fc.double({ min: -70, max: 70, noNaN: true });
const lon = fc.double({ min: -170, max: 170, noNaN: true });

describe("the picture of places", () => {
  it("tells sources apart by letter and shape", () => {
    const { marks } = linesOf((["spoken", "network", "device", "typed", "caller_link"] as const).map((source, at) => place(source, { lat: 40 + at, lon: -90 })), []);
    expect(marks.map((mark) => mark.letter)).toEqual(["S", "N", "D", "T", "P"]);
    expect(new Set(marks.map((mark) => mark.shape)).size).toBe(5);
  });

  it("says of a place without a point that it has none, and draws none", () => {
    const { lines, marks } = linesOf([place("spoken", { text: "12 Elm Street" })], []);
    expect(marks).toEqual([]);
    expect(lines).toMatchObject([{ words: "Spoken: 12 Elm Street", where: "no point on the map", drawn: false }]);
  });

  it("draws what was said at its place on the agency's map, and says that it is so", () => {
    const said = place("spoken", { text: "12 Elm Street", match: match("12 Elm St", 40, -90) });
    expect(pointOf(said)).toEqual({ lat: 40, lon: -90 });
    const { lines, marks } = linesOf([said], [match("12 Elm St", 40, -90), match("12 Elm Ave", 41, -90, 0.85)]);
    expect(lines.map((line) => line.words)).toEqual(["Spoken: 12 Elm Street, on the map 12 Elm St", "May be: 12 Elm Ave"]);
    expect(lines[0]?.where).toBe("at its place on the map");
    expect(marks.map((mark) => mark.letter)).toEqual(["S", "1"]);
  });

  it("never takes an unknown uncertainty for an exact place", () => {
    const { lines, marks } = linesOf([place("network", { lat: 40, lon: -90 }), place("device", { lat: 40, lon: -90, uncertainty_m: 30, confidence_percent: 90 })], []);
    expect(marks.map((mark) => mark.uncertainty)).toEqual([null, 30]);
    expect(lines.map((line) => line.where)).toEqual(["uncertainty unknown", "within 30 m (90 %)"]);
  });

  it("says in the list all that is on the map", () => {
    const { lines, marks } = linesOf([place("network", { lat: 40, lon: -90 }), place("typed", { text: "here" })], [match("A", 41, -90), match("B", 42, -90)]);
    expect(lines.filter((line) => line.drawn).map((line) => line.id)).toEqual(marks.map((mark) => mark.id));
    for (const mark of marks) expect(lines.some((line) => line.id === mark.id && line.letter === mark.letter && mark.words.startsWith(line.words))).toBe(true);
  });

  it("draws circles that are as wide as they say, anywhere", () => {
    fc.assert(fc.property(lat, lon, fc.double({ min: 5, max: 20_000, noNaN: true }), (lat, lon, metres) => {
      for (const [east, north] of ring({ lat, lon }, metres, 16)) expect(Math.abs(metresApart({ lat, lon }, { lat: north, lon: east }) / metres - 1)).toBeLessThan(0.02);
    }));
  });

  it("shows every mark with its circle", () => {
    expect(around([])).toBeNull();
    const { marks } = linesOf([place("network", { lat: 40, lon: -90, uncertainty_m: 3000 }), place("device", { lat: 40.1, lon: -90 })], []);
    const box = around(marks);
    expect(box).not.toBeNull();
    if (!box) return;
    expect(box.south).toBeLessThan(40 - 2900 / 111_195);
    expect(box.north).toBeGreaterThan(40.1);
  });

  it("asks for a coarse part of the map that holds what is in view", () => {
    fc.assert(fc.property(lat, lon, fc.double({ min: 0.0001, max: 8, noNaN: true }), (lat, lon, size) => {
      const view = { west: lon, south: lat, east: lon + size, north: lat + size };
      const asked = snapped(view);
      expect(asked.west).toBeLessThanOrEqual(view.west + 1e-9);
      expect(asked.north).toBeGreaterThanOrEqual(view.north - 1e-4);
      expect(Math.abs(Math.round(asked.west / 0.02) * 0.02 - asked.west)).toBeLessThan(1e-6);
      expect(asked.east - asked.west).toBeLessThan(8 * size + 0.1);
    }));
  });

  it("draws the way of each phone in the order taken, and says it in words", () => {
    const fix = (id: string, seconds: number, north: number, more: Partial<FixView> = {}): FixView => ({
      fix_id: id, call_id: "c", link_id: "l1", lat: 40 + north / 111_195, lon: -90, accuracy_m: 9, altitude_m: null, altitude_accuracy_m: null, floor: null,
      heading_deg: null, speed_mps: null, at: new Date(1_772_334_000_000 + seconds * 1000).toISOString(), received_at: "", at_ms: 0, ...more,
    });
    expect(trailOf([])).toEqual({ paths: [], words: null });
    expect(trailOf([fix("1", 0, 0)])).toEqual({ paths: [[[-90, 40]]], words: null });
    const { paths, words } = trailOf([fix("3", 180, 240, { speed_mps: 1.4, heading_deg: 350 }), fix("1", 0, 0), fix("2", 90, 100, { link_id: "l2" })]);
    expect(paths.map((path) => path.length)).toEqual([2, 1]);
    expect(words).toBe("3 fixes in 3 min, 240 m from the first, 2 phones, last 5 km/h to the north");
    expect(trailOf([fix("1", 0, 0), fix("2", 30, 1, { speed_mps: 0.2, heading_deg: 90 })]).words).toBe("2 fixes in 30 s, 1 m from the first");
  });

  it("leaves the view alone while it holds all, and follows what leaves it", () => {
    const box = { west: 0, south: 0, east: 4, north: 4 };
    const within = { west: 1, south: 1, east: 3, north: 3 };
    expect(steady(null, within)).toBe(within);
    expect(steady(box, within)).toBe(box);
    expect(steady(box, { ...within, east: 5 })).toEqual({ ...within, east: 5 });
    const small = { west: 1, south: 1, east: 1.5, north: 1.5 };
    expect(steady(box, small)).toBe(small);
    expect(steady(box, null)).toBeNull();
  });
});
