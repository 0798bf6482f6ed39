/** An error answer of the server (`application/problem+json`, RFC 9457), in words a person can use. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly title: string,
    readonly detail: string,
    /** What to do now, in the operator's words; may be empty. */
    readonly action: string,
    readonly details: Readonly<Record<string, unknown>>,
  ) {
    super(detail || title);
    this.name = "Problem";
  }

  get isSignedOut(): boolean {
    return this.status === 401;
  }
  get isConflict(): boolean {
    return this.status === 409;
  }
  get isGone(): boolean {
    return this.status === 404;
  }
  /** One line: what happened and what to do. */
  get sentence(): string {
    return [this.detail || this.title, this.action].filter(Boolean).join(" ");
  }
}

/** No answer came: the network or the server is away. Nothing is known of what became of the request. */
export class Unreachable extends Error {
  constructor() {
    super("The server cannot be reached.");
    this.name = "Unreachable";
  }
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");

/** Reads the problem from an answer; one without a body still gives its status in words. */
export async function problemFrom(answer: Response): Promise<Problem> {
  let body: Record<string, unknown> = {};
  try {
    const parsed: unknown = await answer.json();
    if (typeof parsed === "object" && parsed !== null) body = parsed as Record<string, unknown>;
  } catch {
    // Not JSON (a proxy's page, say): the status must do.
  }
  const details = body["details"];
  return new Problem(
    answer.status,
    text(body["code"]) || `http.${answer.status}`,
    text(body["title"]) || `The server answered ${answer.status}.`,
    text(body["detail"]),
    text(body["action"]),
    typeof details === "object" && details !== null ? (details as Record<string, unknown>) : {},
  );
}

/** Any error as one line for the person at the console. */
export function sentence(error: unknown): string {
  if (error instanceof Problem) return error.sentence;
  if (error instanceof Unreachable)
    return "The server cannot be reached. What you typed is kept; try again in a moment.";
  return error instanceof Error ? error.message : "Something went wrong.";
}
