import type { ReactNode } from "react";

import { Icon, type IconName } from "./Icon";
import s from "./ui.module.css";

/** A key, as it is written on the keyboard; nothing when the action has none. */
export function Kbd({ keys }: { keys: string }) {
  return keys ? (
    <kbd className={s["kbd"]} aria-hidden="true">
      {keys}
    </kbd>
  ) : null;
}

/** A short word in a frame: DEMO, Abandoned. */
export function Badge({ tone, icon, children }: { tone: "warn" | "down" | "quiet" | "accent" | "ok"; icon?: IconName; children: ReactNode }) {
  return (
    <span className={s["badge"]} data-tone={tone}>
      {icon && <Icon name={icon} />}
      {children}
    </span>
  );
}

/** Text for screen readers alone. */
export function Hidden({ children }: { children: ReactNode }) {
  return <span className="hidden-visually">{children}</span>;
}

const NOTICE_ICONS = { warn: "warn", down: "down", quiet: "clock" } as const;

/** One sentence in a frame, with what can be done about it. `urgent` is read out at once. */
export function Notice({ tone, urgent = false, children, actions }: { tone: "warn" | "down" | "quiet"; urgent?: boolean; children: ReactNode; actions?: ReactNode }) {
  return (
    <div className={s["notice"]} data-tone={tone} role={urgent ? "alert" : "status"}>
      <Icon name={NOTICE_ICONS[tone]} />
      <div className={s["noticeText"]}>{children}</div>
      {actions}
    </div>
  );
}
