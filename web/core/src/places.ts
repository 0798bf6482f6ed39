import { evidenceAge } from "./words";
import { PLACE_SOURCES, type Disagreement, type DraftView, type FieldView, type PlaceMatch, type PlaceSource, type PlaceView } from "./wire";

export const SOURCE_WORDS: Record<PlaceSource, string> = {
  spoken: "Spoken",
  network: "Network",
  device: "Device",
  typed: "Typed",
  caller_link: "Caller’s phone",
};

/** A match that scores this close to the best one is as plausible; a person chooses. */
const AS_GOOD = 0.1;

export const matchesOf = (field: FieldView): readonly PlaceMatch[] => field.matches ?? [];

/** How many places of the map are about equally plausible. */
export function rivals(matches: readonly PlaceMatch[]): number {
  const best = matches[0]?.score ?? 0;
  return matches.filter((match) => best - match.score <= AS_GOOD).length;
}

/** `0.83` → `83 % alike`. */
export const scoreWords = (score: number): string => `${String(Math.round(score * 100))} % alike`;

/** One cell for each source, in one order, filled or not: nothing moves when a source speaks. */
export const bySource = (draft: DraftView): { source: PlaceSource; place: PlaceView | null }[] =>
  PLACE_SOURCES.map((source) => ({ source, place: draft.places.find((place) => place.source === source) ?? null }));

/** `1234` → `1.2 km`; feet and miles are no words of the standards this comes from. */
export function distanceWords(metres: number): string {
  if (metres < 1000) return `${String(Math.round(metres))} m`;
  return `${(metres / 1000).toFixed(metres < 10_000 ? 1 : 0)} km`;
}

/** How exact a place is, in words; an unknown uncertainty says so. */
export function exactWords({ lat, lon, uncertainty_m, confidence_percent }: PlaceView): string {
  if (lat === null || lon === null) return "no point on the map";
  if (uncertainty_m === null) return "uncertainty unknown";
  return `within ${distanceWords(uncertainty_m)}${confidence_percent === null ? "" : ` (${String(Math.round(confidence_percent))} %)`}`;
}

/** How high it is, where that was told: `floor 3, 38 m up (±4 m)`. */
export function heightWords({ altitude_m, altitude_uncertainty_m, floor }: PlaceView): string | null {
  const unsure = altitude_uncertainty_m == null ? "" : ` (±${String(Math.round(altitude_uncertainty_m))} m)`;
  return [floor == null ? null : `floor ${floor}`, altitude_m == null ? null : `${String(Math.round(altitude_m))} m up${unsure}`].filter(Boolean).join(", ") || null;
}

/** What a source says, shortest form first: its words, else its point. */
export function placeText({ text, match, lat, lon }: PlaceView): string {
  const said = text ?? match?.text ?? null;
  if (said !== null) return said;
  return lat === null || lon === null ? "no address and no point" : `${lat.toFixed(5)}, ${lon.toFixed(5)}`;
}

const REASONS: Readonly<Record<string, string>> = {
  number: "different house numbers",
  street: "different streets",
  city: "different towns",
  distance: "too far apart",
};

/** `Spoken and network disagree: different streets, 2.1 km apart.` */
export function disagreementWords({ one, other, reason, distance_m }: Disagreement): string {
  const why = REASONS[reason] ?? reason.replace(/\.$/, "");
  const apart = distance_m === null ? "" : `, ${distanceWords(distance_m)} apart`;
  return `${SOURCE_WORDS[one]} and ${SOURCE_WORDS[other].toLowerCase()} disagree: ${why}${apart}.`;
}

/** When a source spoke, for a person: `2 min ago`, or that nobody told. */
export const placeAge = (at: string | null, now: number): string => {
  const then = at === null ? Number.NaN : Date.parse(at);
  return Number.isNaN(then) ? "age unknown" : evidenceAge(now - then);
};
