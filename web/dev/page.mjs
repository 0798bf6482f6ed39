/** How a small page for a phone is built: no framework, nothing inlined, compressed ahead of time. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

/** Writes each text file once more as .br and .gz, so that the server has nothing to compute. */
function precompressed(folder) {
  return {
    name: "precompressed",
    apply: "build",
    closeBundle() {
      for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile() || !/\.(html|js|css|svg)$/.test(entry.name)) continue;
        const path = join(entry.parentPath, entry.name);
        const bytes = readFileSync(path);
        writeFileSync(`${path}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
        writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
      }
    },
  };
}

/** The Vite settings of the page in `web/<name>/`, built for `src/ringdown/<feature>/static/` and served below `base`. */
export function page(name, feature, base) {
  const here = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
  const outDir = here(`../src/ringdown/${feature}/static`);
  return {
    root: here(name),
    base,
    plugins: [precompressed(outDir)],
    build: {
      outDir,
      emptyOutDir: true,
      assetsInlineLimit: 0,
      modulePreload: false,
      // Phones of five years ago: iOS 15, Chromium 96.
      target: ["es2020", "safari15", "chrome96", "firefox95"],
      cssTarget: ["safari15", "chrome96", "firefox95"],
      reportCompressedSize: true,
    },
    server: { proxy: { [`${base}api`]: { target: process.env["RINGDOWN_SERVER"] ?? "http://127.0.0.1:8912" } } },
  };
}
