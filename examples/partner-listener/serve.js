/* The example listener's own small server.
 *
 * It serves the page and speaks to Ringdown for it: a browser may not call Ringdown's REST interface
 * from another origin, and a client secret has no business in a browser. The secret stays in this
 * process's memory; the page holds a cookie, and for the sound and the words short-lived tokens.
 */
import { createReadStream, readFileSync } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer } from "node:http";
import { createHash, randomUUID } from "node:crypto";
import { extname, join, normalize, sep } from "node:path";
import { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const HERE = fileURLToPath(new URL("./", import.meta.url));
const PARTS = fileURLToPath(new URL("../node_modules/", import.meta.url));
const KINDS = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
};
const ALLOWED = ["index.html", "style.css"]; // and the modules in page/
const IMPORTS = /<script type="importmap">(.*?)<\/script>/s;
const imports = IMPORTS.exec(readFileSync(join(HERE, "index.html"), "utf8"))[1];
const POLICY = [
  "default-src 'self'",
  `script-src 'self' 'sha256-${createHash("sha256").update(imports).digest("base64")}'`,
  "connect-src 'self' ws: wss: http: https:", // the media server and the words, wherever they are
  "img-src 'self' data:",
  "media-src 'self' blob: mediastream:",
  "frame-ancestors 'none'",
].join("; ");

const { values: options } = parseArgs({
  options: {
    port: { type: "string", default: "8600" },
    ringdown: { type: "string", default: "http://127.0.0.1:8911" },
    json: { type: "boolean", default: false }, // say the address as JSON, for programs
  },
});

/** What is told to the page when something goes wrong. */
class Problem extends Error {
  constructor(status, code, detail) {
    super(detail);
    Object.assign(this, { status, code });
  }
}

/** Somebody's connection to one Ringdown: the credential, and the access token it gives. */
class Connection {
  constructor(baseUrl, clientId, clientSecret) {
    Object.assign(this, { baseUrl, clientId });
    this.secret = clientSecret;
    this.token = null;
    this.until = 0;
  }

  /** An access token that is good for another minute at least. */
  async accessToken() {
    if (this.token && Date.now() < this.until - 60_000) return this.token;
    const answer = await reach(`${this.baseUrl}/oauth/token`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({
        grant_type: "client_credentials",
        client_id: this.clientId,
        client_secret: this.secret,
        scope: "incident_events",
      }),
    });
    const body = await answer.json().catch(() => ({}));
    if (!answer.ok) {
      const detail = {
        invalid_client: "The client ID or the secret is wrong, or the credential is disabled.",
        invalid_scope: "The credential lacks the scope incident_events.",
      }[body.error];
      throw new Problem(401, body.error ?? "no_token", detail ?? `No token: ${answer.status}`);
    }
    this.token = body.access_token;
    this.until = Date.now() + body.expires_in * 1000;
    return this.token;
  }

  /** One call of the REST interface; a token that is no longer taken is renewed once. */
  async ask(method, path, body) {
    for (let again = true; ; again = false) {
      const headers = { Authorization: `Bearer ${await this.accessToken()}` };
      if (body) headers["Content-Type"] = "application/json";
      const answer = await reach(this.baseUrl + path, {
        method,
        headers,
        body: body && JSON.stringify(body),
      });
      if (answer.status === 401 && again) this.token = null;
      else return answer;
    }
  }
}

async function reach(url, init) {
  try {
    return await fetch(url, { ...init, redirect: "error" });
  } catch (error) {
    const why = error.cause?.code ?? error.message;
    throw new Problem(502, "unreachable", `${new URL(url).origin} does not answer (${why}).`);
  }
}

const connections = new Map(); // by the value of the page's cookie

function connectionOf(request) {
  const cookie = /(?:^|;\s*)listener=([\w-]+)/.exec(request.headers.cookie ?? "")?.[1];
  const connection = connections.get(cookie);
  if (!connection) throw new Problem(401, "not_connected", "Enter a credential first.");
  return connection;
}

async function bodyOf(request) {
  if (request.headers["content-type"] !== "application/json") {
    throw new Problem(415, "not_json", "Send JSON."); // which no foreign page can send unasked
  }
  let text = "";
  for await (const chunk of request) {
    text += chunk;
    if (text.length > 10_000) throw new Problem(413, "too_long", "That is too long.");
  }
  return JSON.parse(text || "{}");
}

function say(response, status, body, headers = {}) {
  response.writeHead(status, {
    "Content-Type": "application/json",
    "Cache-Control": "no-store",
    ...headers,
  });
  response.end(JSON.stringify(body));
}

/** Hand on what Ringdown answered, errors included. */
async function handOn(response, answer) {
  say(response, answer.status, await answer.json().catch(() => ({})));
}

