import { useEffect, useState } from "react";

import { sentence, type AuditRow } from "@ringdown/api";
import { timeOfDay } from "@ringdown/core";
import { Button, ButtonLink, Notice } from "@ringdown/ui";

import { useDesk } from "../app/useDesk";
import s from "./admin.module.css";

const PAGE = 100;
const day = (iso: string): string => iso.slice(0, 10);

/** What was done, by whom, in order; every row is chained to the one before it. */
export function AuditPage() {
  const { api } = useDesk();
  const [after, setAfter] = useState(0);
  const [before, setBefore] = useState<number[]>([]);
  const [page, setPage] = useState<{ rows: AuditRow[]; next: number | null }>({ rows: [], next: null });
  const [trouble, setTrouble] = useState<string | null>(null);
  useEffect(() => {
    api.audit(after, PAGE).then(setPage, (error: unknown) => setTrouble(sentence(error)));
  }, [api, after]);
  return (
    <section className={s["section"]} aria-label="Audit">
      {trouble !== null && <Notice tone="down" urgent>{trouble}</Notice>}
      <div className={s["row"]}>
        <Button isDisabled={before.length === 0} onPress={() => { setAfter(before.at(-1) ?? 0); setBefore(before.slice(0, -1)); }}>Earlier</Button>
        <Button isDisabled={page.next === null} onPress={() => { setBefore([...before, after]); setAfter(page.next ?? after); }}>Later</Button>
        <ButtonLink href="/v1/audit/export">Export all</ButtonLink>
      </div>
      {/* A wide table scrolls by itself, and by keyboard. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className={s["tableBox"]} role="region" aria-label="Audit rows" tabIndex={0}>
        <table className={s["table"]}>
          <thead><tr><th scope="col">No.</th><th scope="col">When</th><th scope="col">What</th><th scope="col">Who</th><th scope="col">About</th><th scope="col">Details</th></tr></thead>
          <tbody>
            {page.rows.map((row) => (
              <tr key={row.seq}>
                <td>{row.seq}</td>
                <td>{day(row.at)} {timeOfDay(row.at)}</td>
                <td>{row.tag}</td>
                <td>{row.actor_name || row.actor_kind}</td>
                <td>{row.subject}</td>
                <td><code className={s["code"]}>{JSON.stringify(row.details)}</code></td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
