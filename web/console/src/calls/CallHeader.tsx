import { useState } from "react";

import { clockText, elapsedMs, latestTty, timeOfDay, type Ali, type ConsoleState, type OpenCall } from "@ringdown/core";
import { Badge, Button, ButtonLink, Hidden, Icon, Kbd, TextField, useNow } from "@ringdown/ui";

import { useAct, useDesk, useKey, useKeyName, useLive } from "../app/useDesk";
import { Listeners } from "../listen/Listeners";
import { PhoneButton } from "../phone";
import s from "./calls.module.css";
import { phone, STATE_CALL_WORDS } from "./words";

const pickOffset = (state: ConsoleState) => state.offset_ms;

function Timer({ call }: { call: OpenCall["call"] }) {
  const now = useNow(1000);
  const offset = useLive(pickOffset);
  const ms =
    call.ended_at === null
      ? elapsedMs(call.started_at, offset, now)
      : elapsedMs(call.started_at, 0, Date.parse(call.ended_at));
  return (
    <span className={s["bigTimer"]} role="timer">
      <Hidden>Time since the call began </Hidden>
      {clockText(ms)}
    </span>
  );
}

function Network({ ali }: { ali: Ali | null }) {
  if (!ali) return <span className={s["nothing"]}>No location from the network</span>;
  const place = ali.text ?? (ali.lat !== null && ali.lon !== null ? `${ali.lat.toFixed(5)}, ${ali.lon.toFixed(5)}` : "no place");
  const about = [
    ali.uncertainty_m === null ? null : `±${Math.round(ali.uncertainty_m)} m`,
    typeof ali.altitude_m === "number" ? `${Math.round(ali.altitude_m)} m up` : null,
    ali.class_of_service,
    ali.provider,
    ali.at === null ? null : timeOfDay(ali.at),
  ].filter(Boolean);
  return (
    <span>
      {place} <span className={s["quiet"]}>({["network", ...about].join(", ")})</span>
    </span>
  );
}

/** A person says why nothing more is to be done; only then does the call leave the board. */
function CloseCall({ callId }: { callId: string }) {
  const desk = useDesk();
  const act = useAct();
  const [asking, setAsking] = useState(false);
  const [reason, setReason] = useState("");
  if (!asking) return <Button kind="danger" onPress={() => setAsking(true)}>Close with a reason…</Button>;
  return (
    <form
      className={s["closing"]}
      onSubmit={(event) => {
        event.preventDefault();
        if (reason.trim() === "") return;
        void act(() => desk.api.closeCall(callId, reason.trim()), "The call is closed.").then((done) => done && setAsking(false));
      }}
    >
      <TextField label="Why nothing more is to be done" bare value={reason} onChange={setReason} hint="For example: called back, caller is safe." />
      <Button kind="danger" type="submit">Close the call</Button>
      <Button kind="quiet" onPress={() => setAsking(false)}>Keep it open</Button>
    </form>
  );
}

/** Who is calling, for how long, from where, and whose call it is. */
export function CallHeader({ open, phone: phoneShown, onPhone }: { open: OpenCall; phone: boolean; onPhone: () => void }) {
  const desk = useDesk();
  const act = useAct();
  const { call } = open;
  const mine = call.assigned_to?.user_id === desk.signedIn.get()?.view.user.user_id;
  const mayTake = desk.may("calls:write") && !mine && call.state !== "ended";
  const take = () => void act(() => desk.api.takeCall(call.call_id), "The call is yours.");
  useKey("call.take", () => mayTake && take());
  const takeKey = useKeyName("call.take");
  return (
    <header className={s["header"]}>
      <Timer call={call} />
      <div className={s["who"]}>
        <h1>
          {phone(call.ani)} {call.demo && <Badge tone="accent">DEMO</Badge>}
        </h1>
        <span className={s["status"]}>
        <Badge tone={call.state === "interrupted" ? "down" : "quiet"} icon={call.state === "interrupted" ? "warn" : "caller"}>{STATE_CALL_WORDS[call.state]}</Badge>
        {call.attention !== null && (
          <Badge tone="down" icon="warn">{call.attention === "abandoned" ? "Abandoned: call back" : "Sound lost"}</Badge>
        )}
        {latestTty(open) && <Badge tone="down" icon="warn">TTY</Badge>}
        <span className={s["quiet"]}>{call.assigned_to ? (mine ? "Your call" : `${call.assigned_to.name}’s call`) : "Nobody has taken it"}</span>
        <Listeners callId={call.call_id} />
        </span>
        <p className={s["network"]}><Network ali={call.ali} /></p>
      </div>
      <div className={s["acts"]}>
        {call.attention !== null && desk.may("calls:write") && <CloseCall key={call.call_id} callId={call.call_id} />}
        {mayTake && <Button kind="primary" onPress={take}>{call.assigned_to ? "Take over" : "Take the call"} <Kbd keys={takeKey} /></Button>}
        <PhoneButton open={open} shown={phoneShown} onFlip={onPhone} />
        {desk.may("incidents:read") && <ButtonLink href={desk.api.printPath(call.call_id)}><Icon name="print" />Print</ButtonLink>}
      </div>
    </header>
  );
}
