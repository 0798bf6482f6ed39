import { Player } from "./player.js";
import * as server from "./server.js";
import { Wave } from "./wave.js";
import { follow } from "./words.js";

const $ = (id) => document.getElementById(id);
const CONTROLS = ["scrub", "back", "play", "on", "gain-caller", "gain-call-taker"];
const ONCE_MS = 125; // a slider is told of at most eight times a second; twenty are taken

const wave = new Wave($("wave"));
let player = null;
let incident = null;
let words = [];
let stopWords = () => {};
let dragging = false;

const clock = (ms) => {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
};

function complain(text) {
  $("problem").textContent = text ?? "";
  $("problem").hidden = !text;
}

async function attempt(work) {
  try {
    complain(null);
    return await work();
  } catch (error) {
    if (error.code === "not_connected") show("credential");
    complain(error.message);
    return undefined;
  }
}

function show(name) {
  for (const part of ["credential", "calls", "listening"]) $(part).hidden = part !== name;
  $("sign-out").hidden = name === "credential";
  $("where").hidden = name === "credential";
}

/* The list of calls */

async function showCalls() {
  show("calls");
  await refresh();
}

function where(one) {
  return one.latest_location?.address ?? (one.latest_location ? "location known" : "");
}

function offer(one) {
  const row = document.createElement("li");
  row.dataset.incident = one.id;
  const what = document.createElement("span");
  what.className = "what";
  const begun = new Date(`${one.created_at.replace(" UTC", "Z").replace(" ", "T")}`);
  const told = [begun.toLocaleTimeString(), one.caller_phone_number || "no number", where(one)];
  what.textContent = told.filter(Boolean).join(" · ");
  const badge = document.createElement("span");
  badge.className = "badge";
  badge.textContent = one.is_audio_live ? "Live" : "Recorded";
  badge.dataset.state = one.is_audio_live ? "live" : "over";
  row.append(what, badge);
  const ways = one.is_audio_live
    ? [["Listen live", true], ["From the beginning", false]]
    : [["Listen", false]];
  for (const [text, autoplay] of ways) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = text;
    button.setAttribute("aria-label", `${text}: call of ${begun.toLocaleTimeString()}`);
    button.addEventListener("click", () => attempt(() => listen(one, autoplay)));
    row.append(button);
  }
  return row;
}

let shown = "";
async function refresh() {
  const found = await server.incidents();
  $("no-calls").hidden = found.length > 0;
  const now = JSON.stringify(found);
  if (now === shown) return; // leaves the keyboard where it is
  shown = now;
  $("call-list").replaceChildren(...found.map(offer));
}

/* One call */

async function listen(one, autoplay) {
  const granted = await server.streamToken(one.id, autoplay);
  incident = one;
  words = [];
  wave.clear();
  $("words").replaceChildren();
  $("listening-title").textContent = `Call ${one.caller_phone_number || "without a number"}`;
  for (const side of ["caller", "call-taker"]) setGainShown(side, 0);
  state("Joining", "");
  show("listening");
  player = new Player({ relayOnly: $("relay").checked, oldPackets: $("old-packets").checked });
  player.addEventListener("status", drawStatus);
  player.addEventListener("problem", ({ detail }) => complain(`${detail.detail} (${detail.code})`));
  player.addEventListener("silent", () => { $("sound").hidden = false; });
  player.addEventListener("link", ({ detail }) => linked(detail));
  if (!one.is_audio_live) void drawWhole(one.id);
  stopWords = await follow(one.id, server.wordsAccess, { onWords: drawWords, onState: wordsState });
  await player.join(granted);
}

async function drawWhole(id) {
  const bytes = await server.recording(id).catch(() => null);
  if (bytes && incident?.id === id) await wave.whole(bytes).catch(() => {}); // else: drawn as heard
}

async function leave() {
  stopWords();
  await player?.leave();
  player = null;
  incident = null;
  for (const id of [...CONTROLS, "to-end"]) $(id).disabled = true;
  $("sound").hidden = true;
  shown = "";
  await showCalls();
}

function linked(how) {
  if (how === "away") state("Connection lost, coming back", "lost");
  if (how === "gone") {
    state("The session has ended", "lost");
    for (const id of [...CONTROLS, "to-end"]) $(id).disabled = true;
  }
}

function state(text, kind) {
  if ($("state").textContent !== text) $("state").textContent = text;
  $("state").dataset.state = kind;
}

function drawStatus() {
  const { position, duration, paused, atEnd, callOver } = player.status;
  const behind = Math.max(1, Math.round((duration - position) / 1000));
  const still = paused ? ", paused" : "";
  if (callOver) state((atEnd ? "End of the recording" : "Recording") + (atEnd ? "" : still), "over");
  else if (atEnd) state(`Live${still}`, "live");
  else state(`${behind} s behind live${still}`, "behind");
  for (const id of CONTROLS) $(id).disabled = false;
  $("to-end").textContent = callOver ? "Jump to the end" : "Jump to live";
  $("to-end").disabled = atEnd && !paused;
  $("play").textContent = paused ? "Play" : "Pause";
}

function place(ms) {
  $("position").textContent = clock(ms);
  $("scrub").setAttribute("aria-valuetext", `${clock(ms)} of ${clock(player.duration())}`);
}

