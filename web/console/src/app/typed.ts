/**
 * Text that a person has typed and not yet saved. It outlives a lost session, a reload and a
 * crashed browser; it is dropped as soon as it is saved, and after a day in any case.
 */
export class Typed {
  readonly #prefix: string;
  static readonly #ALL = "ringdown.typed.";
  static readonly #DAY_MS = 86_400_000;

  constructor(
    private readonly storage: Storage,
    userId: string,
    now: number,
  ) {
    this.#prefix = `${Typed.#ALL}${userId}.`;
    for (const key of Object.keys(storage)) {
      if (!key.startsWith(Typed.#ALL)) continue;
      const at = Number((storage.getItem(key) ?? "").split("\n", 1)[0]);
      if (!(now - at < Typed.#DAY_MS)) storage.removeItem(key);
    }
  }

  get(slot: string): string {
    const stored = this.storage.getItem(this.#prefix + slot);
    return stored === null ? "" : stored.slice(stored.indexOf("\n") + 1);
  }

  set(slot: string, text: string): void {
    if (text === "") this.storage.removeItem(this.#prefix + slot);
    else this.storage.setItem(this.#prefix + slot, `${Date.now()}\n${text}`);
  }

  /** True while anything of this person waits to be saved. */
  get waiting(): boolean {
    return Object.keys(this.storage).some((key) => key.startsWith(this.#prefix));
  }

  drop(): void {
    for (const key of Object.keys(this.storage))
      if (key.startsWith(this.#prefix)) this.storage.removeItem(key);
  }
}
