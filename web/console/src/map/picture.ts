import { distanceWords, exactWords, PLACE_SOURCES, placeText, SOURCE_WORDS, type PlaceMatch, type PlaceSource, type PlaceView } from "@ringdown/core";
import type { MapBox } from "@ringdown/api";

export type Shape = "circle" | "square" | "triangle" | "diamond" | "ring";

/** Something with a point, as it is drawn: told apart by shape and letter, never by colour alone. */
export interface Mark {
  id: string;
  letter: string;
  shape: Shape;
  /** What it is, for those who hear it. */
  words: string;
  lat: number;
  lon: number;
  /** Metres; `null` is unknown and is never drawn as exact. */
  uncertainty: number | null;
}

/** One line of the list that says the same as the map. */
export interface Line {
  id: string;
  letter: string;
  shape: Shape;
  words: string;
  where: string;
  /** Whether there is a mark on the map. */
  drawn: boolean;
}

const SHAPES: Record<PlaceSource, readonly [string, Shape]> = {
  spoken: ["S", "circle"],
  network: ["N", "square"],
  device: ["D", "triangle"],
  typed: ["T", "diamond"],
};
/** Two matches nearer than this are one mark. */
const SAME_M = 5;
const METRES = 111_195;

/** Where a source's mark stands: its own point, else the one of its match on the agency's map. */
export function pointOf({ lat, lon, match }: PlaceView): { lat: number; lon: number } | null {
  if (lat !== null && lon !== null) return { lat, lon };
  return match === null ? null : { lat: match.lat, lon: match.lon };
}

export function metresApart(one: { lat: number; lon: number }, other: { lat: number; lon: number }): number {
  const shrink = Math.cos(((one.lat + other.lat) / 2) * (Math.PI / 180));
  return METRES * Math.hypot(other.lat - one.lat, (other.lon - one.lon) * shrink);
}

/** Every source that spoke, and the places of the map that its words may mean. */
export function linesOf(places: readonly PlaceView[], matches: readonly PlaceMatch[]): { lines: Line[]; marks: Mark[] } {
  const lines: Line[] = [];
  const marks: Mark[] = [];
  for (const source of PLACE_SOURCES) {
    const place = places.find((one) => one.source === source);
    if (!place) continue;
    const [letter, shape] = SHAPES[source];
    const point = pointOf(place);
    const known = place.match === null || place.match.text === place.text ? "" : `, on the map ${place.match.text}`;
    const words = `${SOURCE_WORDS[source]}: ${placeText(place)}${known}`;
    const exact = point !== null && place.lat === null ? "at its place on the map" : exactWords(place);
    lines.push({ id: source, letter, shape, words, where: exact, drawn: point !== null });
    if (point) marks.push({ id: source, letter, shape, words: `${words}, ${exact}`, ...point, uncertainty: place.uncertainty_m });
  }
  let number = 0;
  for (const match of matches) {
    if (marks.some((mark) => metresApart(mark, match) < SAME_M)) continue;
    number += 1;
    const id = `match-${number}`;
    const words = `May be: ${match.text}`;
    const where = `${Math.round(match.score * 100)} % alike`;
    lines.push({ id, letter: String(number), shape: "ring", words, where, drawn: true });
    marks.push({ id, letter: String(number), shape: "ring", words: `${words}, ${where}`, lat: match.lat, lon: match.lon, uncertainty: null });
  }
  return { lines, marks };
}

/** A circle on the ground as a ring of points, longitude first. */
export function ring(centre: { lat: number; lon: number }, metres: number, points = 64): [number, number][] {
  const shrink = Math.max(Math.cos(centre.lat * (Math.PI / 180)), 0.01);
  return Array.from({ length: points + 1 }, (_, at) => {
    const turn = ((at % points) / points) * 2 * Math.PI;
    return [centre.lon + (Math.sin(turn) * metres) / METRES / shrink, centre.lat + (Math.cos(turn) * metres) / METRES];
  });
}

/** The part of the map in which every mark lies with its circle; never smaller than a few streets. */
export function around(marks: readonly Mark[], least = 250): MapBox | null {
  if (marks.length === 0) return null;
  const corners = marks.flatMap((mark) => ring(mark, Math.max(mark.uncertainty ?? 0, least), 4));
  const lons = corners.map(([lon]) => lon);
  const lats = corners.map(([, lat]) => lat);
  return { west: Math.min(...lons), south: Math.min(...lats), east: Math.max(...lons), north: Math.max(...lats) };
}

const STEP = 0.02;

/**
 * The part to ask the server for: the one in view, widened to a coarse grid. So that moving a little
 * asks for nothing, and an address that a log might hold says no more than the part of town.
 */
export function snapped({ west, south, east, north }: MapBox): MapBox {
  let step = STEP;
  while (Math.max(east - west, north - south) > 4 * step) step *= 2;
  const down = (value: number): number => Number((Math.floor(value / step) * step).toFixed(4));
  const up = (value: number): number => Number((Math.ceil(value / step) * step).toFixed(4));
  return {
    west: Math.max(down(west), -180),
    south: Math.max(down(south), -90),
    east: Math.min(up(east), 180),
    north: Math.min(up(north), 90),
  };
}

/** How much of the world a map that is this wide shows, for those who cannot see it. */
export function spanWords({ west, south, east, north }: MapBox): string {
  const middle = (south + north) / 2;
  return distanceWords(metresApart({ lat: middle, lon: west }, { lat: middle, lon: east }));
}
