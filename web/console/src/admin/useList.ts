import { useCallback, useEffect, useState } from "react";

import { sentence } from "@ringdown/api";

/** A list from the server, fetched on arrival and again on demand. */
export function useList<T>(fetchAll: () => Promise<T[]>): { list: T[]; trouble: string | null; again: () => Promise<void> } {
  const [list, setList] = useState<T[]>([]);
  const [trouble, setTrouble] = useState<string | null>(null);
  const again = useCallback(async () => {
    try {
      setList(await fetchAll());
      setTrouble(null);
    } catch (error) {
      setTrouble(sentence(error));
    }
  }, [fetchAll]);
  useEffect(() => {
    const first = setTimeout(() => void again(), 0);
    return () => clearTimeout(first);
  }, [again]);
  return { list, trouble, again };
}
