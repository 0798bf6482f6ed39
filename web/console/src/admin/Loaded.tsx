import type { ReactNode } from "react";

import { Button, Notice } from "@ringdown/ui";

import s from "./admin.module.css";

export const count = (value: number): string => value.toLocaleString("en-US");
export const rows = (value: number): string => `${count(value)} ${value === 1 ? "row" : "rows"}`;

/** What became of a file that was sent, the refused rows with their reasons; every row is accounted for. */
export function Loaded({ refused, first, onDone, children }: { refused: number; first: readonly { row: number; reason: string }[]; onDone: () => void; children: ReactNode }) {
  return (
    <Notice tone={refused > 0 ? "warn" : "quiet"} actions={<Button onPress={onDone}>Close</Button>}>
      <p>{children}</p>
      {refused > 0 && (
        <>
          <ul className={s["refused"]} aria-label="Refused rows">
            {first.map(({ row, reason }) => <li key={row}><strong>Row {row}:</strong> {reason}</li>)}
          </ul>
          {refused > first.length && <p>And {rows(refused - first.length)} more.</p>}
        </>
      )}
    </Notice>
  );
}

/** How far a file is on its way; nothing while none is sent. */
export function Sending({ share, reading }: { share: number | null; reading: string }) {
  if (share === null) return null;
  return (
    <span className={s["sending"]}>
      {share < 1 ? `Sending, ${Math.floor(share * 100)} %` : reading}
      <progress aria-label="Loading the file" {...(share < 1 ? { value: share } : {})} />
    </span>
  );
}
