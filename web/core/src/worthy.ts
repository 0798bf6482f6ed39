import { confidenceWords } from "./words";
import { FIELD_NAMES, type DraftView, type FieldName, type FieldView } from "./wire";

/** As sure as this, and nothing against it: one act may confirm the field with others. */
export const WORTHY_FROM = 0.85;

export interface Worthy {
  ready: FieldView[];
  /** What has a value that waits for a decision of its own, and why. */
  left: { field: FieldView; why: string }[];
}

/** What else must hold of a field, as only the screen knows it. */
export interface OnScreen {
  /** The value has been in sight long enough to be read. */
  seen: (name: FieldName) => boolean;
  /** Somebody's other value for it waits to be settled, or it is being edited. */
  open: (name: FieldName) => boolean;
}

/**
 * What may be confirmed in one act: heard, surely, with its words, with nobody and nothing against
 * it, and read. Everything else with a value is named with the reason why it waits.
 */
export function worthy(draft: DraftView, screen: OnScreen): Worthy {
  const found: Worthy = { ready: [], left: [] };
  for (const name of FIELD_NAMES) {
    const field = draft.fields[name];
    if (field.value === null || (field.state !== "proposed" && field.state !== "edited")) continue;
    const why = against(draft, field, screen);
    if (why === null) found.ready.push(field);
    else found.left.push({ field, why });
  }
  return found;
}

function against(draft: DraftView, field: FieldView, screen: OnScreen): string | null {
  if (screen.open(field.name)) return "is being edited";
  if (field.suggestion !== null) return "something else was heard later";
  if (field.state === "edited") return "typed: confirm it by itself";
  if (field.evidence.length === 0) return "no words to go by";
  if ((field.confidence ?? 0) < WORTHY_FROM) return confidenceWords(field.confidence) ?? "not sure";
  if (field.name === "location" && draft.disagreements.length > 0) return "sources disagree";
  if (field.alternatives.some((other) => (other.confidence ?? 0) >= (field.confidence ?? 0))) return "something else is as likely";
  return screen.seen(field.name) ? null : "changed just now";
}

/** The versions that were shown, as the server checks them. */
export const versionsOf = (fields: readonly FieldView[]): Partial<Record<FieldName, number>> =>
  Object.fromEntries(fields.map((field) => [field.name, field.version]));
