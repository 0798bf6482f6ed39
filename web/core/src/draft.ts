import type { OpenCall } from "./state";
import {
  FIELD_NAMES,
  type CueView,
  type DraftView,
  type EditConflict,
  type FieldName,
  type FieldView,
  type QuestionView,
  type SentDraft,
  type Topic,
} from "./wire";

/** Fields that are always shown, known or not. */
export const MAIN_FIELDS: readonly FieldName[] = [
  "type", "category", "emergency", "location", "severity", "victims", "callback_number",
];
/** Fields that are shown once something stands there, or when a person opens them. */
export const MORE_FIELDS: readonly FieldName[] = FIELD_NAMES.filter((name) => !MAIN_FIELDS.includes(name));

export const isMain = (name: FieldName): boolean => MAIN_FIELDS.includes(name);

const unknown = (name: FieldName): FieldView => ({
  name,
  value: null,
  text: null,
  confidence: null,
  state: "unknown",
  version: 0,
  evidence: [],
  reason: null,
  alternatives: [],
  suggestion: null,
  by: null,
  at: null,
  origin: null,
});

/** A draft with everything in it: what the server left out is empty, what it never knew unknown. */
export function whole(draft: SentDraft): DraftView {
  const { cues = [], questions = [], places = [], disagreements = [] } = draft;
  const fields = Object.fromEntries(FIELD_NAMES.map((name) => [name, draft.fields[name] ?? unknown(name)]));
  return { ...draft, fields: fields as Record<FieldName, FieldView>, cues, questions, places, disagreements };
}

/** True when a person should see the field although it is not one of those always shown. */
export const standsThere = (field: FieldView): boolean =>
  field.value !== null || field.suggestion !== null || field.alternatives.length > 0 || field.state === "rejected";

/** A person has decided here: what is heard later stands beside it, never over it. */
export const decided = (field: FieldView): boolean =>
  field.state === "edited" || field.state === "confirmed" || field.state === "rejected";

/**
 * The fields shown below the main ones, in the order in which they came up. What is shown stays
 * where it is: a new one is added below, so that nothing moves under somebody's hand.
 */
export function moreShown(before: readonly FieldName[], draft: DraftView): readonly FieldName[] {
  const fresh = MORE_FIELDS.filter((name) => !before.includes(name) && standsThere(draft.fields[name]));
  return fresh.length === 0 ? before : [...before, ...fresh];
}

/** Signs of danger that wait for a person, in the order in which they came up. */
export const openCues = (draft: DraftView): CueView[] => draft.cues.filter((cue) => cue.state === "open");

/** What to ask: what was asked and not answered first, then what is suggested. */
export const toAsk = ({ questions }: DraftView): QuestionView[] => [
  ...questions.filter(({ asked }) => asked !== null),
  ...questions.filter(({ asked }) => asked === null),
];

/** What to ask for one field while nothing stands there. */
export const askFor = (draft: DraftView, topic: Topic): QuestionView | null =>
  toAsk(draft).find((question) => question.topic === topic) ?? null;

/**
 * Decides what a screen reader is told of signs of danger: each once, politely, and again only when
 * it came back after somebody had put it aside.
 */
export class CueCrier {
  #told = new Set<string>();

  /** The text to announce for these cues now, or `null`. */
  next(cues: readonly CueView[]): string | null {
    const fresh = cues.filter((cue) => cue.state === "open" && !this.#told.has(`${cue.cue_id} ${String(cue.raised)}`));
    if (fresh.length === 0) return null;
    for (const cue of fresh) this.#told.add(`${cue.cue_id} ${String(cue.raised)}`);
    return fresh
      .map((cue) => `Possible danger to life${cue.raised > 1 ? ", heard again" : ""}: ${cue.text}. Heard: “${cue.evidence[0]?.quote ?? ""}”.`)
      .join(" ");
  }
}

/** Another person's refused value that still stands against what is there now. */
export function attempts(conflicts: OpenCall["conflicts"], field: FieldView, userId: string | null): EditConflict[] {
  const others = conflicts.filter(
    (one) => one.field === field.name && one.attempted_value !== null && one.by.user_id !== userId && one.current_version === field.version,
  );
  return [...new Map(others.map((one) => [`${one.by.user_id} ${one.attempted_value ?? ""}`, one])).values()];
}
