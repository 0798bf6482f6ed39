import type { ReactNode } from "react";
import { Button as AriaButton, type ButtonProps as AriaProps } from "react-aria-components/Button";

import s from "./ui.module.css";

export interface ButtonProps extends Omit<AriaProps, "className" | "style" | "children"> {
  kind?: "plain" | "primary" | "quiet" | "danger";
  /** For a button that is on or off; its label stays the same. */
  pressed?: boolean;
  children: ReactNode;
}

/** Something to press; at least 32 px high, 44 px when it is the main act of its place. */
export function Button({ kind = "plain", pressed, children, ...rest }: ButtonProps) {
  return (
    <AriaButton {...rest} {...(pressed === undefined ? {} : { "aria-pressed": pressed })} className={s["button"] ?? ""} data-kind={kind}>
      {children}
    </AriaButton>
  );
}

/** A link that looks like a button; opens beside the console, never instead of it. */
export function ButtonLink({ href, children }: { href: string; children: ReactNode }) {
  return (
    <a className={s["button"]} href={href} target="_blank" rel="noreferrer">
      {children}
    </a>
  );
}
