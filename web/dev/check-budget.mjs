/** Refuses a console whose parts have grown beyond their budgets. Looks at the last build, if any. */
import { readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { fileURLToPath } from "node:url";

/** Compressed kB: what everybody loads first, and what is loaded on demand alone, by its chunk. */
const FIRST_KB = 150;
const LIMITS_KB = { "listening in": ["livekit", 150], administration: ["Admin", 30], windows: ["DialogWindow", 20], places: ["PlaceMap", 10], "the caller's phone": [["PhonePanel", "ByHand", "camera", "TextBacks"], 25], map: ["atlas", 330] };
const built = fileURLToPath(new URL("../../src/ringdown/console/static", import.meta.url));
let names = [];
let page = "";
try {
  names = readdirSync(`${built}/assets`).filter((name) => /\.(js|css)$/.test(name));
  page = readFileSync(`${built}/index.html`, "utf8");
} catch {
  // Not built yet: the build itself prints the sizes.
}
/** The page itself names what it cannot begin without. */
const first = names.filter((name) => page.includes(`/assets/${name}"`));
const chunkOf = (name) => Object.values(LIMITS_KB).flatMap(([chunk]) => chunk).find((chunk) => name.startsWith(`${chunk}-`));
const parts = [
  ["first load", first, FIRST_KB],
  ...Object.entries(LIMITS_KB).map(([part, [chunk, limit]]) => [part, names.filter((name) => [chunk].flat().includes(chunkOf(name))), limit]),
];
for (const [part, files, limit] of parts) {
  const kb = files.reduce((sum, name) => sum + gzipSync(readFileSync(`${built}/assets/${name}`)).length, 0) / 1000;
  console.log(`${part}: ${kb.toFixed(1)} kB of ${limit} kB compressed`);
  if (kb > limit) process.exitCode = 1;
}
const strangers = names.filter((name) => !first.includes(name) && !chunkOf(name));
if (strangers.length > 0) {
  console.log(`no budget for ${strangers.join(", ")}`);
  process.exitCode = 1;
}

/** What a phone loads of the caller's page: before consent with the longest language, and after consent to its camera. */
const CALLER_KB = { "caller's page before consent": 20, "caller's page with camera": 160 };
const callers = fileURLToPath(new URL("../../src/ringdown/caller/static", import.meta.url));
const weight = (path) => gzipSync(readFileSync(`${callers}/${path}`), { level: 9 }).length / 1000;
let loaded = [];
try {
  loaded = readdirSync(`${callers}/assets`).filter((name) => /\.(js|css)$/.test(name));
} catch {
  // Not built yet.
}
if (loaded.length > 0) {
  const start = loaded.filter((name) => name.startsWith("index-"));
  const languages = loaded.filter((name) => /^[a-z]{2}-/.test(name));
  const camera = loaded.filter((name) => name.startsWith("sender-"));
  const longest = Math.max(...languages.map((name) => weight(`assets/${name}`)));
  const before = weight("index.html") + weight("icon.svg") + start.reduce((sum, name) => sum + weight(`assets/${name}`), 0) + longest;
  const after = before + camera.reduce((sum, name) => sum + weight(`assets/${name}`), 0);
  for (const [[part, limit], kb] of Object.entries(CALLER_KB).map((entry, index) => [entry, [before, after][index]])) {
    console.log(`${part}: ${kb.toFixed(1)} kB of ${limit} kB compressed`);
    if (kb > limit) process.exitCode = 1;
  }
  const others = loaded.filter((name) => ![...start, ...languages, ...camera].includes(name));
  if (others.length > 0) {
    console.log(`no budget for ${others.join(", ")} of the caller's page`);
    process.exitCode = 1;
  }
}
