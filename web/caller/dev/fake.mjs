/**
 * Serves the built page with a made-up server behind it: `node caller/dev/fake.mjs [port]`.
 * The fragment's first letter says what happens: `w` wrong, `o` over, `x` another phone, `b` too many tries; then
 * two letters of a language; anything else works. Without a media server, the camera stays at "connecting".
 */
import { createReadStream, existsSync } from "node:fs";
import { createServer } from "node:http";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";

const port = Number(process.argv[2] ?? 8912);
const built = fileURLToPath(new URL("../../../src/ringdown/caller/static", import.meta.url));
const KINDS = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml" };
const REFUSED = { w: 404, o: 410, x: 409, b: 429 };
const messages = [];
const uploads = new Map();
let agreed = [];

function wrote(direction, kind, text) {
  const message = { message_id: `msg_${String(messages.length).padStart(4, "0")}`, direction, kind, text, at: new Date().toISOString() };
  messages.push(message);
  return message;
}

const answers = {
  look: ({ token }) =>
    REFUSED[token[0]]
      ? [REFUSED[token[0]], {}]
      : [200, { agency: "Millbrook County 911", shares: ["location", "video", "upload", "chat"], language: token.slice(1, 3), carry_audio: false }],
  open: ({ shares }) => {
    agreed = shares;
    if (messages.length === 0 && shares.includes("chat")) wrote("out", "question", "This is 911. Is it safe for you to talk?\nA = yes\nB = no");
    return [200, { session: { link_id: "link_1", agency: "Millbrook County 911", shares, trail_every_s: 5, max_kbps: 250, carry_audio: false } }];
  },
  alive: ({ after }) => [200, { orders: [], state: "sharing", shares: agreed, messages: messages.filter((one) => one.message_id > after) }],
  text: ({ text }) => [201, wrote("in", "text", text)],
  fixes: () => [200, {}],
  stop: () => [200, {}],
  video: () => [503, {}],
};

createServer((request, response) => {
  const path = new URL(request.url ?? "/", "http://here").pathname;
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    const body = Buffer.concat(chunks);
    const told = (status, value, headers = {}) => {
      response.writeHead(status, { "Content-Type": "application/json", "Cache-Control": "no-store", ...headers });
      response.end(value === undefined ? undefined : JSON.stringify(value));
    };
    if (path.startsWith("/l/api/uploads")) {
      const id = path.split("/")[4];
      if (request.method === "POST") {
        const made = `up_${uploads.size}`;
        uploads.set(made, 0);
        return told(201, undefined, { Location: `/l/api/uploads/${made}` });
      }
      if (request.method === "PATCH") uploads.set(id, (uploads.get(id) ?? 0) + body.length);
      if (request.method === "GET") return told(200, { state: "arrived" });
      return told(request.method === "HEAD" ? 200 : 204, undefined, { "Upload-Offset": String(uploads.get(id) ?? 0) });
    }
    const answer = answers[path.replace("/l/api/", "")];
    if (answer) return told(...answer(JSON.parse(body.toString() || "{}")));
    const file = `${built}${path === "/l" ? "/index.html" : path.replace(/^\/l/, "")}`;
    if (path.includes("..") || !existsSync(file)) return told(404, {});
    response.writeHead(200, {
      "Content-Type": KINDS[extname(file)] ?? "application/octet-stream",
      "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; media-src 'self' blob: mediastream:; connect-src 'self'",
    });
    createReadStream(file).pipe(response);
  });
}).listen(port, "127.0.0.1", () => console.log(`http://127.0.0.1:${port}/l#aen${"0".repeat(29)}`));
