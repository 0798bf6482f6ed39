import { useEffect, useRef, useState, type KeyboardEvent } from "react";

import { Problem, sentence } from "@ringdown/api";
import type { ConfirmationView } from "@ringdown/core";
import { Button, Notice, TextField } from "@ringdown/ui";

import { useDesk } from "../app/useDesk";
import s from "./incident.module.css";

const LONGEST_REASON = 300;

/** Takes back what was sent: a person says why, and the CAD is told under that person's name. */
export function CancelSent({ last }: { last: ConfirmationView }) {
  const desk = useDesk();
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const [reason, setReason] = useState("");
  const [trouble, setTrouble] = useState<string | null>(null);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (asking) field.current?.focus();
  }, [asking]);

  const cancel = async () => {
    if (busy || reason.trim() === "") return;
    setBusy(true);
    setTrouble(null);
    try {
      await desk.api.cancelIncident(last.call_id, last.sequence, reason.trim());
      desk.say("Cancelled. The CAD is being told.");
      setAsking(false);
      setReason("");
    } catch (error) {
      setTrouble(
        error instanceof Problem && error.isConflict
          ? "Nothing was cancelled: somebody sent another version meanwhile. Look, then decide again."
          : sentence(error),
      );
    } finally {
      setBusy(false);
    }
  };

  const leave = (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    setAsking(false);
  };

  if (!asking) {
    return (
      <div className={s["sendRow"]}>
        <Button kind="quiet" onPress={() => setAsking(true)}>Cancel what was sent…</Button>
      </div>
    );
  }
  return (
    <form
      aria-label="Cancel what was sent"
      onSubmit={(event) => {
        event.preventDefault();
        void cancel();
      }}
    >
      {trouble !== null && <Notice tone="warn" urgent>{trouble}</Notice>}
      <TextField label="Why it is cancelled" inputRef={field} value={reason} onChange={(text) => setReason(text.slice(0, LONGEST_REASON))} onKeyDown={leave} hint="The CAD is told this. For example: false alarm, owner on scene." />
      <div className={s["sendRow"]}>
        <Button kind="danger" type="submit" isDisabled={reason.trim() === ""}>{busy ? "Cancelling…" : "Cancel the incident"}</Button>
        <Button kind="quiet" onPress={() => setAsking(false)}>Leave it as it is</Button>
      </div>
    </form>
  );
}
