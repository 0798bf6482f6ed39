import type { FeedMessage } from "./decode";
import { reduce } from "./reduce";
import { EMPTY, type Action, type ConsoleState } from "./state";

/** Holds one state and tells its listeners after each batch; made for `useSyncExternalStore`. */
export class Store {
  #state: ConsoleState = EMPTY;
  readonly #listeners = new Set<() => void>();

  readonly get = (): ConsoleState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Folds a batch and tells the listeners once, and only when something changed. */
  readonly apply = (...messages: readonly (FeedMessage | Action)[]): void => {
    const before = this.#state;
    this.#state = messages.reduce(reduce, before);
    if (this.#state !== before) for (const listener of this.#listeners) listener();
  };
}
