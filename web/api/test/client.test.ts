import { expect, test } from "vitest";

import { Client, endpoints, Problem, sentence, Unreachable, type Session } from "../src/index";

function clientAnswering(answer: Response | Error) {
  const sent: { path: string; init: RequestInit }[] = [];
  const session: Session & { told: number } = {
    csrfToken: "csrf-1",
    told: 0,
    onSignedOut() {
      this.told += 1;
    },
  };
  const send = (path: string, init: RequestInit) => {
    sent.push({ path, init });
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  };
  return { api: endpoints(new Client(session, send as typeof fetch), session), sent, session };
}

const problem = (status: number, body: unknown) => new Response(JSON.stringify(body), { status });

test("an unsafe request carries the token, a safe one does not", async () => {
  const { api, sent } = clientAnswering(Response.json({}));
  await api.takeCall("call_1");
  expect((sent[0]?.init.headers as Record<string, string>)["X-CSRF-Token"]).toBe("csrf-1");
  const safe = clientAnswering(Response.json({}));
  await safe.api.snapshot();
  expect(safe.sent[0]?.init.headers).toEqual({});
});

test("an error answer becomes a problem with what to do", async () => {
  const body = { title: "Conflict", detail: "Changed by Sam.", code: "incidents.stale", action: "Look again.", details: { current: { version: 3 } } };
  const { api } = clientAnswering(problem(409, body));
  const error = await api.confirmField("c", "location", 2).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(Problem);
  expect(error).toMatchObject({ isConflict: true, code: "incidents.stale", details: { current: { version: 3 } } });
  expect(sentence(error)).toBe("Changed by Sam. Look again.");
});

test("a page that is not JSON still says its status", async () => {
  const { api } = clientAnswering(new Response("<h1>Bad gateway</h1>", { status: 502 }));
  await expect(api.snapshot()).rejects.toMatchObject({ status: 502, code: "http.502" });
});

test("a session that is over is told, but not while signing in", async () => {
  const over = clientAnswering(problem(401, {}));
  await expect(over.api.snapshot()).rejects.toMatchObject({ isSignedOut: true });
  expect(over.session.told).toBe(1);
  const wrong = clientAnswering(problem(401, {}));
  await expect(wrong.api.signIn("dana", "x")).rejects.toMatchObject({ isSignedOut: true });
  expect(wrong.session.told).toBe(0);
});

test("no answer is told apart from a refusal", async () => {
  const { api } = clientAnswering(new TypeError("failed to fetch"));
  await expect(api.snapshot()).rejects.toBeInstanceOf(Unreachable);
});

test("the edges of a piece of sound come from the headers", async () => {
  const headers = { "X-From-Ms": "1000", "X-To-Ms": "2500", "X-Live-Edge-Ms": "9000" };
  const { api, sent } = clientAnswering(new Response(new ArrayBuffer(8), { headers }));
  const piece = await api.audio("call/1", 1000, 3000);
  expect(piece).toMatchObject({ from_ms: 1000, to_ms: 2500, live_edge_ms: 9000 });
  expect(sent[0]?.path).toBe("/v1/calls/call%2F1/audio?from_ms=1000&to_ms=3000&sides=both");
});
