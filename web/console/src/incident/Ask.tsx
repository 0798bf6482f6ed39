import { useState } from "react";

import { clockText, toAsk, type DraftView, type QuestionView } from "@ringdown/core";
import { Button, Icon, Kbd } from "@ringdown/ui";

import { useKey, useKeyName } from "../app/useDesk";
import s from "./incident.module.css";
import { usePlay } from "./usePlay";

const brief = ({ text, asked }: QuestionView): string => (asked ? `${text} (asked ${clockText(asked.start_ms)}, no answer yet)` : text);

/** What to ask, in one quiet line; all of it on request. Asked and not answered comes first. */
export function Ask({ draft }: { draft: DraftView }) {
  const [shown, setShown] = useState(false);
  const play = usePlay();
  const key = useKeyName("draft.ask");
  const questions = toAsk(draft);
  useKey("draft.ask", () => setShown((now) => !now));
  return (
    <section className={s["ask"]} aria-label="Questions to ask">
      <div className={s["askLine"]}>
        <span className={s["askText"]}>
          {questions.length === 0 ? (
            <span className={s["quiet"]}>Nothing to ask that is not known.</span>
          ) : (
            <><span className={s["quiet"]}>Unknown, ask: </span>{questions.map(brief).join(" · ")}</>
          )}
        </span>
        {questions.length > 0 && (
          <button type="button" className={s["toggle"]} aria-expanded={shown} onClick={() => setShown(!shown)}>
            {shown ? "Less" : `All ${questions.length}`} <Kbd keys={key} />
          </button>
        )}
      </div>
      {shown && questions.length > 0 && (
        <ol className={s["askAll"]}>
          {questions.map((question, index) => {
            const { asked } = question;
            return (
              <li key={`${question.topic} ${String(index)}`}>
                <span>{question.text}</span>
                {asked ? (
                  <>
                    <span className={s["quiet"]}>asked, no answer yet: “{asked.quote}”</span>
                    <Button kind="quiet" onPress={() => play(asked)} aria-label={`Play ${clockText(asked.start_ms)} “${asked.quote}”`}><Icon name="play" />{clockText(asked.start_ms)}</Button>
                  </>
                ) : (
                  <span className={s["quiet"]}>not asked yet</span>
                )}
              </li>
            );
          })}
        </ol>
      )}
    </section>
  );
}
