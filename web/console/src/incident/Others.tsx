import {
  clockText,
  confidenceWords,
  FIELD_WORDS,
  matchesOf,
  rivals,
  scoreWords,
  sureness,
  type Alternative,
  type Evidence,
  type FieldView,
} from "@ringdown/core";
import { Button, Icon } from "@ringdown/ui";

import s from "./incident.module.css";

const BARS = { 1: "bars1", 2: "bars2", 3: "bars3" } as const;

/** How sure the machine is, as a mark and in words. */
export function Sure({ confidence }: { confidence: number | null }) {
  const level = sureness(confidence);
  if (level === null) return null;
  return <span className={s["sure"]} data-level={level}><Icon name={BARS[level]} />{confidenceWords(confidence)}</span>;
}

/** What the key and the button that open the list say of it; `null` where there is none. */
export function othersWords(field: FieldView, beside: boolean): { text: string; later: boolean } | null {
  const matches = matchesOf(field);
  const as = rivals(matches);
  if (field.suggestion && !beside) return { text: `Heard later: ${field.suggestion.text}`, later: true };
  const count = field.alternatives.length + (field.suggestion ? 1 : 0);
  const heard = count > 0 ? `${String(count)} other${count === 1 ? "" : "s"}` : null;
  const mapped = as > 1 ? `${String(as)} on the map fit` : matches.length > 0 ? "on the map" : null;
  const text = [mapped, heard].filter(Boolean).join(", ");
  return text === "" ? null : { text, later: as > 1 && field.state !== "confirmed" };
}

/** Everything else that the field may be: heard later, heard otherwise, or on the agency's map. */
export function Others({ field, mayUse, onUse, onPlay }: { field: FieldView; mayUse: boolean; onUse: (value: string) => void; onPlay: (evidence: Evidence) => void }) {
  const others: (Alternative & { later: boolean })[] = [
    ...(field.suggestion ? [{ ...field.suggestion, later: true }] : []),
    ...field.alternatives.map((other) => ({ ...other, later: false })),
  ];
  const matches = matchesOf(field);
  return (
    <ul className={s["others"]} aria-label={`Also heard for ${FIELD_WORDS[field.name].toLowerCase()}`}>
      {matches.map((match) => (
        <li key={`map ${match.text} ${String(match.lat)} ${String(match.lon)}`} className={s["other"]} data-from="map">
          <span className={s["otherText"]}>
            <Icon name="map" /> {match.text}
            <span className={s["quiet"]}> on the map, {match.kind}, {scoreWords(match.score)}</span>
          </span>
          {mayUse && <Button aria-label={`Use “${match.text}” of the map`} onPress={() => onUse(match.text)}>Use</Button>}
        </li>
      ))}
      {others.map((other) => {
        const heard = other.evidence[0];
        return (
          <li key={`${other.value} ${String(other.later)}`} className={s["other"]}>
            <span className={s["otherText"]}>
              <Icon name="machine" /> {other.text}
              <span className={s["quiet"]}> {[other.later ? "heard later" : null, confidenceWords(other.confidence)].filter(Boolean).join(", ")}</span>
            </span>
            {heard && <Button kind="quiet" aria-label={`Play “${other.text}” at ${clockText(heard.start_ms)}`} onPress={() => onPlay(heard)}><Icon name="play" />{clockText(heard.start_ms)}</Button>}
            {mayUse && <Button aria-label={`Use “${other.text}”`} onPress={() => onUse(other.value)}>Use</Button>}
          </li>
        );
      })}
    </ul>
  );
}
