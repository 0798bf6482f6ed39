/** How often the server is told that somebody is here, in milliseconds. */
export const EVERY_MS = 60_000;

/**
 * Keeps a session alive while somebody works at this console: a key or the pointer was used, or a
 * live call is open before them. A console that nobody uses still reaches its idle limit.
 */
export class Presence {
  #used = false;

  constructor(
    private readonly liveCallOpen: () => boolean,
    private readonly tell: () => Promise<unknown>,
  ) {}

  /** Somebody did something. */
  readonly used = (): void => {
    this.#used = true;
  };

  /** Called at each interval. A failure needs no word here: the next request says it. */
  readonly beat = async (): Promise<void> => {
    if (!this.#used && !this.liveCallOpen()) return;
    this.#used = false;
    await this.tell().catch(() => undefined);
  };

  /** Begins to watch a page; call the answer to stop. */
  watch(page: Window): () => void {
    const kinds = ["keydown", "pointerdown"] as const;
    for (const kind of kinds) page.addEventListener(kind, this.used, true);
    const timer = page.setInterval(() => void this.beat(), EVERY_MS);
    return () => {
      for (const kind of kinds) page.removeEventListener(kind, this.used, true);
      page.clearInterval(timer);
    };
  }
}
