import { FIELD_NAMES, type DraftView, type FieldName, type FieldView } from "./wire";

/** What a person saw of each field when they last looked at it. */
export type Looked = Readonly<Record<FieldName, string>>;

/** What there is to see in a field; a surer hearing of the same words is no news. */
const sight = ({ value, text, state, suggestion, by, matches }: FieldView): string =>
  JSON.stringify([value, text, state, suggestion?.value ?? null, by?.user_id ?? null, (matches ?? []).map((match) => match.text)]);

export const lookedAt = (draft: DraftView): Looked =>
  Object.fromEntries(FIELD_NAMES.map((name) => [name, sight(draft.fields[name])])) as Looked;

/** One field looked at; the others stay as they were seen. */
export function lookedAtField(looked: Looked, field: FieldView): Looked {
  const now = sight(field);
  return looked[field.name] === now ? looked : { ...looked, [field.name]: now };
}

/** Fields that say something else than when this person last looked; their own doing is no news. */
export const changedSinceLooked = (looked: Looked, draft: DraftView, userId: string | null): FieldName[] =>
  FIELD_NAMES.filter((name) => {
    const field = draft.fields[name];
    if (looked[name] === sight(field)) return false;
    return field.suggestion !== null || userId === null || field.by?.user_id !== userId;
  });

/** A value must have been in sight this long before one act may decide about it with others. */
export const READ_MS = 700;

/** Remembers since when each field says what it says on this screen. */
export class Sight {
  readonly #since = new Map<FieldName, { saw: string; at: number }>();

  see(draft: DraftView, now: number): void {
    for (const name of FIELD_NAMES) {
      const saw = sight(draft.fields[name]);
      if (this.#since.get(name)?.saw !== saw) this.#since.set(name, { saw, at: now });
    }
  }

  readLongEnough(name: FieldName, now: number): boolean {
    const since = this.#since.get(name);
    return since !== undefined && now - since.at >= READ_MS;
  }
}
