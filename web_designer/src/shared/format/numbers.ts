/** Exact decimal texts: what people type becomes canonical text, canonical text becomes what people read. Never a float. */
import Big from "big.js";

const formatters = new Map<string, Intl.NumberFormat>();

function formatter(language: string, least: number, most: number): Intl.NumberFormat {
  const key = `${language} ${least} ${most}`;
  let found = formatters.get(key);
  if (found === undefined) {
    found = new Intl.NumberFormat(language, { minimumFractionDigits: least, maximumFractionDigits: most });
    formatters.set(key, found);
  }
  return found;
}

/** Returns `text` grouped for reading; with `scale` always that many decimals. The digits stay exact. */
export function showNumber(text: string, language: string, scale?: number | null): string {
  // Intl takes decimal texts as they are (ES2023); the type library still says number.
  return formatter(language, scale ?? 0, scale ?? 20).format(text as unknown as number);
}

/** Returns a count of things, grouped. */
export function showCount(count: number, language: string): string {
  return formatter(language, 0, 0).format(count);
}

const FULL_WIDTH = /[\uff0b-\uff0f\uff10-\uff19]/g;
/** What the keys of a number give while Chinese is typed, and signs that only look like those of ASCII. */
const LOOKALIKES: Readonly<Record<string, string>> = { "\uffe5": "¥", "\u3002": ".", "\uff61": ".", "\u2212": "-" };

/** Returns the canonical text of a typed number, or null when it is none: `１,234.50` is `1234.5`. */
export function parseNumber(typed: string): string | null {
  const plain = typed
    .replace(FULL_WIDTH, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
    .replace(/[\uffe5\u3002\uff61\u2212]/g, (sign) => LOOKALIKES[sign] ?? sign)
    .replace(/[\s,_\u00a0]/g, "")
    .replace(/^([-+]?)[¥$€£]/, "$1");
  const match = /^([-+]?)(\d*)(?:\.(\d*))?$/.exec(plain);
  if (match === null) return null;
  const [, sign = "", whole = "", part = ""] = match;
  if (whole === "" && part === "") return null;
  const digits = whole.replace(/^0+(?=\d)/, "") || "0";
  const decimals = part.replace(/0+$/, "");
  const text = decimals === "" ? digits : `${digits}.${decimals}`;
  return sign === "-" && text !== "0" ? `-${text}` : text;
}

/** Limits a number field may have. */
export interface NumberLimits {
  readonly scale?: number | null;
  readonly min?: string | null;
  readonly max?: string | null;
}

/** Why a number does not fit its field. */
export type NumberProblem = { readonly code: "scale"; readonly limit: number } | { readonly code: "min" | "max"; readonly limit: string };

/** Returns what is wrong with a canonical number text, or null. */
export function checkNumber(text: string, limits: NumberLimits): NumberProblem | null {
  const decimals = text.includes(".") ? text.length - text.indexOf(".") - 1 : 0;
  if (limits.scale != null && decimals > limits.scale) return { code: "scale", limit: limits.scale };
  const value = new Big(text);
  if (limits.min != null && value.lt(limits.min)) return { code: "min", limit: limits.min };
  if (limits.max != null && value.gt(limits.max)) return { code: "max", limit: limits.max };
  return null;
}
