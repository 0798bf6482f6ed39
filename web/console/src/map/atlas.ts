import { Map as Canvas, Marker, setWorkerUrl, type GeoJSONSource, type StyleSpecification } from "maplibre-gl";
import type { FeatureCollection } from "geojson";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";

import type { MapBox, StreetMap } from "@ringdown/api";

import { ring, type Mark, type Shape } from "./picture";
import s from "./map.module.css";

/** The colours of the page, as it shows them now. */
export type Colours = Record<"ground" | "line-strong" | "text" | "quiet" | "accent", string>;

export interface Atlas {
  /** Draws these marks in place of those before. */
  mark: (marks: readonly Mark[]) => void;
  /** Draws where phones went in place of what was drawn before; longitude first. */
  trail: (paths: readonly (readonly [number, number][])[]) => void;
  /** Draws this part of the agency's map under them. */
  draw: (map: StreetMap) => void;
  /** Shows all of a part of the map. */
  show: (box: MapBox) => void;
  zoom: (by: number) => void;
  close: () => void;
}

interface Options {
  box: MapBox;
  colours: Colours;
  label: string;
  still: boolean;
  onView: (box: MapBox) => void;
  onMark: (id: string) => void;
}

const NOTHING = { type: "FeatureCollection" as const, features: [] };
const FONT = ["sans-serif"];
/** Marks stand around their point, each source on its own side, so that none hides another. */
const ASIDE: Record<Shape, [number, number]> = {
  circle: [0, -18],
  square: [18, 0],
  triangle: [0, 20],
  diamond: [-18, 0],
  house: [16, -16],
  ring: [0, 0],
};
const OUTLINES: Record<Shape, string> = {
  circle: "M14 2a12 12 0 1 0 .01 0Z",
  square: "M3 3h22v22H3Z",
  triangle: "M14 1 27 26H1Z",
  diamond: "M14 0 28 14 14 28 0 14Z",
  house: "M14 1 26 11V26H2V11Z",
  ring: "M14 4a10 10 0 1 0 .01 0Z",
};

function style(colours: Colours): StyleSpecification {
  const major = ["==", ["get", "major"], true] as unknown as boolean;
  const road = ["==", ["get", "layer"], "roads"] as unknown as boolean;
  const label = { "text-color": colours.text, "text-halo-color": colours.ground, "text-halo-width": 1.5 };
  return {
    version: 8,
    sources: {
      streets: { type: "geojson", data: NOTHING, tolerance: 0.2 },
      circles: { type: "geojson", data: NOTHING },
      points: { type: "geojson", data: NOTHING },
      trail: { type: "geojson", data: NOTHING },
    },
    layers: [
      { id: "ground", type: "background", paint: { "background-color": colours.ground } },
      {
        id: "roads", type: "line", source: "streets", filter: ["all", road, ["!", major]],
        layout: { "line-cap": "round", "line-join": "round" },
        paint: { "line-color": colours["line-strong"], "line-width": ["interpolate", ["exponential", 1.6], ["zoom"], 10, 0.6, 15, 4, 18, 14] },
      },
      {
        id: "major", type: "line", source: "streets", filter: ["all", road, major],
        layout: { "line-cap": "round", "line-join": "round" },
        paint: { "line-color": colours.quiet, "line-width": ["interpolate", ["exponential", 1.6], ["zoom"], 8, 1, 15, 6, 18, 18] },
      },
      { id: "unsure", type: "fill", source: "circles", paint: { "fill-color": colours.accent, "fill-opacity": 0.12 } },
      { id: "edge", type: "line", source: "circles", paint: { "line-color": colours.accent, "line-width": 2, "line-dasharray": [3, 2] } },
      { id: "trail", type: "line", source: "trail", layout: { "line-cap": "round", "line-join": "round" }, paint: { "line-color": colours.accent, "line-width": 3 } },
      { id: "steps", type: "circle", source: "trail", paint: { "circle-radius": 3, "circle-color": colours.ground, "circle-stroke-color": colours.accent, "circle-stroke-width": 2 } },
      {
        id: "names", type: "symbol", source: "streets", filter: road, minzoom: 13,
        layout: { "symbol-placement": "line", "text-field": ["get", "name"], "text-font": FONT, "text-size": 12, "symbol-spacing": 250 },
        paint: label,
      },
      {
        id: "landmarks", type: "symbol", source: "streets", filter: ["!", road], minzoom: 14,
        layout: { "text-field": ["concat", "• ", ["get", "name"]], "text-font": FONT, "text-size": 12, "text-anchor": "left" },
        paint: { ...label, "text-color": colours.quiet },
      },
      { id: "points", type: "circle", source: "points", paint: { "circle-radius": 4, "circle-color": colours.text, "circle-stroke-color": colours.ground, "circle-stroke-width": 2 } },
    ],
  };
}

