import { useEffect, useState } from "react";

import { sentence } from "@ringdown/api";
import { FIELD_NAMES, type OpenCall } from "@ringdown/core";

import { Kbd } from "@ringdown/ui";

import { useDesk, useKeyName } from "../app/useDesk";
import type { Choices } from "./Editor";
import { FieldRow } from "./FieldRow";
import s from "./incident.module.css";
import { SendBar } from "./SendBar";

/** The keys that act on the field in focus, said once for all five. */
function FieldKeys() {
  const keys = [
    ["edit", useKeyName("field.edit")],
    ["confirm", useKeyName("field.confirm")],
    ["reject", useKeyName("field.reject")],
    ["play", useKeyName("field.evidence")],
    ["others", useKeyName("field.others")],
  ] as const;
  return (
    <span className={s["keys"]} aria-hidden="true">
      {keys.map(([word, key]) => key && <span key={word}><Kbd keys={key} /> {word}</span>)}
    </span>
  );
}

/** The incident as it is understood so far, beside the words it was understood from. */
export function Draft({ open }: { open: OpenCall }) {
  const desk = useDesk();
  const [choices, setChoices] = useState<Choices>(null);
  useEffect(() => {
    desk.api.incidentTypes().then(setChoices, (error: unknown) => desk.say(sentence(error), "warn"));
  }, [desk]);
  const { draft } = open;
  return (
    <section className={s["panel"]} aria-labelledby="draft-title">
      <div className={s["head"]}>
        <h2 id="draft-title">Draft</h2>
        <FieldKeys />
      </div>
      <div className={s["scroll"]}>
        {draft &&
          FIELD_NAMES.map((name) => (
            <FieldRow key={name} callId={open.call_id} field={draft.fields[name]} choices={choices} mayEdit={desk.may("incidents:edit")} mayConfirm={desk.may("incidents:confirm")} />
          ))}
        {!draft && <p className={s["empty"]}>No draft yet.</p>}
      </div>
      {draft && <SendBar open={open} draft={draft} />}
    </section>
  );
}
