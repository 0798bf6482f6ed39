import { useEffect, useState, useSyncExternalStore } from "react";

interface Watched<T> {
  get: () => T;
  subscribe: (listener: () => void) => () => void;
}

/** The value of a cell or of anything watched the same way. */
export function useWatched<T>(source: Watched<T>): T {
  return useSyncExternalStore(source.subscribe, source.get, source.get);
}

/** A part of a watched state; `select` must give the same object for the same state. */
export function useSelected<S, T>(source: Watched<S>, select: (state: S) => T): T {
  const get = () => select(source.get());
  return useSyncExternalStore(source.subscribe, get, get);
}

/** Local time that moves on by itself, for timers on the screen. */
export function useNow(everyMs: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
