/** Refuses a console whose parts have grown beyond their budgets. Looks at the last build, if any. */
import { readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { fileURLToPath } from "node:url";

/** Compressed kB: what everybody loads first, and what is loaded on demand alone. */
const LIMITS_KB = { "first load": ["index", 150], "listening in": ["livekit", 150], administration: ["Admin", 30], "places": ["PlaceMap", 10], "map": ["atlas", 330] };
const assets = fileURLToPath(new URL("../../src/ringdown/console/static/assets", import.meta.url));
let names = [];
try {
  names = readdirSync(assets);
} catch {
  // Not built yet: the build itself prints the sizes.
}
const known = Object.values(LIMITS_KB).map(([chunk]) => chunk);
const chunkOf = (name) => known.find((chunk) => name.startsWith(`${chunk}-`));
for (const [part, [chunk, limit]] of Object.entries(LIMITS_KB)) {
  const files = names.filter((name) => chunkOf(name) === chunk);
  const kb = files.reduce((sum, name) => sum + gzipSync(readFileSync(`${assets}/${name}`)).length, 0) / 1000;
  console.log(`${part}: ${kb.toFixed(1)} kB of ${limit} kB compressed`);
  if (kb > limit) process.exitCode = 1;
}
const strangers = names.filter((name) => /\.(js|css)$/.test(name) && !chunkOf(name));
if (strangers.length > 0) {
  console.log(`no budget for ${strangers.join(", ")}`);
  process.exitCode = 1;
}