function frame() {
  requestAnimationFrame(frame);
  if (!player?.status) return;
  const [position, duration] = [player.position(), player.duration()];
  if (!player.status.paused) wave.heard(position, player.level());
  $("scrub").max = String(Math.ceil(duration));
  $("duration").textContent = clock(duration);
  if (!dragging) {
    $("scrub").value = String(position);
    place(position);
  }
  wave.draw(dragging ? Number($("scrub").value) : position, duration);
  underline(position);
}

/* Words */

const SPEAKERS = { Caller: ["Caller", "caller"], CallTaker: ["Call-taker", "call-taker"] };

function wordsState(how) {
  const told = { away: "Connection lost, coming back", closed: "No words of this call" };
  $("words-state").textContent = told[how] ?? (words.length ? "" : "Waiting for words");
}

function drawWords(all) {
  words = all.filter(({ word }) => word); // an empty one only takes others back
  wave.words(words);
  wordsState("following");
  const lines = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last?.speaker === word.speaker) last.words.push(word);
    else lines.push({ speaker: word.speaker, words: [word] });
  }
  const [list, log] = [$("words"), $("log")];
  const atBottom = log.scrollHeight - log.scrollTop - log.clientHeight < 40;
  const focused = list.contains(document.activeElement) ? document.activeElement.dataset.at : null;
  list.replaceChildren(...lines.map(line));
  if (focused) list.querySelector(`[data-at="${focused}"]`)?.focus({ preventScroll: true });
  if (atBottom) log.scrollTop = log.scrollHeight;
}

function line({ speaker, words: spoken }) {
  const row = document.createElement("li");
  const at = spoken[0].start_offset * 1000;
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = clock(at);
  button.dataset.at = String(at);
  button.setAttribute("aria-label", `Hear from ${clock(at)}`);
  button.addEventListener("click", () => player?.scrub(at));
  const who = document.createElement("span");
  [who.textContent, who.className] = SPEAKERS[speaker] ?? [speaker, ""];
  const said = document.createElement("span");
  said.className = "said";
  for (const word of spoken) {
    const one = document.createElement("span");
    one.textContent = word.word;
    one.dataset.from = String(word.start_offset * 1000);
    one.dataset.to = String((word.start_offset + word.duration) * 1000);
    one.classList.toggle("draft", word.is_final === false);
    said.append(one, " ");
  }
  row.append(button, who, said);
  return row;
}

function underline(position) {
  for (const one of $("words").querySelectorAll("[data-from]")) {
    one.classList.toggle("now", one.dataset.from <= position && position < one.dataset.to);
  }
}

/* What people do */

const last = {};
/** Tell of a slider now and then while it moves, and in any case where it stops. */
function gently(name, tell) {
  clearTimeout(last[name]?.timer);
  const wait = Math.max(0, (last[name]?.at ?? 0) + ONCE_MS - performance.now());
  const timer = setTimeout(() => {
    last[name] = { at: performance.now() };
    void tell();
  }, wait);
  last[name] = { ...last[name], timer };
}

function setGainShown(side, decibels) {
  const slider = $(`gain-${side}`);
  slider.value = String(decibels);
  const text = `${decibels > 0 ? "+" : ""}${decibels} dB`;
  slider.setAttribute("aria-valuetext", text);
  slider.parentElement.querySelector(".value").textContent = text;
}

for (const [side, told] of [["caller", "caller"], ["call-taker", "callTaker"]]) {
  $(`gain-${side}`).addEventListener("input", (event) => {
    const decibels = Number(event.target.value);
    setGainShown(side, decibels);
    gently(side, () => player?.gain(told, decibels));
  });
}
$("scrub").addEventListener("input", () => {
  dragging = true;
  place(Number($("scrub").value));
});
$("scrub").addEventListener("change", () => {
  const to = Number($("scrub").value);
  gently("scrub", async () => {
    await player?.scrub(to);
    dragging = false;
  });
});
$("wave").addEventListener("click", (event) => {
  const [from, width] = [8, $("wave").clientWidth - 16];
  const share = Math.min(1, Math.max(0, (event.offsetX - from) / width));
  if (player?.status) void player.scrub(share * player.duration());
});
$("play").addEventListener("click", () => {
  void player.allowSound();
  void (player.status.paused ? player.resume() : player.pause());
});
$("back").addEventListener("click", () => player.scrub(Math.max(0, player.position() - 10_000)));
$("on").addEventListener("click", () =>
  player.scrub(Math.min(player.duration(), player.position() + 10_000)));
$("to-end").addEventListener("click", () => player.toEnd());
$("sound").addEventListener("click", async () => {
  await player?.allowSound();
  $("sound").hidden = true;
});
$("leave").addEventListener("click", () => attempt(leave));
$("sign-out").addEventListener("click", () => attempt(async () => {
  if (player) await leave();
  await server.forget();
  show("credential");
}));
$("credential").addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.target;
  void attempt(async () => {
    const { base_url: base } = await server.connect(Object.fromEntries(new FormData(form)));
    form.elements.client_secret.value = "";
    $("where").textContent = base;
    await showCalls();
  });
});

$("credential").elements.base_url.value = (await server.defaults()).base_url;
try {
  $("where").textContent = (await server.connection()).base_url;
  await attempt(showCalls);
} catch {
  show("credential");
}
setInterval(() => {
  if (!$("calls").hidden) void refresh().catch(() => {}); // the next one may go well
}, 2000);
requestAnimationFrame(frame);

/** For tests: what is heard and told at this moment. */
window.listening = {
  get status() { return player?.status ?? null; },
  get tone() { return player?.tone() ?? 0; },
  get level() { return player?.level() ?? 0; },
};
