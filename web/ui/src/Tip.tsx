import type { ReactElement, ReactNode } from "react";
import { Tooltip, TooltipTrigger } from "react-aria-components/Tooltip";

import s from "./ui.module.css";

/** More words about the button it wraps, on hover and on keyboard focus. Never holds an act. */
export function Tip({ children, tip }: { children: ReactElement; tip: ReactNode }) {
  return (
    <TooltipTrigger delay={300} closeDelay={80}>
      {children}
      <Tooltip className={s["tooltip"] ?? ""} offset={6}>{tip}</Tooltip>
    </TooltipTrigger>
  );
}
