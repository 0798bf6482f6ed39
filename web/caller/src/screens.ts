import { Failure } from "./api";

/** What the page shows when it shares nothing. */
export type Notice = "wrong" | "over" | "other" | "busy" | "offline" | "refused" | "stopped" | "ended";

/** What to say of a failure. What is no answer of ours, is no connection: we try again. */
export function noticeOf(error: unknown): Notice {
  if (!(error instanceof Failure)) return "offline";
  switch (error.status) {
    case 409:
      return "other";
    case 410:
      return "over";
    case 429:
      return "busy";
    case 400:
    case 401:
    case 403:
    case 404:
    case 422:
      return "wrong";
    default:
      return "offline";
  }
}

/** Whether asking again by itself may help. */
export const passes = (error: unknown): boolean => noticeOf(error) === "offline";
