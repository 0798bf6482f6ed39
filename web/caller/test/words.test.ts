import { expect, test } from "vitest";

import { direction, fill, type Language, LANGUAGES, load, preferred } from "../src/words";
import { en } from "../src/words/en";

const codes = Object.keys(LANGUAGES) as Language[];
const holes = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([hole]) => hole).sort();

test.each(codes)("%s says everything, fills the same places, and repeats no English", async (code) => {
  const words = await load(code);
  expect(Object.keys(words).sort()).toEqual(Object.keys(en).sort());
  for (const [key, text] of Object.entries(words)) {
    expect(text.trim(), key).toBe(text);
    expect(text.length, key).toBeGreaterThan(0);
    expect(holes(text), key).toEqual(holes(en[key as keyof typeof en]));
    if (code !== "en" && text.length > 12) expect(text, key).not.toBe(en[key as keyof typeof en]);
  }
});

test("the phone's own language is taken where we speak it, by whatever name", () => {
  expect(preferred(["es-MX", "en-US"])).toBe("es");
  expect(preferred(["de-DE", "fil-PH", "en"])).toBe("tl");
  expect(preferred(["zh-Hant-TW"])).toBe("zh");
  expect(preferred(["de"])).toBe("en");
  expect(preferred([])).toBe("en");
});

test("only Arabic runs from right to left", () => {
  expect(codes.filter((code) => direction(code) === "rtl")).toEqual(["ar"]);
});

test("what is not known stays as it is written", () => {
  expect(fill("{agency}: {metres} m, {other}", { agency: "Oneida", metres: 14 })).toBe("Oneida: 14 m, {other}");
});
