import { lazy, Suspense, useEffect, useState } from "react";

import type { DialogProps } from "./DialogWindow";

const load = () => import("./DialogWindow");
const Window = lazy(load);

/**
 * A window over the console; opened by the person only, closed with Escape, focus returns. What it
 * needs is fetched once the page is idle, so that it opens also when the server is away.
 */
export function Dialog(props: DialogProps) {
  const [opened, setOpened] = useState(props.isOpen);
  if (props.isOpen && !opened) setOpened(true);
  useEffect(() => {
    const timer = setTimeout(() => void load().catch(() => undefined), 2_000);
    return () => clearTimeout(timer);
  }, []);
  return opened ? <Suspense><Window {...props} /></Suspense> : null;
}