/** A mark as a button: reached with Tab, told by its words, seen by shape and letter. */
function element(mark: Mark, onPress: () => void): HTMLButtonElement {
  const button = document.createElement("button");
  button.type = "button";
  button.className = s["mark"] ?? "";
  button.dataset["shape"] = mark.shape;
  if (mark.uncertainty === null) button.dataset["unsure"] = "true";
  // Who speaks to the machine says what is seen: the letter is part of the name.
  button.setAttribute("aria-label", `${mark.letter}, ${mark.words}`);
  button.title = mark.words;
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "-2 -2 32 32");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", OUTLINES[mark.shape]);
  const text = document.createElementNS("http://www.w3.org/2000/svg", "text");
  text.setAttribute("x", "14");
  text.setAttribute("y", mark.shape === "triangle" ? "23" : "19");
  text.textContent = mark.letter;
  svg.append(path, text);
  button.append(svg);
  button.addEventListener("click", onPress);
  return button;
}

/** Opens a map drawn with MapLibre; the only file that knows it, loaded on demand. */
export function open(container: HTMLElement, { box, colours, label, still, onView, onMark }: Options): Promise<Atlas> {
  setWorkerUrl(workerUrl);
  const canvas = new Canvas({
    container,
    style: style(colours),
    bounds: [box.west, box.south, box.east, box.north],
    fitBoundsOptions: { padding: 24, maxZoom: 17 },
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    maxZoom: 19,
    fadeDuration: still ? 0 : 200,
    locale: { "Map.Title": label },
  });
  canvas.keyboard.disableRotation();
  canvas.touchZoomRotate.disableRotation();
  let markers: Marker[] = [];
  const look = (): void => {
    const bounds = canvas.getBounds();
    onView({ west: bounds.getWest(), south: bounds.getSouth(), east: bounds.getEast(), north: bounds.getNorth() });
  };
  const source = (name: string): GeoJSONSource | undefined => canvas.getSource<GeoJSONSource>(name);
  const atlas: Atlas = {
    mark(marks) {
      for (const marker of markers) marker.remove();
      markers = marks.map((mark) =>
        new Marker({ element: element(mark, () => onMark(mark.id)), offset: ASIDE[mark.shape] }).setLngLat([mark.lon, mark.lat]).addTo(canvas));
      void source("circles")?.setData({
        type: "FeatureCollection",
        features: marks.flatMap((mark) =>
          mark.uncertainty === null || mark.uncertainty <= 0 ? [] : [{ type: "Feature" as const, properties: {}, geometry: { type: "Polygon" as const, coordinates: [ring(mark, mark.uncertainty)] } }]),
      });
      void source("points")?.setData({
        type: "FeatureCollection",
        features: marks.map((mark) => ({ type: "Feature", properties: {}, geometry: { type: "Point", coordinates: [mark.lon, mark.lat] } })),
      });
    },
    trail: (paths) =>
      void source("trail")?.setData({
        type: "FeatureCollection",
        features: paths.map((path) => ({ type: "Feature", properties: {}, geometry: { type: "LineString", coordinates: path.map((point) => [...point]) } })),
      }),
    draw: (map) => void source("streets")?.setData(map as unknown as FeatureCollection),
    show: ({ west, south, east, north }) => void canvas.fitBounds([west, south, east, north], { padding: 24, maxZoom: 17, animate: !still }),
    zoom: (by) => void canvas.zoomTo(canvas.getZoom() + by, { animate: !still }),
    close: () => canvas.remove(),
  };
  return new Promise((resolve) => {
    canvas.on("moveend", look);
    canvas.once("load", () => {
      resolve(atlas);
      look();
    });
  });
}
