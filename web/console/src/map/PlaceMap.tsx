import { useEffect, useMemo, useRef, useState } from "react";

import type { MapBox } from "@ringdown/api";
import type { FixView, PlaceMatch, PlaceView } from "@ringdown/core";
import { Button } from "@ringdown/ui";

import { useDesk } from "../app/useDesk";
import { tokens } from "../timeline/draw";
import type { Atlas } from "./atlas";
import s from "./map.module.css";
import { around, linesOf, snapped, spanWords, steady, trailOf, type Line, type Mark, type Shape, type Trail } from "./picture";

const COLOURS = ["ground", "line-strong", "text", "quiet", "accent"] as const;
const NO_MATCHES: readonly PlaceMatch[] = [];
const NO_FIXES: readonly FixView[] = [];
const SMALL: Record<Shape, string> = {
  circle: "M14 2a12 12 0 1 0 .01 0Z",
  square: "M3 3h22v22H3Z",
  triangle: "M14 1 27 26H1Z",
  diamond: "M14 0 28 14 14 28 0 14Z",
  house: "M14 1 26 11V26H2V11Z",
  ring: "M14 4a10 10 0 1 0 .01 0Z",
};

/** The same shape and letter as on the map, so that the list is its key as well. */
function Key({ line }: { line: Line }) {
  return (
    <svg viewBox="-2 -2 32 32" aria-hidden="true">
      <path d={SMALL[line.shape]} />
      <text x="14" y={line.shape === "triangle" ? 23 : 19}>{line.letter}</text>
    </svg>
  );
}

/** The map itself; it opens once something can be drawn, and follows what it is given. */
function Drawn({ marks, paths, box, onMark }: { marks: readonly Mark[]; paths: Trail["paths"]; box: MapBox; onMark: (id: string) => void }) {
  const { api } = useDesk();
  const place = useRef<HTMLDivElement>(null);
  const [atlas, setAtlas] = useState<Atlas | null>(null);
  const [view, setView] = useState<MapBox | null>(null);
  const [note, setNote] = useState<string | null>(null);
  const [failed, setFailed] = useState(false);
  const first = useRef({ box, onMark });
  const asked = useRef("");

  useEffect(() => {
    const container = place.current;
    if (!container) return;
    let gone = false;
    let opened: Atlas | null = null;
    const start = async (): Promise<void> => {
      try {
        const { open } = await import("./atlas");
        if (gone) return;
        const probe = document.createElement("span");
        container.append(probe);
        const colours = tokens(probe, COLOURS);
        probe.remove();
        opened = await open(container, {
          box: first.current.box,
          colours,
          label: "Map of the places. Arrow keys move it, plus and minus zoom.",
          still: matchMedia("(prefers-reduced-motion: reduce)").matches,
          onView: setView,
          onMark: (id) => first.current.onMark(id),
        });
        // React may take the map away while it opens.
        if (gone as boolean) opened.close();
        else setAtlas(opened);
      } catch {
        if (!gone) setFailed(true);
      }
    };
    void start();
    return () => {
      gone = true;
      opened?.close();
      setAtlas(null);
    };
  }, []);

  useEffect(() => atlas?.mark(marks), [atlas, marks]);
  useEffect(() => atlas?.trail(paths), [atlas, paths]);
  useEffect(() => atlas?.show(box), [atlas, box]);
  useEffect(() => {
    if (!atlas || !view) return;
    const wanted = snapped(view);
    const key = JSON.stringify(wanted);
    if (key === asked.current) return;
    asked.current = key;
    api.streetMap(wanted).then(
      (map) => {
        if (asked.current !== key) return;
        atlas.draw(map);
        setNote(map.features.length === 0 ? "No streets of your own are loaded here." : map.complete ? null : "Major roads alone are drawn; zoom in for the others.");
      },
      () => {
        if (asked.current !== key) return;
        asked.current = "";
        setNote("The streets could not be fetched; the places are right all the same.");
      },
    );
  }, [api, atlas, view]);

  if (failed) return <p className={s["note"]}>This browser cannot draw the map; the list says the same.</p>;
  return (
    <>
      <div className={s["box"]}>
        <div className={s["canvas"]} ref={place} data-open={atlas !== null} />
        {atlas && (
          <div className={s["buttons"]} role="group" aria-label="Map">
            <Button onPress={() => atlas.zoom(1)} aria-label="Zoom in">+</Button>
            <Button onPress={() => atlas.zoom(-1)} aria-label="Zoom out">−</Button>
            <Button onPress={() => atlas.show(box)}>Show all</Button>
          </div>
        )}
      </div>
      <p className={s["note"]} role="status">
        {!atlas && "The map is being opened…"}
        {atlas && view && `${spanWords(view)} across. `}
        {atlas && note}
      </p>
    </>
  );
}

/**
 * Where each source says the incident is: a list, and a map that says the same. The map is drawn from
 * the agency's own streets alone; nothing is asked of anybody else.
 */
export default function PlaceMap({ places, matches = NO_MATCHES, trail = NO_FIXES, bounds = null }: {
  places: readonly PlaceView[];
  matches?: readonly PlaceMatch[];
  /** Where the caller's phone was, fix by fix. */
  trail?: readonly FixView[];
  /** What to show where nothing has a point. */
  bounds?: MapBox | null;
}) {
  const { lines, marks } = useMemo(() => linesOf(places, matches), [places, matches]);
  const { paths, words } = useMemo(() => trailOf(trail), [trail]);
  // Kept while it holds every mark, so that what moves no mark out of sight leaves the view as a person has it.
  const [box, setBox] = useState<MapBox | null>(null);
  const wanted = steady(box, around(marks) ?? bounds);
  if (JSON.stringify(wanted) !== JSON.stringify(box)) setBox(wanted);
  const list = useRef<HTMLUListElement>(null);
  const onMark = (id: string): void => list.current?.querySelector<HTMLElement>(`[data-line="${id}"]`)?.focus();
  return (
    <div className={s["map"]}>
      {lines.length > 0 && (
        <ul className={s["lines"]} aria-label="Places by source" ref={list}>
          {lines.map((line) => (
            <li key={line.id} data-line={line.id} tabIndex={-1}>
              <Key line={line} />
              <span>{line.words} <span className={s["where"]}>({line.where})</span></span>
            </li>
          ))}
        </ul>
      )}
      {words !== null && <p className={s["note"]}>Trail of the caller’s phone: {words}.</p>}
      {box && <Drawn marks={marks} paths={paths} box={box} onMark={onMark} />}
      {!box && <p className={s["note"]}>{lines.length === 0 ? "No source has said where it is." : "None of them has a point on the map."}</p>}
    </div>
  );
}
