import { closed, look, Refused, ticket, type Trouble } from "./ask";
import { drawing, picture } from "./draw";
import { ago, clock, height, mapLink, position, rows, type Fix, type Seen } from "./seen";

const EVERY_MS = 3_000;
const ENDED: Record<Exclude<Trouble, "away" | "often">, string> = {
  unknown: "This link does not work. Open it from the message again, or ask the centre by radio.",
  over: "This link is over. Ask the centre for a new one.",
};

const page = document.querySelector<HTMLElement>("#page") ?? document.body;
// The token leaves the address bar at once, so that nobody reads it over a shoulder.
const token =
  location.hash === "" ? ((history.state as { token?: string } | null)?.token ?? "") : location.hash.slice(1);
history.replaceState({ token }, "", "/r");

function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  words = "",
  attributes: Record<string, string> = {},
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  made.textContent = words;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function section(title: string, id: string): HTMLElement {
  const made = element("section", "", { "aria-labelledby": id });
  made.append(element("h2", title, { id }));
  return made;
}

const head = element("header");
const status = element("p", "", { role: "status", class: "status" });
const body = element("div");
const camera = element("div");
let leave: (() => void) | null = null;
let watching = false;
let drawnBefore = "";

function incident(seen: Seen): HTMLElement {
  const made = section("Confirmed incident", "incident");
  const { incident: told } = seen;
  if (told === null) {
    made.append(element("p", "Nobody at the centre has confirmed anything yet."));
    return made;
  }
  if (told.state === "cancelled")
    made.append(element("p", `CANCELLED by the centre: ${told.reason ?? ""}`, { class: "banner" }));
  const list = element("dl");
  for (const { label, text } of rows(told)) list.append(element("dt", label), element("dd", text));
  made.append(list, element("p", `Confirmed by ${told.by} at ${clock(told.at)}, version ${String(told.sequence)}.`, { class: "small" }));
  return made;
}

function where(trail: readonly Fix[], seen: Seen): HTMLElement {
  const made = section("The caller's phone", "where");
  const newest = trail[trail.length - 1];
  const drawn = drawing(trail);
  if (newest === undefined || drawn === null) {
    made.append(element("p", "The caller shares no location."));
    return made;
  }
  const spot = `${position(newest)}, within ${String(Math.round(newest.accuracy_m))} m`;
  made.append(element("p", `${spot}, ${ago(newest.at, seen.now)}.`, { class: "spot" }));
  const high = height(newest);
  if (high !== null) made.append(element("p", `Height: ${high}.`));
  if (!seen.located_now) made.append(element("p", "No longer shared: this is where the phone was.", { class: "banner" }));
  made.append(picture(drawn, `Where the phone is and has been: ${spot}. North is up.`));
  made.append(element("a", "Open in this device's map", { href: mapLink(newest), class: "button" }));
  made.append(element("p", "The phone says so itself; the caller or the patient may be elsewhere.", { class: "small" }));
  return made;
}

function texts(messages: NonNullable<Seen["messages"]>): HTMLElement {
  const made = section("Texts with the caller", "texts");
  if (messages.length === 0) made.append(element("p", "None."));
  const list = element("ul", "", { class: "texts" });
  for (const { direction, text, at } of messages)
    list.append(element("li", `${clock(at)} ${direction === "in" ? "Caller" : "Centre"}: ${text}`));
  made.append(list);
  return made;
}

function close(): void {
  if (watching) closed(token);
  leave?.();
  leave = null;
  watching = false;
  camera.replaceChildren();
}

async function show(): Promise<void> {
  const video = element("video", "", { playsinline: "", muted: "", autoplay: "" });
  const hide = element("button", "Close the picture", { type: "button", class: "button" });
  hide.addEventListener("click", () => {
    close();
    redraw();
  });
  status.textContent = "Opening the camera.";
  try {
    const { watch } = await import("./watch");
    const { token: join } = await ticket(token);
    camera.replaceChildren(video, hide);
    watching = true;
    leave = await watch(join, video, () => {
      close();
      status.textContent = "The camera has ended.";
    });
    status.textContent = "";
    redraw();
    hide.focus();
  } catch {
    close();
    status.textContent = "The camera could not be opened. Try again, or ask the centre.";
  }
}

function cameras(runs: boolean): HTMLElement {
  const made = section("The caller's camera", "camera");
  if (watching && !runs) close();
  if (!runs) made.append(element("p", "No camera runs."));
  else if (!watching) {
    made.append(element("p", "It may show hard things. It opens only when you press the button, without sound."));
    const open = element("button", "Show the camera", { type: "button", class: "button" });
    open.addEventListener("click", () => void show());
    made.append(open);
  }
  made.append(camera);
  return made;
}

let last: Seen | null = null;

/** Draws again what is known, for something that only this page knows has changed. */
function redraw(): void {
  drawnBefore = "";
  if (last !== null) draw(last);
}

function draw(seen: Seen): void {
  last = seen;
  const same = JSON.stringify({ ...seen, now: "" });
  // What is being read or pressed stays under the finger while nothing has changed.
  const moved = seen.trail !== null && seen.trail.length > 0;
  if (same === drawnBefore && !moved) return;
  drawnBefore = same;
  const title = `${seen.centre} 911`;
  document.title = title;
  head.replaceChildren(element("h1", title), element("p", `For ${seen.to}. This link ends at ${clock(seen.expires_at)}.`, { class: "small" }));
  if (seen.demo) head.append(element("p", "DEMO. This is not a real call.", { class: "banner" }));
  if (seen.call_state === "ended") head.append(element("p", "The call has ended."));
  const focused = document.activeElement?.textContent ?? "";
  const parts: HTMLElement[] = [];
  if (seen.shows.includes("incident")) parts.push(incident(seen));
  if (seen.trail !== null) parts.push(where(seen.trail, seen));
  if (seen.camera !== null) parts.push(cameras(seen.camera));
  if (seen.messages !== null) parts.push(texts(seen.messages));
  body.replaceChildren(...parts);
  if (focused !== "") [...body.querySelectorAll<HTMLElement>("a, button")].find((one) => one.textContent === focused)?.focus();
}

function end(words: string): void {
  close();
  document.title = "Incident";
  page.replaceChildren(element("h1", "Incident"), element("p", words, { role: "alert" }));
}

async function run(): Promise<void> {
  if (token === "") {
    end(ENDED.unknown);
    return;
  }
  page.replaceChildren(head, status, body);
  let opening = true;
  let away: string | null = null;
  for (;;) {
    try {
      draw(await look(token, opening, watching));
      opening = false;
      if (away !== null) status.textContent = "";
      away = null;
    } catch (error) {
      const { trouble } = error instanceof Refused ? error : { trouble: "away" as const };
      if (trouble === "unknown" || trouble === "over") {
        end(ENDED[trouble]);
        return;
      }
      away ??= new Date().toISOString();
      status.textContent = `No connection to the centre since ${clock(away)}. What you see may be old.`;
    }
    await new Promise((done) => setTimeout(done, EVERY_MS));
  }
}

void run();
