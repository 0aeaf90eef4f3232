/** TEXT and VALUE: a value written in a format, and the number that a text writes; loaded when a formula calls them. */
import Big from "big.js";
import type { Make } from "./choices";
import { wall } from "./dates";
import { readFormat, type Format, type Part, type Section } from "./textFormat";
import { valueText } from "./textLists";
import { limited } from "./texts";
import { Failure, type FormulaContext, type Value } from "./values";

const WRITTEN =
  /^([+-]? *(?:[¥$] *)?|[¥$] *[+-] *)(([0-9]{1,3}(,[0-9]{3})+|[0-9]+)(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?( *%)?$/;
const MOST_DIGITS = 1000;
const WEEKDAYS = "日一二三四五六";
const HALF_UP = 1;

/** Returns a text with full-width signs as plain ones, without spaces at both ends. */
function plainSigns(text: string): string {
  const narrow = text.replace(/[０-９．，％＋－＄ｅＥ]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0));
  const spaced = narrow.replaceAll("￥", "¥").replace(/[\t\r\n\u00a0\u3000]/g, " ");
  let [start, end] = [0, spaced.length];
  while (spaced.charAt(start) === " ") start += 1;
  while (end > start && spaced.charAt(end - 1) === " ") end -= 1;
  return spaced.slice(start, end);
}

function valueOf(text: string): Big {
  const plain = plainSigns(text);
  const found = WRITTEN.exec(plain);
  if (found === null) throw new Failure("VALUE");
  if ((found[2] ?? "").replace(/[^0-9]/g, "").length > MOST_DIGITS) throw new Failure("LIMIT");
  const written = new Big(plain.replace(/[¥$, %+]/g, "").replace(/[eE](\d)/, "e$1"));
  const number = found[7] === undefined ? written : written.times("0.01");
  if (number.e > 37 && !number.eq(0)) throw new Failure("LIMIT");
  return number;
}

function writeNumber(number: Big, sections: readonly Section[]): string {
  const place = number.lt(0) && sections.length > 1 ? 1 : number.eq(0) && sections.length > 2 ? 2 : 0;
  const section = sections[place];
  if (section === undefined) throw new Failure("VALUE");
  const moved = number.abs().times(new Big(`1e${String(section.shift)}`));
  const rounded = moved.round(section.most, HALF_UP);
  const [first = "", second = ""] = rounded.toFixed(section.most).split(".");
  const bare = first.replace(/^0+/, "").padStart(section.digits, "0");
  const whole = section.isGrouped ? bare.replace(/\B(?=(\d{3})+$)/g, ",") : bare;
  const decimals = second.slice(0, section.least) + second.slice(section.least).replace(/0+$/, "");
  const sign = place === 0 && number.lt(0) && !rounded.eq(0) ? "-" : "";
  return sign + section.parts.map((part) => numberPart(part, whole, decimals, section.most)).join("");
}

function numberPart(part: Part, whole: string, decimals: string, most: number): string {
  if (part.kind === "text") return part.text;
  if (part.kind === "point") return decimals !== "" || most === 0 ? "." : "";
  if (part.kind === "decimals") return decimals.slice(part.start ?? 0, part.end);
  const first = part.start === null ? 0 : Math.max(0, whole.length - part.start);
  return whole.slice(first, Math.max(0, whole.length - part.end));
}

function two(number: number): string {
  return String(number).padStart(2, "0");
}

const MOMENTS: Readonly<Record<string, (clock: Date) => string>> = {
  yyyy: (clock) => String(clock.getUTCFullYear()).padStart(4, "0"),
  yy: (clock) => two(clock.getUTCFullYear() % 100),
  m: (clock) => String(clock.getUTCMonth() + 1),
  mm: (clock) => two(clock.getUTCMonth() + 1),
  d: (clock) => String(clock.getUTCDate()),
  dd: (clock) => two(clock.getUTCDate()),
  ddd: (clock) => `周${WEEKDAYS.charAt(clock.getUTCDay())}`,
  dddd: (clock) => `星期${WEEKDAYS.charAt(clock.getUTCDay())}`,
  h: (clock) => String(clock.getUTCHours()),
  hh: (clock) => two(clock.getUTCHours()),
  i: (clock) => String(((clock.getUTCHours() + 11) % 12) + 1),
  ii: (clock) => two(((clock.getUTCHours() + 11) % 12) + 1),
  n: (clock) => String(clock.getUTCMinutes()),
  nn: (clock) => two(clock.getUTCMinutes()),
  s: (clock) => String(clock.getUTCSeconds()),
  ss: (clock) => two(clock.getUTCSeconds()),
  am: (clock) => (clock.getUTCHours() < 12 ? "AM" : "PM"),
};

/** Returns a wall-clock time, given as if it were UTC, as a format writes it. */
function writeMoment(clock: Date, parts: readonly Part[]): string {
  return parts.map((part) => (part.kind === "text" ? part.text : (MOMENTS[part.kind]?.(clock) ?? ""))).join("");
}

function written(value: Value, type: string, format: Format | null, context: FormulaContext): string {
  if (format === null) throw new Failure("VALUE");
  if (value === null) return "";
  const isDate = type === "date" && typeof value === "string";
  if (format.isPlain || (typeof value === "string" && !isDate) || typeof value === "boolean") return valueText(value, context);
  if (value instanceof Big && format.sections.length > 0) return limited(writeNumber(value, format.sections));
  if (format.moment.length === 0) throw new Failure("VALUE");
  if (isDate) return writeMoment(new Date(`${value}T00:00:00Z`), format.moment);
  if (value instanceof Date) return writeMoment(new Date(wall(value, context.zone)), format.moment);
  throw new Failure("VALUE");
}

const makeText: Make = (node, compileNode) => {
  const [first, second] = node.args;
  if (first === undefined || second === undefined) throw new Error("an argument is missing");
  const [value, given] = [compileNode(first), compileNode(second)];
  if ("literal" in second && typeof second.literal === "string") {
    const known = readFormat(second.literal);
    return (frames, context) => written(value(frames, context), first.type, known, context);
  }
  return (frames, context) => {
    const found = value(frames, context);
    return written(found, first.type, readFormat(given(frames, context) as string), context);
  };
};

export const makes: Readonly<Record<string, Make>> = { TEXT: makeText };
export const plain: Readonly<Record<string, (...values: never[]) => Value>> = { VALUE: valueOf };
