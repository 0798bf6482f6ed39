import { useEffect, useMemo, useRef, useState } from "react";

import { phoneEndpoints } from "@ringdown/api/phone";
import type { OpenCall } from "@ringdown/core";
import { Button, Kbd } from "@ringdown/ui";

import { useDesk, useKey, useKeyName } from "../app/useDesk";
import { Ask } from "./Ask";
import { Exposure } from "./Exposure";
import { Field } from "./Field";
import { Files } from "./Files";
import { Links } from "./Links";
import s from "./phone.module.css";
import { Thread, type Writing } from "./Thread";
import { Trail } from "./Trail";
import { PhoneContext, useHeldFocus, type PhoneDesk } from "./usePhone";
import { linksOf } from "./phoneWords";

/** What the caller's phone can show and tell: asked for by a person, agreed to, and seen with care. */
export default function PhonePanel({ open, onClose }: { open: OpenCall; onClose: () => void }) {
  const desk = useDesk();
  const api = useMemo(() => phoneEndpoints(desk.client), [desk]);
  const slot = `text.${open.call_id}`;
  const [writing, setWriting] = useState<Writing>(() => ({ text: desk.typed.get(slot), asks: null }));
  const write = (next: Writing): void => {
    desk.typed.set(slot, next.text);
    setWriting(next);
  };
  const box = useRef<HTMLTextAreaElement>(null);
  const head = useRef<HTMLHeadingElement>(null);
  const panel = useRef<HTMLElement>(null);
  useHeldFocus(panel, head);
  const key = useKeyName("phone");
  const compose: PhoneDesk["compose"] = (text, asks) => {
    write({ text, asks: asks ?? null });
    box.current?.focus();
  };
  useEffect(() => head.current?.focus(), []);
  useKey("phone.text", () => box.current?.focus());
  const { current } = linksOf(open.phone);
  return (
    <PhoneContext value={{ open, api, compose }}>
      {/* Escape leaves the panel from anywhere in it; the panel itself is no control. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
      <section
        className={s["panel"]}
        aria-label="Caller’s phone"
        ref={panel}
        onKeyDown={(event) => {
          if (event.key !== "Escape" || event.defaultPrevented) return;
          event.preventDefault();
          onClose();
        }}
      >
        <div className={s["head"]}>
          <h2 tabIndex={-1} ref={head}>Caller’s phone</h2>
          <Button kind="quiet" onPress={onClose}>Close <Kbd keys={key} /></Button>
        </div>
        <div className={s["scroll"]}>
          <Links />
          {desk.may("caller:ask") && <Ask first={current.length === 0} />}
          <Trail />
          <Files />
          <Thread writing={writing} onWriting={write} box={box} />
          <Field />
          <Exposure />
        </div>
      </section>
    </PhoneContext>
  );
}
