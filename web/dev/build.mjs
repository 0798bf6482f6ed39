/** Builds every page of the workspace that has a vite.config.ts, each into its own package folder. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { build } from "vite";

const here = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const { workspaces } = JSON.parse(readFileSync(here("package.json"), "utf8"));
/** `npm run build caller` builds that one alone. */
const wanted = process.argv.slice(2);
for (const name of workspaces) {
  const configFile = here(`${name}/vite.config.ts`);
  if (existsSync(configFile) && (wanted.length === 0 || wanted.includes(name))) await build({ configFile });
}
