/** Takes the label of a history entry, gives it as text of a language. */
import type { EntryLabel } from "./history";
import type { Texts } from "./useTexts";

/** Return what an entry is called. The name it is about is stored in both languages; the property is a word of ours. */
export function entryText(label: EntryLabel, t: Texts, language: string): string {
  const { zh = "", en = "", property } = label.parts ?? {};
  return t(label.message, { name: language === "en" ? en : zh, property: property === undefined ? "" : t(`property.${property}`) });
}
