/** The token of a link as it stands behind the `#`; null if it cannot be one, so that nobody is asked. */
export function tokenOf(hash: string): string | null {
  // Some message apps swallow or add punctuation behind a link.
  const token = hash.replace(/^#/, "").replace(/[^A-Za-z0-9_-]+$/, "");
  return /^[A-Za-z0-9_-]{32}$/.test(token) ? token : null;
}
