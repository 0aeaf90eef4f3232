/** Takes any value of a document, gives a short text of it for people. */
import { label } from "@/shared/i18n/label";
import type { Json, Labels, Language } from "./doc";
import type { Texts } from "./useTexts";

const MOST = 80;

/** Return a value as one reads it: what it is called where it has a name, else what it says. */
export function shownValue(value: Json | undefined, language: Language, t: Texts): string {
  if (value === null || value === undefined || value === "") return t("value.none");
  if (typeof value === "boolean") return t(value ? "value.yes" : "value.no");
  if (typeof value !== "object") return cut(String(value));
  if (Array.isArray(value)) return t("value.count", { count: value.length });
  const { name, message, key } = value as { name?: Labels; message?: Labels; key?: string };
  const isLabels = Object.keys(value).every((one) => one === "zh-CN" || one === "en");
  return cut(label(isLabels ? (value as Labels) : (name ?? message), language) || key || JSON.stringify(value));
}

function cut(text: string): string {
  return text.length > MOST ? `${text.slice(0, MOST)}…` : text;
}
