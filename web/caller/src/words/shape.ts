import type { en } from "./en";

/** Everything that the page says, in one language. `{…}` is filled in. */
export type Words = Readonly<Record<keyof typeof en, string>>;
