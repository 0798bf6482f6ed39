import { memo } from "react";

import { clockText, segments, SIDE_WORDS, type Evidence, type Line as LineView } from "@ringdown/core";
import { Hidden, Icon } from "@ringdown/ui";

import s from "./transcript.module.css";

/** One utterance. The sides differ by place, word, drawing and line, and only then by colour. */
export const Line = memo(function Line({ line, marked, playing, tabStop }: { line: LineView; marked: Evidence | null; playing: boolean; tabStop: boolean }) {
  const { utterance, final } = line;
  const time = clockText(utterance.start_ms);
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
      <p className={s["text"]}>
        {segments(utterance, marked).map((piece, index) => {
          const text = piece.doubtful ? (
            <span className={s["doubt"]} title="Doubtful: may be misheard">
              {piece.text}
              <Hidden> (doubtful)</Hidden>
            </span>
          ) : (
            piece.text
          );
          return piece.marked ? <mark key={index}>{text}</mark> : <span key={index}>{text}</span>;
        })}
        {!final && <span className={s["progress"]}> … <Hidden>still being heard</Hidden></span>}
        {final && utterance.doubtful && <span className={s["hard"]}>hard to hear</span>}
      </p>
    </div>
  );
});
