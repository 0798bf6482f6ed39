import type { Words } from "./shape";

export type { Words } from "./shape";

export const LANGUAGES = {
  en: "English",
  es: "Español",
  zh: "中文",
  vi: "Tiếng Việt",
  ko: "한국어",
  tl: "Tagalog",
  ru: "Русский",
  ar: "العربية",
  fr: "Français",
  pt: "Português",
  ht: "Kreyòl ayisyen",
} as const;
export type Language = keyof typeof LANGUAGES;

const FILES: Record<Language, () => Promise<{ default: Words }>> = {
  en: () => import("./en"),
  es: () => import("./es"),
  zh: () => import("./zh"),
  vi: () => import("./vi"),
  ko: () => import("./ko"),
  tl: () => import("./tl"),
  ru: () => import("./ru"),
  ar: () => import("./ar"),
  fr: () => import("./fr"),
  pt: () => import("./pt"),
  ht: () => import("./ht"),
};

/** Loads one language; only that one is fetched. */
export async function load(language: Language): Promise<Words> {
  return (await FILES[language]()).default;
}

export const isLanguage = (code: string): code is Language => code in LANGUAGES;

/** The first of the phone's languages that we speak. */
export function preferred(codes: readonly string[]): Language {
  for (const code of codes) {
    const base = (code.toLowerCase().split("-")[0] ?? "").replace("fil", "tl");
    if (isLanguage(base)) return base;
  }
  return "en";
}

export const direction = (language: Language): "ltr" | "rtl" => (language === "ar" ? "rtl" : "ltr");

/** Puts values into the places named in braces. */
export function fill(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
