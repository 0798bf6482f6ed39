import { memo, useLayoutEffect, useRef, useState } from "react";

import { clockText, doubtWords, segments, SIDE_WORDS, type Beside, type Evidence, type Line as LineView, type Segment } from "@ringdown/core";
import { Hidden, Icon } from "@ringdown/ui";

import { Chip, Readings } from "./Readings";
import s from "./transcript.module.css";

const DOUBTFUL = "Doubtful: may be misheard";
const UNCONFIRMED = "Part of a number, name or address: check it";
const keyOf = (one: Beside): string => `${one.kind} ${one.first_word} ${one.last_word}`;

/** Heard words with one look. Each look is a line of its own kind under the words, and a word. */
function Heard({ piece, ends }: { piece: Segment; ends: boolean }) {
  const { text, doubtful, unconfirmed } = piece;
  const looks = [doubtful ? s["doubt"] : "", unconfirmed ? s["check"] : ""].filter(Boolean).join(" ");
  const words = looks ? (
    <span className={looks} title={doubtful ? DOUBTFUL : UNCONFIRMED}>
      {text}
      {doubtful && <Hidden> (doubtful)</Hidden>}
      {unconfirmed && ends && <Hidden> (unconfirmed)</Hidden>}
    </span>
  ) : (
    text
  );
  return piece.marked ? <mark>{words}</mark> : <span>{words}</span>;
}

/**
 * A line in progress never grows shorter, so that a revised draft moves nothing below it. Its height
 * is freed when its final words are there.
 */
function useSteadyHeight(final: boolean) {
  const text = useRef<HTMLParagraphElement>(null);
  const tallest = useRef(0);
  useLayoutEffect(() => {
    const element = text.current;
    if (!element) return;
    tallest.current = final ? 0 : Math.max(tallest.current, element.offsetHeight);
    element.style.minHeight = final ? "" : `${tallest.current}px`;
  });
  return text;
}

interface LineProps {
  callId: string;
  line: LineView;
  marked: Evidence | null;
  playing: boolean;
  tabStop: boolean;
  /** A person looks into this line: it should stay where it is. */
  onLook: () => void;
}

/** One utterance. The sides differ by place, word, drawing and line, and only then by colour. */
export const Line = memo(function Line({ callId, line, marked, playing, tabStop, onLook }: LineProps) {
  const { utterance, final } = line;
  const [shown, setShown] = useState<string | null>(null);
  const text = useSteadyHeight(final);
  const time = clockText(utterance.start_ms);
  const pieces = segments(utterance, marked, final);
  const opened = pieces.flatMap((piece) => piece.beside).find((one) => keyOf(one) === shown);
  const chipId = (one: Beside) => `${utterance.utterance_id} ${keyOf(one)}`;
  const leave = () => {
    setShown(null);
    if (opened) document.querySelector<HTMLElement>(`[data-chip="${chipId(opened)}"]`)?.focus();
  };
  return (
    <div
      className={s["line"]}
      data-side={utterance.side}
      data-final={final}
      data-playing={playing || undefined}
      data-marked={marked ? true : undefined}
      data-utterance={utterance.utterance_id}
      data-start={utterance.start_ms}
    >
      <button type="button" className={s["time"]} data-time tabIndex={tabStop ? 0 : -1} aria-label={`Play from ${time}`}>
        {time}
      </button>
      <span className={s["who"]}>
        <Icon name={utterance.side} />
        {SIDE_WORDS[utterance.side]}
      </span>
      {/* Escape bubbles up from the buttons inside; the words are no control. */}
      {/* eslint-disable-next-line jsx-a11y/no-static-element-interactions */}
      <div
        className={s["said"]}
        onKeyDown={(event) => {
          if (event.key !== "Escape" || !opened) return;
          event.preventDefault();
          event.stopPropagation();
          leave();
        }}
      >
        <p className={s["text"]} ref={text}>
          {pieces.map((piece, index) => (
            <span key={index}>
              <Heard piece={piece} ends={piece.beside.length > 0 || !pieces[index + 1]?.unconfirmed} />
              {piece.beside.map((one) => (
                <Chip
                  key={keyOf(one)}
                  id={chipId(one)}
                  beside={one}
                  shown={keyOf(one) === shown}
                  tabStop={tabStop}
                  onPress={() => {
                    onLook();
                    setShown(keyOf(one) === shown ? null : keyOf(one));
                  }}
                />
              ))}
            </span>
          ))}
          {!final && <span className={s["progress"]}> … <Hidden>still being heard</Hidden></span>}
          {final && utterance.doubtful && <span className={s["hard"]}>{doubtWords(utterance.doubts)}</span>}
        </p>
        {opened && <Readings callId={callId} beside={opened} onLeave={leave} />}
      </div>
    </div>
  );
});