async function connect(request, response) {
  const { base_url: base, client_id: id, client_secret: secret } = await bodyOf(request);
  if (![base, id, secret].every((part) => typeof part === "string" && part.trim())) {
    throw new Problem(400, "incomplete", "Address, client ID and client secret are all needed.");
  }
  if (!URL.canParse(base) || !/^https?:$/.test(new URL(base).protocol)) {
    throw new Problem(400, "bad_address", "The address begins with http:// or https://.");
  }
  const connection = new Connection(base.trim().replace(/\/+$/, ""), id.trim(), secret.trim());
  await connection.accessToken();
  const key = randomUUID();
  connections.set(key, connection);
  const cookie = `listener=${key}; HttpOnly; SameSite=Strict; Path=/`;
  say(response, 200, { base_url: connection.baseUrl }, { "Set-Cookie": cookie });
}

function disconnect(request, response) {
  const connection = connectionOf(request);
  for (const [key, held] of connections) if (held === connection) connections.delete(key);
  response.writeHead(204).end();
}

/** The recording's own sound, for drawing it whole. The page never names an address to fetch. */
async function recording(connection, id, response) {
  const incident = await connection.ask("GET", `/v1/incident_events/${id}`);
  const media = incident.ok ? ((await incident.json()).media ?? []) : [];
  const found = media.find((one) => one.kind === "recording");
  if (!found) throw new Problem(404, "no_recording", "There is no recording to draw.");
  const sound = await reach(new URL(found.url, connection.baseUrl), {});
  if (!sound.ok) throw new Problem(502, "no_recording", `The recording answers ${sound.status}.`);
  response.writeHead(200, { "Content-Type": found.content_type, "Cache-Control": "no-store" });
  Readable.fromWeb(sound.body).pipe(response);
}

const ID = "([\\w-]{1,64})";
const ROUTES = [
  ["POST", /^\/api\/connection$/, connect],
  ["DELETE", /^\/api\/connection$/, disconnect],
  ["GET", /^\/api\/connection$/, (request, response) => {
    say(response, 200, { base_url: connectionOf(request).baseUrl });
  }],
  ["GET", /^\/api\/defaults$/, (_, response) => say(response, 200, { base_url: options.ringdown })],
  ["GET", /^\/api\/incidents$/, async (request, response) => {
    await handOn(response, await connectionOf(request).ask("GET", "/v1/incident_events?limit=20&demo=true"));
  }],
  ["POST", new RegExp(`^/api/incidents/${ID}/stream_token$`), async (request, response, id) => {
    const connection = connectionOf(request);
    const { autoplay } = await bodyOf(request);
    const path = `/v1/incident_events/${id}/stream_token`;
    await handOn(response, await connection.ask("POST", path, { autoplay }));
  }],
  ["GET", new RegExp(`^/api/incidents/${ID}/recording$`), (request, response, id) =>
    recording(connectionOf(request), id, response)],
  ["GET", /^\/api\/words$/, async (request, response) => {
    const connection = connectionOf(request);
    const url = `${connection.baseUrl.replace(/^http/, "ws")}/cable`;
    say(response, 200, { url, token: await connection.accessToken() });
  }],
];

/** The page's own files, and the two libraries as npm brought them. */
async function file(path, response) {
  let found = null;
  if (path === "/") found = join(HERE, "index.html");
  else if (ALLOWED.includes(path.slice(1)) || /^\/page\/[\w-]+\.js$/.test(path)) {
    found = join(HERE, path);
  } else if (/^\/parts\/(livekit-client\/dist|@anycable\/core|nanoevents)\//.test(path)) {
    found = normalize(join(PARTS, path.slice("/parts/".length)));
    if (!found.startsWith(PARTS) || found.includes(`..${sep}`)) found = null;
  }
  const kind = found && KINDS[extname(found)];
  const held = kind && (await stat(found).catch(() => null));
  if (!held?.isFile()) throw new Problem(404, "not_found", "There is no such page.");
  response.writeHead(200, {
    "Content-Type": kind,
    "Content-Length": held.size,
    "Content-Security-Policy": POLICY,
    "Cache-Control": "no-cache",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
  });
  createReadStream(found).pipe(response);
}

async function answer(request, response) {
  const host = request.headers.host ?? "";
  if (!/^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(host)) {
    throw new Problem(421, "wrong_host", "This server is for this machine alone.");
  }
  const path = decodeURI(new URL(request.url, "http://localhost").pathname);
  for (const [method, pattern, handler] of ROUTES) {
    const matched = pattern.exec(path);
    if (matched && request.method === method) return handler(request, response, ...matched.slice(1));
  }
  if (request.method !== "GET") throw new Problem(404, "not_found", "There is no such action.");
  return file(path, response);
}

const server = createServer((request, response) => {
  Promise.resolve()
    .then(() => answer(request, response))
    .catch((error) => {
      const known = error instanceof Problem;
      if (!known) console.error(error);
      if (response.headersSent) return response.destroy();
      const { status, code } = known ? error : { status: 500, code: "failed" };
      return say(response, status, { code, detail: known ? error.message : "That went wrong." });
    });
});

server.on("error", (error) => {
  const taken = error.code === "EADDRINUSE";
  console.error(taken ? `Port ${options.port} is taken: choose another with --port.` : error.message);
  process.exitCode = 1;
});
server.listen(Number(options.port), "127.0.0.1", () => {
  const address = `http://127.0.0.1:${server.address().port}`;
  console.log(options.json ? JSON.stringify({ address }) : `The example listener: ${address}`);
});
