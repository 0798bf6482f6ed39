import { useEffect, useRef, useState } from "react";

import { sentence as inWords, type NarrativeSentence, type NarrativeView } from "@ringdown/api";
import { clockText, FIELD_SHORT, timeOfDay, type ConsoleState, type FieldName, type OpenCall } from "@ringdown/core";
import { Badge, Button, Hidden, Icon } from "@ringdown/ui";

import { useAct, useDesk, useLive } from "../app/useDesk";
import { usePlay } from "../incident/usePlay";
import s from "./assist.module.css";
import { evidenceOf, hasTokens, NOTHING_REVEALED, pieces, proposalText, revealedBy, sentenceText, whyWithheld, type Revealed } from "./narrative";

const pickNamed = (state: ConsoleState): boolean => state.lamps["language_model"] !== undefined;
const NEAR_END_PX = 40;

const fieldWords = (field: string): string => (field in FIELD_SHORT ? FIELD_SHORT[field as FieldName] : field);

function Written({ text }: { text: string }) {
  return pieces(text).map((piece, index) =>
    // Pieces have no identity of their own: the same text always gives the same ones.
    piece.token ? <code key={index} className={s["token"]}>{piece.text}</code> : <span key={index}>{piece.text}</span>,
  );
}

/** The seconds that a sentence rests on: each is one press away. */
function Cited({ open, cites }: { open: OpenCall; cites: NarrativeSentence["cites"] }) {
  const play = usePlay();
  return (
    <span className={s["cites"]}>
      {evidenceOf({ cites }, open).map((evidence) => (
        <Button key={evidence.utterance_id} kind="quiet" onPress={() => play(evidence)} aria-label={`Play ${clockText(evidence.start_ms)} “${evidence.quote}”`}>
          <Icon name="play" />{clockText(evidence.start_ms)}
        </Button>
      ))}
    </span>
  );
}

function Sentences({ open, view, revealed }: { open: OpenCall; view: NarrativeView; revealed: Revealed }) {
  const list = useRef<HTMLOListElement>(null);
  const atEnd = useRef(true);
  useEffect(() => {
    // What is new comes into view only for who reads the end; nothing moves for anybody else.
    if (list.current && atEnd.current) list.current.scrollTop = list.current.scrollHeight;
  }, [view.sentences.length]);
  return (
    <ol
      className={s["sentences"]}
      ref={list}
      aria-label="Sentences of the language model"
      onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => { atEnd.current = scrollHeight - scrollTop - clientHeight < NEAR_END_PX; }}
    >
      {view.sentences.map((each) => (
        <li key={each.number} data-replaced={each.replaced_by !== null || undefined}>
          <p>
            {each.replaced_by !== null && <Hidden>Corrected later: </Hidden>}
            <Written text={sentenceText(each, revealed)} />
          </p>
          <Cited open={open} cites={each.cites} />
        </li>
      ))}
      {view.proposals.map((each) => (
        <li key={`${each.field} ${each.at}`} data-proposal>
          <p><strong>{fieldWords(each.field)}?</strong> <Written text={proposalText(each, revealed)} /></p>
          <Cited open={open} cites={each.cites} />
        </li>
      ))}
      {view.sentences.length + view.proposals.length === 0 && <li className={s["quiet"]}>{view.off ? "Nothing was written." : "Nothing written yet."}</li>}
    </ol>
  );
}

/**
 * What a language model wrote on this call: never mixed with what people wrote, each sentence with
 * its seconds, and how many were withheld. It is there only where one is named, or wrote something.
 */
export function Narrative({ open }: { open: OpenCall }) {
  const desk = useDesk();
  const act = useAct();
  const named = useLive(pickNamed);
  const [view, setView] = useState<NarrativeView | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const [revealed, setRevealed] = useState(NOTHING_REVEALED);
  const { call_id: callId, narrative: { version } } = open;
  const shown = desk.may("assist:read") && (named || version > 0);

  useEffect(() => {
    if (!shown) return undefined;
    let current = true;
    desk.api.narrative(callId).then(
      (got) => {
        if (!current) return;
        setView(got);
        setTrouble(null);
      },
      (error: unknown) => {
        if (current) setTrouble(inWords(error));
      },
    );
    return () => { current = false; };
  }, [desk, callId, version, shown]);

  if (!shown) return null;
  const reveal = () => act(async () => setRevealed(revealedBy(await desk.api.revealNarrative(callId))));
  const turn = (off: boolean) =>
    act(async () => setView(await desk.api.switchNarrative(callId, off)), off ? "The language model is off for this call." : "The language model is on for this call.");
  const why = view ? whyWithheld(view.reasons) : "";
  return (
    <section className={s["panel"]} aria-label="Written by a language model">
      <div className={s["head"]}>
        <h2><Icon name="machine" /> Written by a language model</h2>
        {view?.model && <span className={s["model"]}>{view.model}</span>}
        <span className={s["unconfirmed"]}>Unconfirmed</span>
        {view !== null && view.withheld > 0 && (
          <span className={s["withheld"]} title={why}>Withheld: {view.withheld}<Hidden> ({why})</Hidden></span>
        )}
        {view?.off && <Badge tone="quiet" icon="off">Off for this call{view.switched_by && view.switched_at ? `: ${view.switched_by.name}, ${timeOfDay(view.switched_at)}` : ""}</Badge>}
        <span className={s["acts"]}>
          {view !== null && desk.may("assist:reveal") && hasTokens(view, revealed) && <Button kind="quiet" onPress={() => void reveal()}>Reveal values</Button>}
          {view !== null && desk.may("assist:switch") && named && <Button kind="quiet" onPress={() => void turn(!view.off)}>{view.off ? "Switch on" : "Switch off for this call"}</Button>}
        </span>
      </div>
      {trouble !== null && <p className={s["quiet"]}>{trouble}</p>}
      {view === null ? <p className={s["quiet"]}>Reading…</p> : <Sentences open={open} view={view} revealed={revealed} />}
    </section>
  );
}
