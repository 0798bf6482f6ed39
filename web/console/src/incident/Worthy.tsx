import { useEffect, useRef, useState } from "react";

import { Problem, sentence } from "@ringdown/api";
import { FIELD_WORDS, fieldText, versionsOf, worthy, WORTHY_FROM, type DraftView, type FieldName, type Sight } from "@ringdown/core";
import { Button, Icon, Kbd, Notice, useNow } from "@ringdown/ui";

import { useDesk, useKey, useKeyName } from "../app/useDesk";
import s from "./incident.module.css";
import { Sure } from "./Others";
import { useSeenSince } from "./useField";

interface Props {
  callId: string;
  draft: DraftView;
  sight: Sight;
  contested: (name: FieldName) => boolean;
  onClose: () => void;
}

/**
 * What one act would confirm, each value listed before it happens, and what it leaves for a person
 * to look at. Nothing is sent.
 */
export function Worthy({ callId, draft, sight, contested, onClose }: Props) {
  const desk = useDesk();
  const key = useKeyName("draft.worthy");
  const panel = useRef<HTMLElement>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const now = useNow(500);
  const { ready, left } = worthy(draft, {
    seen: (name) => sight.readLongEnough(name, now),
    open: (name) => contested(name) || desk.typed.get(`${callId}.field.${name}`) !== "",
  });
  const read = useSeenSince(ready.map((field) => `${field.name} ${field.value ?? ""}`).join("\n"));
  useEffect(() => panel.current?.focus(), []);

  const confirm = async () => {
    if (busy || ready.length === 0) return;
    if (!read()) {
      setTrouble("The list changed just now. Look, then press again.");
      return;
    }
    setBusy(true);
    setTrouble(null);
    try {
      await desk.api.confirmFields(callId, versionsOf(ready));
      desk.say(`Confirmed: ${ready.map((field) => FIELD_WORDS[field.name].toLowerCase()).join(", ")}. Nothing was sent.`);
      onClose();
    } catch (error) {
      setTrouble(error instanceof Problem && error.isConflict ? "Nothing was confirmed: a value changed. Look, then press again." : sentence(error));
    } finally {
      setBusy(false);
    }
  };
  useKey("draft.worthy", () => void confirm());

  return (
    // Escape leaves, wherever in the list the focus is.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <section
      ref={panel}
      tabIndex={-1}
      className={s["worthy"]}
      aria-label="Confirm together"
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.preventDefault();
        onClose();
      }}
    >
      <p>
        <strong>{ready.length === 0 ? "Nothing can be confirmed together now." : `One act confirms ${ready.length === 1 ? "this" : `these ${String(ready.length)}`}; nothing is sent.`}</strong>{" "}
        <span className={s["quiet"]}>Heard clearly ({String(WORTHY_FROM * 100)} % or surer), nothing against it.</span>
      </p>
      {ready.length > 0 && (
        <ul aria-label="To be confirmed">
          {ready.map((field) => <li key={field.name}><Icon name="ok" /><span className={s["quiet"]}>{FIELD_WORDS[field.name]}</span> <strong>{fieldText(field)}</strong> <Sure confidence={field.confidence} /></li>)}
        </ul>
      )}
      {left.length > 0 && (
        <ul aria-label="Left for you, one by one" className={s["left"]}>
          {left.map(({ field, why }) => <li key={field.name}><Icon name="proposed" />{FIELD_WORDS[field.name]}: {fieldText(field)} <span className={s["quiet"]}>left for you: {why}</span></li>)}
        </ul>
      )}
      {trouble !== null && <Notice tone="warn" urgent>{trouble}</Notice>}
      <div className={s["worthyActs"]}>
        <Button isDisabled={ready.length === 0} onPress={() => void confirm()}><Icon name="ok" />{`Confirm ${String(ready.length)}`} <Kbd keys={key} /></Button>
        <Button kind="quiet" onPress={onClose}>Leave <Kbd keys="Esc" /></Button>
      </div>
    </section>
  );
}
