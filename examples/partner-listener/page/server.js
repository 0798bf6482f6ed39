/** What the page asks of its own server, which asks Ringdown. */
async function ask(method, path, body) {
  const answer = await fetch(`/api/${path}`, {
    method,
    headers: body === undefined ? {} : { "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (answer.status === 204) return null;
  const told = await answer.json().catch(() => ({}));
  if (answer.ok) return told;
  const error = new Error(told.detail ?? told.title ?? `The answer was ${answer.status}.`);
  throw Object.assign(error, { status: answer.status, code: told.code });
}

export const defaults = () => ask("GET", "defaults");
export const connection = () => ask("GET", "connection");
export const connect = (credential) => ask("POST", "connection", credential);
export const forget = () => ask("DELETE", "connection");
export const incidents = async () => (await ask("GET", "incidents")).data;
export const streamToken = (id, autoplay) =>
  ask("POST", `incidents/${id}/stream_token`, { autoplay });
export const wordsAccess = () => ask("GET", "words");

/** The recording's bytes, or null while there is none. */
export async function recording(id) {
  const answer = await fetch(`/api/incidents/${id}/recording`);
  return answer.ok ? answer.arrayBuffer() : null;
}
