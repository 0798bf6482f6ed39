import { fileURLToPath } from "node:url";

import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const server = process.env["RINGDOWN_SERVER"] ?? "http://127.0.0.1:8911";

// The page is served by the application itself, from its package folder, so that one wheel holds
// all. Nothing is inlined as data: or script text: the page runs under `default-src 'self'`.
export default defineConfig({
  root: here("."),
  base: "/",
  plugins: [react()],
  build: {
    outDir: here("../../src/ringdown/console/static"),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: "es2022",
    reportCompressedSize: true,
  },
  server: { proxy: { "/v1": { target: server, ws: true } } },
});
