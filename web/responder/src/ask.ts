import type { Seen } from "./seen";

const LONGEST_MS = 10_000;

/** Why nothing is shown any more, or not now. */
export type Trouble = "unknown" | "over" | "away" | "often";

export class Refused extends Error {
  constructor(readonly trouble: Trouble) {
    super(trouble);
  }
}

async function post<T>(path: string, body: object): Promise<T> {
  let answer: Response;
  // `AbortSignal.timeout` is younger than the phones that open this page.
  const waiting = new AbortController();
  const timer = setTimeout(() => waiting.abort(), LONGEST_MS);
  try {
    answer = await fetch(path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
      cache: "no-store",
      credentials: "omit",
      signal: waiting.signal,
    });
  } catch {
    throw new Refused("away");
  } finally {
    clearTimeout(timer);
  }
  if (answer.status === 204) return undefined as T;
  if (answer.ok) return (await answer.json()) as T;
  if (answer.status === 404) throw new Refused("unknown");
  if (answer.status === 410) throw new Refused("over");
  throw new Refused(answer.status === 429 ? "often" : "away");
}

export const look = (token: string, opening: boolean, watching: boolean): Promise<Seen> =>
  post("/r/api/now", { token, opening, watching });

export const ticket = (token: string): Promise<{ token: string }> => post("/r/api/video", { token });

/** The camera is closed; nobody waits for the answer, since its end is found without it too. */
export function closed(token: string): void {
  post("/r/api/video/close", { token }).catch(() => undefined);
}
