import { problemFrom, Unreachable } from "./problem";

/** Where the CSRF token of the session is kept: in memory only. */
export interface Session {
  csrfToken: string | null;
  /** Called once for each answer that says the session is over. */
  onSignedOut(): void;
}

export type Json = Record<string, unknown>;
type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** Sends one request to our own server. Raises `Problem` for an error answer, `Unreachable` for none. */
export class Client {
  constructor(
    private readonly session: Session,
    private readonly send: typeof fetch = (...args) => fetch(...args),
  ) {}

  /** Asks and reads JSON; an empty answer is `undefined`. */
  async json<T>(method: Method, path: string, body?: Json, signal?: AbortSignal): Promise<T> {
    const answer = await this.raw(method, path, body, signal);
    if (answer.status === 204) return undefined as T;
    return (await answer.json()) as T;
  }

  async raw(method: Method, path: string, body?: Json, signal?: AbortSignal): Promise<Response> {
    const headers: Record<string, string> = {};
    if (body !== undefined) headers["Content-Type"] = "application/json";
    if (method !== "GET" && this.session.csrfToken !== null)
      headers["X-CSRF-Token"] = this.session.csrfToken;
    let answer: Response;
    try {
      answer = await this.send(path, {
        method,
        headers,
        credentials: "same-origin",
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(signal === undefined ? {} : { signal }),
      });
    } catch (error) {
      if (signal?.aborted) throw error;
      throw new Unreachable();
    }
    if (answer.ok) return answer;
    const problem = await problemFrom(answer);
    if (problem.isSignedOut && path !== "/v1/session") this.session.onSignedOut();
    throw problem;
  }
}
