import { useMemo } from "react";

import s from "./phone.module.css";
import { qrPath } from "./qr";

/** A text as a QR code, dark on white whatever the theme; nothing for one that is too long. */
export function Qr({ text, label }: { text: string; label: string }) {
  const drawn = useMemo(() => qrPath(text), [text]);
  if (!drawn) return null;
  return (
    <svg className={s["qr"]} role="img" aria-label={label} viewBox={`0 0 ${drawn.side} ${drawn.side}`} shapeRendering="crispEdges">
      <path d={drawn.path} />
    </svg>
  );
}
