import type { ReactNode } from "react";

import s from "./ui.module.css";

/** Line drawings on a 24-unit square; each shape differs, so that colour is never needed. */
const SHAPES = {
  confirmed: <><circle cx="12" cy="12" r="9" /><path d="m8 12 3 3 5-6" /></>,
  proposed: <circle cx="12" cy="12" r="9" strokeDasharray="3.5 3.5" />,
  unknown: <><path d="M9 9.5a3 3 0 1 1 4.2 2.8c-.8.4-1.2.9-1.2 1.7" /><path d="M12 17.5h.01" /></>,
  edited: <path d="m4 20 1-4L16 5l3 3L8 19z" />,
  rejected: <path d="m6 6 12 12M18 6 6 18" />,
  ok: <path d="m5 12.5 4.5 4.5L19 7" />,
  warn: <><path d="M12 4 2.8 20h18.4z" /><path d="M12 10v4M12 17h.01" /></>,
  down: <><path d="M8 3h8l5 5v8l-5 5H8l-5-5V8z" /><path d="m9 9 6 6M15 9l-6 6" /></>,
  off: <><circle cx="12" cy="12" r="9" strokeDasharray="2 4" /><path d="M8 12h8" /></>,
  working: <><path d="M6 3h12M6 21h12" /><path d="M7 3c0 5 4 6 5 9-1 3-5 4-5 9M17 3c0 5-4 6-5 9 1 3 5 4 5 9" /></>,
  play: <path d="M7 4v16l13-8z" />,
  pause: <path d="M8 5v14M16 5v14" />,
  back: <><path d="M11 6 4 12l7 6z" /><path d="m19 6-7 6 7 6z" /></>,
  forward: <><path d="m13 6 7 6-7 6z" /><path d="m5 6 7 6-7 6z" /></>,
  live: <><circle cx="12" cy="12" r="3" /><path d="M6.5 6.5a8 8 0 0 0 0 11M17.5 6.5a8 8 0 0 1 0 11" /></>,
  caller: <path d="M5 4h4l2 5-2.5 1.5a11 11 0 0 0 5 5L15 13l5 2v4a1 1 0 0 1-1 1C11 20 4 13 4 5a1 1 0 0 1 1-1z" />,
  call_taker: <><path d="M4 14v-2a8 8 0 0 1 16 0v2" /><path d="M4 14h3v5H4zM17 14h3v5h-3z" /></>,
  ear: <><path d="M7 9a5.5 5.5 0 0 1 11 0c0 4-4 4.5-4.5 8-.4 3-4 4-5.5 1.5" /><path d="M10 10a2.5 2.5 0 0 1 5 0c0 1.6-1.5 2-2 3" /></>,
  copy: <><path d="M9 9h11v12H9z" /><path d="M5 15H4V3h11v2" /></>,
  machine: <path d="M4 10v4M8 6v12M12 9v6M16 4v16M20 10v4" />,
  person: <><circle cx="12" cy="8" r="4" /><path d="M4 21c1-5 4-7 8-7s7 2 8 7" /></>,
  send: <path d="M3 12 21 4l-6 17-4-7z" />,
  print: <><path d="M7 8V3h10v5M7 17H4V9h16v8h-3" /><path d="M7 14h10v7H7z" /></>,
  bars1: <><path d="M5 15v5" strokeWidth="4" /><path d="M12 18v2M19 18v2" /></>,
  bars2: <><path d="M5 15v5M12 10v10" strokeWidth="4" /><path d="M19 18v2" /></>,
  bars3: <path d="M5 15v5M12 10v10M19 4v16" strokeWidth="4" />,
  map: <><path d="M12 21s7-6.5 7-12a7 7 0 0 0-14 0c0 5.5 7 12 7 12z" /><circle cx="12" cy="9" r="2.5" /></>,
  clock: <><circle cx="12" cy="12" r="9" /><path d="M12 7v5l3 2" /></>,
} satisfies Record<string, ReactNode>;

export type IconName = keyof typeof SHAPES;

/** A drawing beside a word; hidden from screen readers, because the word is there. */
export function Icon({ name, fill = false }: { name: IconName; fill?: boolean }) {
  return (
    <svg className={s["icon"]} viewBox="0 0 24 24" aria-hidden="true" focusable="false" fill={fill ? "currentColor" : "none"}>
      {SHAPES[name]}
    </svg>
  );
}
