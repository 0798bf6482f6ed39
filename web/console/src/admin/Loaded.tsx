import { useRef, useState, type ReactNode } from "react";

import { sentence } from "@ringdown/api";
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
function Sending({ share, reading }: { share: number | null; reading: string }) {
  if (share === null) return null;
  return (
    <span className={s["sending"]}>
      {share < 1 ? `Sending, ${Math.floor(share * 100)} %` : reading}
      <progress aria-label="Loading the file" {...(share < 1 ? { value: share } : {})} />
    </span>
  );
}

export interface Act<Report> {
  label: string;
  /** Sends the file and tells how much of it is there, from 0 to 1. */
  send: (file: File, tell: (share: number) => void) => Promise<Report>;
}

/** How a file gets in: chosen, then sent for one of the acts, the first of which is the usual one. */
export function LoadFile<Report>({ holds, acts, reading, unchanged, onLoaded, children }: { holds: string; acts: readonly Act<Report>[]; reading: string; unchanged: string; onLoaded: (report: Report) => void; children?: ReactNode }) {
  const [file, setFile] = useState<File | null>(null);
  const [share, setShare] = useState<number | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const send = async (act: Act<Report>) => {
    if (!file || share !== null) return;
    setShare(0);
    setTrouble(null);
    try {
      onLoaded(await act.send(file, setShare));
      setFile(null);
      if (input.current) input.current.value = "";
    } catch (error) {
      setTrouble(sentence(error));
    } finally {
      setShare(null);
    }
  };
  return (
    <div className={s["form"]}>
      <h2>Load a file</h2>
      <label className={s["file"]}>
        <span>{holds}</span>
        <input type="file" ref={input} disabled={share !== null} accept=".csv,.geojson,.json,text/csv,application/geo+json" onChange={(event) => setFile(event.target.files?.[0] ?? null)} />
      </label>
      {children}
      <div className={s["row"]}>
        {acts.map((act, index) => (
          <Button key={act.label} {...(index === 0 ? { kind: "primary" as const } : {})} isDisabled={!file || share !== null} onPress={() => void send(act)}>{act.label}</Button>
        ))}
        <Sending share={share} reading={reading} />
      </div>
      {trouble !== null && <Notice tone="down" urgent>{trouble} {unchanged}</Notice>}
    </div>
  );
}
