import { defineConfig } from "vite";

import { page } from "../dev/page.mjs";

export default defineConfig(page("responder", "responders", "/r/"));
