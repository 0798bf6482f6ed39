import { useState, type ReactNode } from "react";

import { Button, Dialog } from "@ringdown/ui";

import s from "../admin.module.css";

/** A button whose act cannot be taken back: says what happens and asks once more. */
export function Sure({ label, about, title, act, onSure, danger = false, children }: { label: string; about: string; title: string; act: string; onSure: () => void; danger?: boolean; children: ReactNode }) {
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Button kind={danger ? "danger" : "plain"} aria-label={`${label}: ${about}`} onPress={() => setAsking(true)}>{label}</Button>
      <Dialog title={title} isOpen={asking} onClose={() => setAsking(false)}>
        <p>{children}</p>
        <div className={s["row"]}>
          <Button kind={danger ? "danger" : "primary"} onPress={() => { setAsking(false); onSure(); }}>{act}</Button>
          <Button onPress={() => setAsking(false)}>Leave it as it is</Button>
        </div>
      </Dialog>
    </>
  );
}
