/** Takes what a formula gives as the server's JSON and its type, gives the text people read; a blank is null. */
import { showNumber } from "@/shared/format/numbers";
import { showDate, showInstant } from "@/shared/format/times";
import { label } from "@/shared/i18n/label";
import type { FieldDefinition } from "../core/doc";
import type { Texts } from "../core/useTexts";

export type Shown = {
  readonly t: Texts;
  readonly language: string;
  /** The language in which the labels of the app are shown. */
  readonly labels: string;
  readonly zone: string;
  readonly titles: Readonly<Record<string, string>>;
  /** The field that is to hold the value: its decimals and its options are those of the value. */
  readonly field?: FieldDefinition | undefined;
};

/** Of a list so many parts are written out. */
const MOST_PARTS = 8;

/** Return a value as text; count: how many parts a list has in all, how many characters a text. */
export function answerText(value: unknown, type: string, count: number | null, shown: Shown): string | null {
  if (value === null || value === undefined || value === "") return null;
  if (!Array.isArray(value)) {
    const text = oneText(value, type, shown);
    return typeof value === "string" && count !== null && count > [...value].length ? `${text}${shown.t("trial.long", { count })}` : text;
  }
  const element = /^list<(.*)>$/.exec(type)?.[1] ?? "any";
  const parts = value.slice(0, MOST_PARTS).map((part) => answerText(part, element, null, shown) ?? shown.t("trial.blank"));
  const all = count ?? value.length;
  const written = parts.join(shown.t("trial.comma"));
  return all > parts.length ? `${written}${shown.t("trial.more", { count: all })}` : written || shown.t("trial.empty");
}

function oneText(value: unknown, type: string, { t, language, labels, zone, titles, field }: Shown): string {
  if (typeof value === "boolean") return t(value ? "trial.yes" : "trial.no");
  const text = String(value);
  const [name] = type.split(":");
  if (name === "number") return showNumber(text, language, field?.scale ?? (field?.kind === "money" ? 2 : null));
  if (name === "date") return showDate(text, language);
  if (name === "datetime") return showInstant(text, language, zone);
  if (name === "record") return titles[text] ?? text.slice(0, 8);
  const option = field?.options?.find((one) => one.key === text);
  return option ? label(option.name, labels, text) : text;
}
