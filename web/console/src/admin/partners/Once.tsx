import { useEffect, useRef } from "react";

import { Button, Icon, Notice } from "@ringdown/ui";

import { useDesk } from "../../app/useDesk";
import { copyText } from "../../transcript/copy";
import s from "../admin.module.css";

export interface Told {
  of: string;
  values: { label: string; text: string }[];
}

/** A secret, shown this once. It stays until the person says that they have it. */
export function Once({ told, onDone }: { told: Told; onDone: () => void }) {
  const desk = useDesk();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    box.current?.scrollIntoView({ block: "center" });
    box.current?.focus();
  }, [told]);
  const copy = async (label: string, text: string) => {
    const done = await copyText(text);
    desk.say(done ? `${label} is copied.` : "The browser does not allow copying: select the text and copy it by key.", done ? "quiet" : "warn");
  };
  return (
    <div ref={box} tabIndex={-1}>
      <Notice tone="warn" urgent actions={<Button onPress={onDone}>I have kept it</Button>}>
        <p><strong>The secret of {told.of} is shown this once.</strong> Keep it now: nobody can show it again, only make a new one.</p>
        {told.values.map(({ label, text }) => (
          <p key={label} className={s["once"]}>
            <span className={s["onceLabel"]}>{label}</span>
            <code className={s["code"]}>{text}</code>
            <Button aria-label={`Copy ${label}`} onPress={() => void copy(label, text)}><Icon name="copy" />Copy</Button>
          </p>
        ))}
      </Notice>
    </div>
  );
}
