import { useState } from "react";

import { bySource, clockText, disagreementWords, exactWords, heightWords, matchesOf, placeAge, placeText, scoreWords, SOURCE_WORDS, type ConsoleState, type DraftView, type FixView, type PlaceSource } from "@ringdown/core";
import { Button, Hidden, Icon, Kbd, type IconName } from "@ringdown/ui";

import { useKey, useKeyName, useLive } from "../app/useDesk";
import { PlaceMap } from "../map";
import s from "./incident.module.css";
import { usePlay } from "./usePlay";

const ICONS: Record<PlaceSource, IconName> = { spoken: "machine", network: "live", device: "caller", typed: "person", caller_link: "map" };
const NO_FIXES: readonly FixView[] = [];
const pickFixes = (state: ConsoleState): readonly FixView[] => state.open?.phone.fixes ?? NO_FIXES;

/** Where the sources stand, in one line: what disagrees first, never merged. */
function summary(draft: DraftView, now: number): { text: string; clash: boolean } {
  const [first, ...more] = draft.disagreements;
  if (first) return { text: `${disagreementWords(first)}${more.length > 0 ? ` ${String(more.length)} more.` : ""}`, clash: true };
  const told = bySource(draft).flatMap(({ source, place }) =>
    place && source !== "spoken" && source !== "typed" ? [`${SOURCE_WORDS[source]} ${exactWords(place)}, ${placeAge(place.at, now)}`] : [],
  );
  return { text: told.length > 0 ? told.join(" · ") : "No place from network or device.", clash: false };
}

/** The same on the map, with the way of the caller's phone. */
function Drawn({ draft }: { draft: DraftView }) {
  const trail = useLive(pickFixes);
  return <PlaceMap places={draft.places} matches={matchesOf(draft.fields.location)} trail={trail} />;
}

/** The place by source, side by side with age and uncertainty; a disagreement is said, not solved. */
export function Places({ draft, now }: { draft: DraftView; now: number }) {
  const [shown, setShown] = useState(false);
  const play = usePlay();
  const key = useKeyName("draft.places");
  useKey("draft.places", () => setShown((before) => !before));
  const { text, clash } = summary(draft, now);
  return (
    <div className={s["places"]}>
      <div className={s["placeLine"]} data-clash={clash ? true : undefined}>
        <Hidden><span role="status">{clash ? text : ""}</span></Hidden>
        {clash && <Icon name="warn" />}
        <span className={s["placeText"]} title={text}>{text}</span>
        <button type="button" className={s["toggle"]} aria-expanded={shown} onClick={() => setShown(!shown)}>Places and map <Kbd keys={key} /></button>
      </div>
      {shown && (
        <>
          <ul className={s["cells"]} aria-label="What each source says of the place">
            {bySource(draft).map(({ source, place }) => {
              const heard = place?.evidence[0];
              return (
                <li key={source} className={s["cell"]} data-empty={place === null ? true : undefined}>
                  <strong><Icon name={ICONS[source]} /> {SOURCE_WORDS[source]}</strong>
                  {place ? (
                    <>
                      <span className={s["cellText"]}>{placeText(place)}</span>
                      <span className={s["quiet"]}>{[exactWords(place), heightWords(place), placeAge(place.at, now), place.method].filter(Boolean).join(", ")}</span>
                      {place.match && <span className={s["quiet"]}><Icon name="map" /> {place.match.text}, {scoreWords(place.match.score)}</span>}
                      {heard && <Button kind="quiet" onPress={() => play(heard)} aria-label={`Play ${clockText(heard.start_ms)} “${heard.quote}”`}><Icon name="play" />{clockText(heard.start_ms)}</Button>}
                    </>
                  ) : (
                    <span className={s["quiet"]}>nothing told</span>
                  )}
                </li>
              );
            })}
          </ul>
          {draft.disagreements.length > 0 && (
            <ul className={s["clashes"]}>
              {draft.disagreements.map((one) => <li key={`${one.one} ${one.other} ${one.reason}`}><Icon name="warn" />{disagreementWords(one)}</li>)}
            </ul>
          )}
          <Drawn draft={draft} />
        </>
      )}
    </div>
  );
}
