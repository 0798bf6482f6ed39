import { useEffect, useRef, type KeyboardEvent } from "react";

import type { IncidentTypes } from "@ringdown/api";
import { FIELD_WORDS, type FieldName, type FieldView } from "@ringdown/core";
import { Button, SelectField, TextField } from "@ringdown/ui";

import s from "./incident.module.css";
import type { FieldDesk } from "./useField";

export type Choices = IncidentTypes | null;

/** Fields whose value is one of a list; the others are text. */
const CHOSEN: ReadonlySet<FieldName> = new Set(["type", "severity", "category", "emergency", "relation"]);
export const isChosen = (name: FieldName): boolean => CHOSEN.has(name);

/** `non_emergency` → `Non emergency`. */
const words = (code: string): string => code.charAt(0).toUpperCase() + code.slice(1).replaceAll("_", " ");

function groupsFor(field: FieldView, choices: NonNullable<Choices>) {
  const none = { label: null, options: [{ value: "", label: "Choose…" }] };
  if (field.name === "severity")
    return [none, { label: null, options: choices.severities.map((level) => ({ value: level, label: words(level) })) }];
  const few = choices.choices[field.name];
  if (few) return [none, { label: null, options: few }];
  const categories = [...new Set(choices.types.map((type) => type.category))];
  return [
    none,
    ...categories.map((category) => ({
      label: words(category),
      options: choices.types.filter((type) => type.category === category).map((type) => ({ value: type.code, label: type.label })),
    })),
  ];
}

/** Where a person types or chooses a value: Enter saves, Escape leaves. */
export function Editor({ field, desk, choices, focusNow, onLeave }: { field: FieldView; desk: FieldDesk; choices: Choices; focusNow: boolean; onLeave: () => void }) {
  const input = useRef<HTMLInputElement>(null);
  const select = useRef<HTMLSelectElement>(null);
  const chosen = isChosen(field.name);
  const text = desk.draft ?? "";
  const groups = chosen && choices ? groupsFor(field, choices) : null;

  // Only because the person asked to edit; a field restored after a reload leaves the focus alone.
  useEffect(() => {
    if (!focusNow) return;
    (input.current ?? select.current)?.focus();
    input.current?.select();
  }, [focusNow]);

  const save = () => {
    const value = text.trim();
    if (value === "" || value === (chosen ? field.value : field.text)) {
      desk.cancel();
      onLeave();
    } else void desk.save(value).then((saved) => saved && onLeave());
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape") {
      event.preventDefault();
      desk.cancel();
      onLeave();
    } else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      save();
    }
  };

  const label = FIELD_WORDS[field.name];
  return (
    <div className={s["editor"]} data-editing>
      {groups ? (
        <SelectField label={label} bare value={groups.some((group) => group.options.some((option) => option.value === text)) ? text : ""} onChange={desk.type} groups={groups} inputRef={select} onKeyDown={onKeyDown} />
      ) : (
        <TextField label={label} bare value={text} onChange={desk.type} inputRef={input} onKeyDown={onKeyDown} type={field.name === "callback_number" ? "tel" : "text"} autoComplete="off" />
      )}
      <Button onPress={save}>Save</Button>
      <Button kind="quiet" onPress={() => { desk.cancel(); onLeave(); }}>Cancel</Button>
    </div>
  );
}
