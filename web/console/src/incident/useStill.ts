import { useEffect, useLayoutEffect, useRef, type RefObject } from "react";

/**
 * Keeps the row that the pointer or the focus is on where it is on the screen, whatever is added or
 * taken away above it: the list is scrolled by as much as the row would have moved. Gives the ref of
 * the list.
 */
export function useStill(): RefObject<HTMLDivElement | null> {
  const list = useRef<HTMLDivElement>(null);
  const held = useRef<{ row: Element; top: number } | null>(null);

  useEffect(() => {
    const within = list.current;
    if (!within) return;
    const measure = () => {
      if (held.current) held.current.top = held.current.row.getBoundingClientRect().top;
    };
    const hold = (event: Event) => {
      const row = event.target instanceof Element ? event.target.closest("[data-row]") : null;
      held.current = row && within.contains(row) ? { row, top: row.getBoundingClientRect().top } : null;
    };
    // What a person does by key or press may move things; that is the place to hold from then on.
    const acted = () => requestAnimationFrame(() => requestAnimationFrame(measure));
    within.addEventListener("pointermove", hold, { passive: true });
    within.addEventListener("focusin", hold);
    within.addEventListener("scroll", measure, { passive: true });
    document.addEventListener("keydown", acted, true);
    document.addEventListener("click", acted, true);
    window.addEventListener("resize", measure);
    return () => {
      within.removeEventListener("pointermove", hold);
      within.removeEventListener("focusin", hold);
      within.removeEventListener("scroll", measure);
      document.removeEventListener("keydown", acted, true);
      document.removeEventListener("click", acted, true);
      window.removeEventListener("resize", measure);
    };
  }, []);

  useLayoutEffect(() => {
    const now = held.current;
    if (!now || !list.current || !now.row.isConnected) return;
    const moved = now.row.getBoundingClientRect().top - now.top;
    if (Math.abs(moved) < 0.5) return;
    list.current.scrollBy(0, moved);
    now.top = now.row.getBoundingClientRect().top;
  });
  return list;
}
