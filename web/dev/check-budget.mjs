/** Refuses a console whose first load has grown beyond its budget. Looks at the last build, if any. */
import { readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { fileURLToPath } from "node:url";

const LIMIT_KB = 150;
const assets = fileURLToPath(new URL("../../src/ringdown/console/static/assets", import.meta.url));
let files = [];
try {
  files = readdirSync(assets).filter((name) => /^index-.*\.(js|css)$/.test(name));
} catch {
  // Not built yet: the build itself prints the sizes.
}
const kb = files.reduce((sum, name) => sum + gzipSync(readFileSync(`${assets}/${name}`)).length, 0) / 1000;
console.log(`first load: ${kb.toFixed(1)} kB of ${LIMIT_KB} kB compressed`);
if (kb > LIMIT_KB) process.exit(1);
