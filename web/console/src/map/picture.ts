import { distanceWords, exactWords, heightWords, PLACE_SOURCES, placeText, SOURCE_WORDS, type FixView, type PlaceMatch, type PlaceSource, type PlaceView } from "@ringdown/core";
import type { MapBox } from "@ringdown/api";

export type Shape = "circle" | "square" | "triangle" | "diamond" | "house" | "ring";

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
  caller_link: ["P", "house"],
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
    const exact = point !== null && place.lat === null ? "at its place on the map" : [exactWords(place), heightWords(place)].filter(Boolean).join(", ");
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

/** Where the callers' phones went, a line for each, and the same in words. */
export interface Trail {
  paths: [number, number][][];
  words: string | null;
}

const MINUTE = 60_000;
/** A walk; below that nobody knows whether the phone moves. */
const WALKING = 0.7;
const WINDS = ["north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west"] as const;

/** The fixes in the order taken, phone by phone. */
export function trailOf(fixes: readonly FixView[]): Trail {
  const sorted = fixes.toSorted((one, other) => Date.parse(one.at) - Date.parse(other.at));
  const phones = [...new Set(sorted.map((fix) => fix.link_id))];
  const paths = phones.map((phone) => sorted.filter((fix) => fix.link_id === phone).map(({ lon, lat }): [number, number] => [lon, lat]));
  const [first] = sorted;
  const last = sorted.at(-1);
  if (!first || !last || sorted.length < 2) return { paths, words: null };
  const passed = Date.parse(last.at) - Date.parse(first.at);
  const moves = last.speed_mps !== null && last.speed_mps >= WALKING;
  const speed = moves && last.speed_mps !== null ? `${String(Math.round(last.speed_mps * 3.6))} km/h` : null;
  const wind = moves && last.heading_deg !== null ? ` to the ${WINDS[Math.round(last.heading_deg / 45) % 8] ?? "north"}` : "";
  const words = [
    `${String(sorted.length)} fixes in ${passed < MINUTE ? `${String(Math.round(passed / 1000))} s` : `${String(Math.round(passed / MINUTE))} min`}`,
    `${distanceWords(metresApart(first, last))} from the first`,
    phones.length > 1 ? `${String(phones.length)} phones` : null,
    speed === null ? null : `last ${speed}${wind}`,
  ];
  return { paths, words: words.filter(Boolean).join(", ") };
}

/** The part to show: what is shown now for as long as it holds all and is not far too wide for it. */
export function steady(shown: MapBox | null, wanted: MapBox | null): MapBox | null {
  if (!shown || !wanted) return wanted;
  const holds = shown.west <= wanted.west && shown.east >= wanted.east && shown.south <= wanted.south && shown.north >= wanted.north;
  const wide = shown.east - shown.west > 4 * (wanted.east - wanted.west) && shown.north - shown.south > 4 * (wanted.north - wanted.south);
  return holds && !wide ? shown : wanted;
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
