import { readFileSync } from "node:fs";

import { expect, test } from "vitest";

import { decode } from "@ringdown/core";

const document = JSON.parse(
  readFileSync(new URL("../openapi.json", import.meta.url), "utf8"),
) as { "x-feed": Record<string, string> };

test.each(Object.keys(document["x-feed"]))("%s, which the server tells, is known here", (kind) => {
  const fact = decode(JSON.stringify({ type: "fact", position: 1, kind, body: {} }));
  const signal = decode(JSON.stringify({ type: "signal", kind, body: {} }));
  expect([fact?.type, signal?.type]).toContain("skipped");
  expect([fact?.type, signal?.type].filter((type) => type !== "skipped")).toHaveLength(1);
});
