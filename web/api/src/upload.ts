import type { Session } from "./client";
import { problemFrom, Unreachable } from "./problem";

/**
 * Sends a file as it is and reads the JSON answer. `fetch` cannot tell how much has been sent, so
 * this is the older way. `progress` is told the share that is on its way, from 0 to 1.
 */
export async function upload<T>(session: Session, method: "POST" | "PUT", path: string, file: Blob, progress: (share: number) => void): Promise<T> {
  const answer = await new Promise<Response>((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, path);
    request.setRequestHeader("Content-Type", file.type || "application/octet-stream");
    if (session.csrfToken !== null) request.setRequestHeader("X-CSRF-Token", session.csrfToken);
    request.upload.onprogress = (event) => progress(event.total > 0 ? event.loaded / event.total : 1);
    request.onload = () => resolve(new Response(request.responseText, { status: request.status }));
    request.onerror = request.ontimeout = request.onabort = () => reject(new Unreachable());
    request.send(file);
  });
  if (answer.ok) return (await answer.json()) as T;
  const problem = await problemFrom(answer);
  if (problem.isSignedOut) session.onSignedOut();
  throw problem;
}
