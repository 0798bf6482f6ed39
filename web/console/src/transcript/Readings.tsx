import { Fragment, useEffect, useRef } from "react";

import { callable, type Beside, type FieldName } from "@ringdown/core";
import { Button, Hidden } from "@ringdown/ui";

import { useDesk } from "../app/useDesk";
import { copyText } from "./copy";
import s from "./transcript.module.css";

/** Readings that stand in the line itself; the rest are counted and a press away. */
const IN_LINE = { number: 2, names: 1 };

/** What stands beside the heard words: every reading or the nearest names, none of them chosen. */
export function Chip({ id, beside, shown, tabStop, onPress }: { id: string; beside: Beside; shown: boolean; tabStop: boolean; onPress: () => void }) {
  const { kind, readings, heard } = beside;
  const near = readings.slice(0, IN_LINE[kind]);
  const more = readings.length - near.length;
  return (
    <>
      {" "}
      <button type="button" className={s["chip"]} data-kind={kind} data-chip={id} data-own-click tabIndex={tabStop ? 0 : -1} aria-expanded={shown} onClick={onPress}>
        {kind === "names" ? <span className={s["like"]}>sounds like </span> : <Hidden>written </Hidden>}
        {near.map((reading, index) => (
          <Fragment key={reading}>
            {index > 0 && <span className={s["or"]}> or </span>}
            <span className={s["reading"]}>{reading}</span>
          </Fragment>
        ))}
        {more > 0 && <span className={s["or"]}> +{more}<Hidden> more</Hidden></span>}
        <Hidden>, heard “{heard}”</Hidden>
      </button>{" "}
    </>
  );
}

/** Where a reading may go: into the text of a field that the person then saves, or into no field. */
function places({ kind, readings }: Beside): { field: FieldName; word: string }[] {
  const location = { field: "location", word: "location" } as const;
  if (kind === "names") return [location];
  return readings.some(callable) ? [{ field: "callback_number", word: "call-back number" }] : [location];
}

/** Every reading of the words above, each to be copied or put into a field; none is taken by itself. */
export function Readings({ callId, beside, onLeave }: { callId: string; beside: Beside; onLeave: () => void }) {
  const desk = useDesk();
  const { kind, readings, heard } = beside;
  const mayEdit = desk.may("incidents:edit");
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // Newer browsers answer with a promise, which must not be taken for a clean-up.
    box.current?.scrollIntoView({ block: "nearest" });
  }, []);
  return (
    <div className={s["readings"]} ref={box} role="group" aria-label={`${kind === "names" ? "Names like" : "Readings of"} “${heard}”`} data-own-click data-readings>
      <div className={s["why"]}>
        <p>“{heard}” {kind === "names" ? "sounds like these local names:" : "may be:"}</p>
        <Button kind="quiet" onPress={onLeave}>Close</Button>
      </div>
      <ul>
        {readings.map((reading) => (
          <li key={reading}>
            <strong>{reading}</strong>
            <Button aria-label={`Copy ${reading}`} onPress={() => void copyText(reading).then((done) => desk.say(done ? `Copied: ${reading}` : "This browser does not let us copy.", done ? "quiet" : "warn"))}>Copy</Button>
            {mayEdit &&
              places(beside).map(({ field, word }) => (
                <Button key={field} aria-label={`Put ${reading} into ${word}`} onPress={() => desk.offer.set({ callId, field, value: reading, beside })}>
                  Into {word}
                </Button>
              ))}
          </li>
        ))}
      </ul>
    </div>
  );
}
