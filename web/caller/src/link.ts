/** The token of a link as it stands behind the `#`; null if it cannot be one, so that nobody is asked. */
export function tokenOf(hash: string): string | null {
  // Some message apps swallow or add punctuation behind a link.
  const token = hash.replace(/^#/, "").replace(/[^A-Za-z0-9_-]+$/, "");
  return /^[A-Za-z0-9_-]{32}$/.test(token) ? token : null;
}

interface Memory {
  getItem: (key: string) => string | null;
  setItem: (key: string, value: string) => void;
}

/** A secret of this phone for this link, the same after a reload where the browser remembers anything. */
export function secretOf(token: string, memory: () => Memory, random: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array): string {
  const key = `ringdown ${token.slice(0, 8)}`;
  const made = () => btoa(String.fromCharCode(...random(new Uint8Array(32)))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  try {
    const kept = memory().getItem(key) ?? made();
    memory().setItem(key, kept);
    return kept;
  } catch {
    return made();
  }
}
