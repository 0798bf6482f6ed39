import { useState } from "react";

import { Problem, sentence } from "@ringdown/api";
import { changedSinceSent, FIELD_NAMES, FIELD_SHORT, sendPlan, timeOfDay, type DraftView, type FieldName, type OpenCall } from "@ringdown/core";
import { Button, Icon, Kbd, Notice } from "@ringdown/ui";

import { useDesk, useKey, useKeyName } from "../app/useDesk";
import { CancelSent } from "./CancelSent";
import { Deliveries } from "./Deliveries";
import s from "./incident.module.css";
import { useSeenSince } from "./useField";

const names = (list: readonly FieldName[]): string => list.map((name) => FIELD_SHORT[name]).join(", ");

/** What would go to the CAD, said before it goes; one act confirms all that is shown and sends it. */
export function SendBar({ open, draft }: { open: OpenCall; draft: DraftView }) {
  const desk = useDesk();
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<string | null>(null);
  const plan = sendPlan(draft);
  const seen = useSeenSince(plan.send.map((field) => `${field.name} ${field.value ?? ""}`).join("\n"));
  const may = desk.may("incidents:confirm");
  const sendKey = useKeyName("send");
  const behind = changedSinceSent(open);
  const last = open.confirmations.at(-1);
  const update = last !== undefined;
  const cancelled = last?.state === "cancelled";
  const nothingNew = update && !cancelled && behind.length === 0;

  const send = async () => {
    if (busy || plan.send.length === 0 || nothingNew) return;
    // A value that is being typed belongs to the decision; it is saved or left first.
    const typing = document.querySelector<HTMLElement>("[data-editing]");
    if (typing) {
      setTrouble("A field is still being edited. Save it (Enter) or leave it (Escape), then send.");
      return;
    }
    if (!seen()) {
      setTrouble("A value changed just now. Look, then press again.");
      return;
    }
    setBusy(true);
    setTrouble(null);
    try {
      await desk.api.confirmAll(open.call_id, plan.versions);
      desk.say("Confirmed. It is on its way to the CAD.");
    } catch (error) {
      setTrouble(
        error instanceof Problem && error.isConflict
          ? "Nothing was sent: a value changed before you confirmed. Look, then send again."
          : sentence(error),
      );
    } finally {
      setBusy(false);
    }
  };
  // What was taken back is not sent again by a habit of the hand: that needs the button, or a change.
  const byKey = !cancelled || behind.length > 0;
  useKey("send", () => void (may && byKey && send()));

  return (
    <div className={s["send"]}>
      <Deliveries open={open} />
      {cancelled && (
        <p className={s["behind"]}><Icon name="warn" /><span><strong>Cancelled</strong> at {timeOfDay(last.at)} by {last.by.name}: {last.reason}</span></p>
      )}
      {update && !cancelled && behind.length > 0 && (
        <p className={s["behind"]}><Icon name="warn" /><span><strong>The CAD has an older version.</strong> Changed here: {names(behind)}.</span></p>
      )}
      {trouble !== null && <Notice tone="warn" urgent>{trouble}</Notice>}
      {may && nothingNew && <p className={s["quiet"]}>Everything shown is confirmed. Any change can be sent as an update.</p>}
      {may && !nothingNew && (
        <div className={s["sendRow"]}>
          <dl className={s["plan"]}>
            <div><dt>Sends</dt><dd>{plan.send.length === FIELD_NAMES.length ? "all fields" : plan.send.length > 0 ? names(plan.send.map((field) => field.name)) : "nothing; nothing leaves before you confirm it"}</dd></div>
            {plan.unknown.length > 0 && <div><dt>Unknown</dt><dd>{names(plan.unknown)}</dd></div>}
            {plan.rejected.length > 0 && <div><dt>Rejected</dt><dd>{names(plan.rejected)}</dd></div>}
          </dl>
          <Button kind="primary" isDisabled={plan.send.length === 0} onPress={() => void send()}>
            <Icon name="send" />
            {busy ? "Sending…" : cancelled ? "Confirm and send again" : update ? "Confirm and send update" : "Confirm and send"} {byKey && <Kbd keys={sendKey} />}
          </Button>
        </div>
      )}
      {may && last && !cancelled && <CancelSent key={last.confirmation_id} last={last} />}
    </div>
  );
}
