import type { Fix } from "./seen";

/** A trail as it is drawn: metres east and south of its newest fix, north up. */
export interface Drawing {
  points: { x: number; y: number }[];
  accuracy: number;
  /** Half the side of the square that shows everything, metres. */
  reach: number;
  /** A round length that fits the picture, metres. */
  bar: number;
}

const METRES_PER_DEGREE = 111_195;

/** Metres around the newest fix; a few hundred metres are flat enough for an equirectangular plane. */
export function drawing(trail: readonly Fix[]): Drawing | null {
  const newest = trail[trail.length - 1];
  if (newest === undefined) return null;
  const wide = METRES_PER_DEGREE * Math.cos((newest.lat * Math.PI) / 180);
  const points = trail.map((fix) => ({
    x: (fix.lon - newest.lon) * wide,
    y: (newest.lat - fix.lat) * METRES_PER_DEGREE,
  }));
  const far = Math.max(newest.accuracy_m, 10, ...points.map(({ x, y }) => Math.max(Math.abs(x), Math.abs(y))));
  const reach = far * 1.15;
  return { points, accuracy: newest.accuracy_m, reach, bar: round(reach / 2) };
}

/** The largest of 1, 2, 5, 10, 20 … that is not longer. */
export function round(metres: number): number {
  const ten = 10 ** Math.floor(Math.log10(metres));
  return (metres >= 5 * ten ? 5 : metres >= 2 * ten ? 2 : 1) * ten;
}

const SVG = "http://www.w3.org/2000/svg";

function shape(name: string, attributes: Record<string, string | number>): SVGElement {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}

/** The picture of a trail: where the phone is, how sure that is, and where it came from. */
export function picture(drawn: Drawing, words: string): SVGElement {
  const { reach, points, accuracy, bar } = drawn;
  const unit = reach / 100;
  const svg = shape("svg", { viewBox: `${-reach} ${-reach} ${2 * reach} ${2 * reach}`, role: "img", "aria-label": words });
  svg.append(
    shape("circle", { class: "sure", cx: 0, cy: 0, r: accuracy, "stroke-width": unit }),
    shape("polyline", { class: "way", points: points.map(({ x, y }) => `${x},${y}`).join(" "), "stroke-width": unit * 1.5 }),
    shape("circle", { class: "here", cx: 0, cy: 0, r: unit * 4 }),
    shape("line", { class: "bar", x1: -reach * 0.92, x2: -reach * 0.92 + bar, y1: reach * 0.92, y2: reach * 0.92, "stroke-width": unit * 1.5 }),
  );
  const label = shape("text", { class: "scale", x: -reach * 0.92, y: reach * 0.86, "font-size": unit * 9 });
  label.textContent = `${String(bar)} m`;
  const north = shape("text", { class: "scale", x: reach * 0.8, y: -reach * 0.8, "font-size": unit * 12 });
  north.textContent = "N ↑";
  svg.append(label, north);
  return svg;
}
