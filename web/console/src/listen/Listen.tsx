import { SIDE_WORDS, type OpenCall, type Side } from "@ringdown/core";
import { Button, Hidden, Icon, Kbd, Notice, Slider, useWatched } from "@ringdown/ui";

import { useDesk, useKey, useKeyName } from "../app/useDesk";
import { GAIN } from "./listener";
import s from "./listen.module.css";
import { decibels } from "./words";

const PHASE_WORDS = {
  off: "",
  connecting: "Connecting to the call.",
  on: "You are listening. This is in the audit log.",
  interrupted: "Sound is interrupted; connecting again.",
  failed: "",
} as const;

/** Listens in to a call through a session of one's own, or stops: others can see who listens. */
export function ListenButton({ open }: { open: OpenCall }) {
  const desk = useDesk();
  const { player } = desk;
  const { phase } = useWatched(player.listener.state);
  const on = phase !== "off" && phase !== "failed";
  const may = desk.may("media:listen") && open.call.legs.length > 0;
  const flip = () => {
    if (player.listener.on) player.leave();
    else if (may) player.listen();
  };
  useKey("listen", flip);
  const keys = useKeyName("listen");
  return (
    <>
      <Button pressed={on} isDisabled={!may && !on} onPress={flip}><Icon name="ear" />Listen in <Kbd keys={keys} /></Button>
      <span className="hidden-visually" role="status">{PHASE_WORDS[phase]}</span>
    </>
  );
}

/** One side of the call: on or off, and while somebody listens in, how loud. */
export function SideControl({ side }: { side: Side }) {
  const { player } = useDesk();
  const { sides } = useWatched(player.state);
  const { phase, gains } = useWatched(player.listener.state);
  const flip = () => player.setSide(side, !player.state.get().sides[side]);
  useKey(`play.${side}`, flip);
  const db = gains[side];
  return (
    <span className={s["sideBox"]}>
      <Button kind="quiet" pressed={sides[side]} onPress={flip}>
        <span className={s["side"]} data-side={side}>
          <Icon name={side} />
          {SIDE_WORDS[side]} <span aria-hidden="true">{sides[side] ? "on" : "off"}</span>
          <Hidden>sound</Hidden>
        </span>
      </Button>
      {phase !== "off" && phase !== "failed" && (
        <>
          <Slider label={`${SIDE_WORDS[side]}: loudness`} min={GAIN.least} max={GAIN.most} value={db} text={decibels(db)} onChange={(value) => player.listener.setGain(side, value)} />
          <Button kind="quiet" aria-label={`${SIDE_WORDS[side]}: ${decibels(db)}, back to 0 dB`} onPress={() => player.listener.setGain(side, 0)}><span className={s["db"]}>{decibels(db)}</span></Button>
        </>
      )}
    </span>
  );
}

/** What is wrong with listening, in words, and what can be done about it. */
export function ListenTrouble() {
  const { player } = useDesk();
  const { phase, trouble, blocked } = useWatched(player.listener.state);
  if (blocked)
    return (
      <Notice tone="warn" urgent actions={<Button kind="primary" onPress={() => player.listener.unblock()}>Let sound play</Button>}>
        The browser holds the sound back until you press.
      </Notice>
    );
  if (trouble === null) return null;
  if (phase === "failed")
    return (
      <Notice tone="down" urgent actions={<><Button onPress={() => player.listen()}>Listen again</Button><Button kind="quiet" onPress={() => player.listener.stop()}>Close</Button></>}>
        {trouble} Play still plays the recording.
      </Notice>
    );
  return <p className={s["trouble"]} role="status"><Icon name="warn" />{trouble}</p>;
}
