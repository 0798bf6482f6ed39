import { Fragment, useState } from "react";

import s from "./phone.module.css";
import { useAnswer, useMe, usePhone } from "./usePhone";
import { span } from "./phoneWords";

const DAYS = 30;

/** How much a person has looked at, told to themselves: nobody has to guess what a shift held. */
export function Exposure() {
  const { api } = usePhone();
  const me = useMe();
  const [asked, setAsked] = useState<string | null>(null);
  const { got: rows, trouble } = useAnswer(asked, () => api.exposure(DAYS));
  const mine = rows?.find((one) => one.person.user_id === me);
  const others = rows?.filter((one) => one.person.user_id !== me) ?? [];
  return (
    <section className={s["part"]} aria-label="What you have looked at">
      <details className={s["fold"]} onToggle={(event) => setAsked(event.currentTarget.open ? String(Date.now()) : null)}>
        <summary>What you have looked at</summary>
        {trouble !== null && <p className={s["small"]}>{trouble}</p>}
        {rows !== null && (
          <dl className={s["data"]}>
            <dt>Last 24 hours</dt><dd>{span(mine?.today_ms ?? 0)}</dd>
            <dt>Last {DAYS} days</dt><dd>{mine ? `${span(mine.shown_ms)} in ${mine.viewings} ${mine.viewings === 1 ? "viewing" : "viewings"}, the longest ${span(mine.longest_ms)}` : "nothing"}</dd>
            {others.map((one) => <Fragment key={one.person.user_id}><dt>{one.person.name}</dt><dd>{span(one.today_ms)} in 24 hours, {span(one.shown_ms)} in {DAYS} days</dd></Fragment>)}
          </dl>
        )}
        <p className={s["small"]}>Unblurred time alone is counted. If it is much, say so to your supervisor: they can take over a viewing.</p>
      </details>
    </section>
  );
}
