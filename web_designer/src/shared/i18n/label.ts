/** Takes a label map that somebody designed, gives the text in a language, falling back so that something is always shown. */
import type { Labels } from "@/shared/renderer/types";

/** The languages the product itself speaks; the first is the source. */
export const LANGUAGES = ["zh-CN", "en"] as const;

export type Language = (typeof LANGUAGES)[number];

/** Returns the text of `map` in `language`, else in the source language, else in any. */
export function label(map: Labels | null | undefined, language: string, fallback = ""): string {
  if (!map) return fallback;
  return map[language] || map[LANGUAGES[0]] || map["en"] || Object.values(map).find(Boolean) || fallback;
}

/** Returns the product language nearest to a browser's wish. */
export function productLanguage(wish: string | null | undefined): Language {
  return wish?.toLowerCase().startsWith("zh") || !wish ? "zh-CN" : "en";
}
