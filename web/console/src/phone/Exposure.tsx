import { useEffect, useState } from "react";

import { sentence } from "@ringdown/api";
import type { ViewingView } from "@ringdown/core";

import s from "./phone.module.css";
import { useMe, usePhone } from "./usePhone";
import { exposureWords } from "./words";

const DAY_MS = 86_400_000;

/** How much a person has looked at, told to themselves: nobody has to guess what a shift held. */
export function Exposure() {
  const { api } = usePhone();
  const me = useMe();
  const [asked, setAsked] = useState<number | null>(null);
  const [rows, setRows] = useState<readonly ViewingView[] | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  useEffect(() => {
    if (asked === null) return undefined;
    let current = true;
    api.exposure().then(
      (got) => { if (current) setRows(got.filter((one) => one.by.user_id === me)); },
      (error: unknown) => { if (current) setTrouble(sentence(error)); },
    );
    return () => { current = false; };
  }, [api, me, asked]);
  return (
    <section className={s["part"]} aria-label="What you have looked at">
      <details className={s["fold"]} onToggle={(event) => setAsked(event.currentTarget.open ? Date.now() : null)}>
        <summary>What you have looked at</summary>
        {trouble !== null && <p className={s["small"]}>{trouble}</p>}
        {rows !== null && asked !== null && (
          <dl className={s["data"]}>
            <dt>Last 24 hours</dt><dd>{exposureWords(rows, asked - DAY_MS)}</dd>
            <dt>Last 7 days</dt><dd>{exposureWords(rows, asked - 7 * DAY_MS)}</dd>
          </dl>
        )}
        <p className={s["small"]}>Unblurred time alone is counted. If it is much, say so to your supervisor: they can take over a viewing.</p>
      </details>
    </section>
  );
}
