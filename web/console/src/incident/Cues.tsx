import { useEffect, useRef, useState, type KeyboardEvent } from "react";

import { clockText, confidenceWords, CueCrier, openCues, SIDE_WORDS, type CueView, type DraftView } from "@ringdown/core";
import { Button, Hidden, Icon, Kbd } from "@ringdown/ui";

import { useAct, useDesk, useKey, useKeyName } from "../app/useDesk";
import s from "./incident.module.css";
import { usePlay } from "./usePlay";

function Cue({ cue, mayDismiss, onDismiss }: { cue: CueView; mayDismiss: boolean; onDismiss: () => void }) {
  const desk = useDesk();
  const play = usePlay();
  const heard = cue.evidence[0];
  const quotes = [...new Set(cue.evidence.map((one) => one.quote))];
  const dismissKey = useKeyName("cue.dismiss");
  const onKeyDown = (event: KeyboardEvent) => {
    const action = desk.keyboard.actionOf(event.nativeEvent);
    if (action === "cue.dismiss" && mayDismiss) onDismiss();
    else if (action === "field.evidence" && heard) play(heard);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    // Keys bubble up from its own buttons; it is no control itself.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <li className={s["cue"]} data-cue={cue.cue_id} onKeyDown={onKeyDown}>
      <span className={s["cueText"]}><Icon name="warn" /> <strong>{cue.text}</strong></span>
      <span className={s["cueQuote"]} title={cue.reason}>
        {cue.raised > 1 && <strong className={s["again"]}>heard again, new words · </strong>}
        {quotes.map((quote) => `“${quote}”`).join(" ")}
        <span className={s["quiet"]}> {[heard && SIDE_WORDS[heard.side], confidenceWords(cue.confidence)].filter(Boolean).join(", ")}</span>
      </span>
      <span className={s["cueActs"]}>
        {heard && (
          <Button kind="quiet" onPress={() => play(heard)} aria-label={`Play ${clockText(heard.start_ms)} “${heard.quote}”, ${cue.text}`}>
            <Icon name="play" /><span className={s["cueClock"]}>{clockText(heard.start_ms)}</span>
          </Button>
        )}
        {mayDismiss && <Button onPress={onDismiss}><span>Dismiss<Hidden>: {cue.text}</Hidden></span> <Kbd keys={dismissKey} /></Button>}
      </span>
    </li>
  );
}

/**
 * Signs of danger to life, as they were said. The room for them is always there, so that nothing
 * moves when one comes up; they take no focus, and each is announced once, politely.
 */
export function Cues({ callId, draft }: { callId: string; draft: DraftView }) {
  const desk = useDesk();
  const act = useAct();
  const zone = useRef<HTMLElement>(null);
  const goto = useKeyName("draft.cues");
  const [crier] = useState(() => new CueCrier());
  const [said, setSaid] = useState("");
  const cues = openCues(draft);
  const mayDismiss = desk.may("incidents:edit");
  const put = draft.cues.filter((cue) => cue.state === "dismissed");

  useEffect(() => {
    const text = crier.next(draft.cues);
    // What a screen reader is told is a matter of this moment, not of what is shown.
    // eslint-disable-next-line react-hooks/set-state-in-effect
    if (text !== null) setSaid(text);
  }, [crier, draft.cues]);
  useKey("draft.cues", () => {
    const first = zone.current?.querySelector<HTMLElement>("[data-cue] button");
    if (first) first.focus();
    else desk.say("No sign of danger to life waits for you.");
  });

  const dismiss = (cue: CueView) => {
    const next = cues.find((other) => other.cue_id !== cue.cue_id);
    const hadFocus = zone.current?.contains(document.activeElement) ?? false;
    void act(() => desk.api.dismissCue(callId, cue.cue_id), `Dismissed: ${cue.text}. It comes back only with new words.`).then((done) => {
      // The button that was pressed goes away with the cue; focus goes on to the next one.
      if (!done || !hadFocus) return;
      const on = next && zone.current?.querySelector<HTMLElement>(`[data-cue="${CSS.escape(next.cue_id)}"] button`);
      (on ?? zone.current)?.focus();
    });
  };

  return (
    <section ref={zone} tabIndex={-1} className={s["cues"]} aria-label="Signs of danger to life" data-count={cues.length}>
      <Hidden><span role="status">{said}</span></Hidden>
      {cues.length === 0 ? (
        <p className={s["noCue"]}>
          No sign of danger to life heard{put.length > 0 ? ` since you dismissed: ${put.map((cue) => cue.text).join("; ")}` : " so far"}.
        </p>
      ) : (
        <>
          <ul>{cues.map((cue) => <Cue key={cue.cue_id} cue={cue} mayDismiss={mayDismiss} onDismiss={() => dismiss(cue)} />)}</ul>
          <span className={s["cueGoto"]} aria-hidden="true">{cues.length > 1 ? `${cues.length} ` : ""}<Kbd keys={goto} /></span>
        </>
      )}
    </section>
  );
}
