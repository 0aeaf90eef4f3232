/** Takes the format of a number, date or time as people write it, gives its parts; the server's `text_format.py` in the browser. */

/** One part of what is written; what the kinds mean says the server's file. */
export interface Part {
  readonly kind: string;
  readonly text: string;
  /** From where to where digits go; null for all further digits on the left. */
  readonly start: number | null;
  readonly end: number;
}

/** How a number is written: its value times 10^shift, rounded to `most` decimals of which `least` are always shown. */
export interface Section {
  readonly parts: readonly Part[];
  readonly shift: number;
  readonly digits: number;
  readonly least: number;
  readonly most: number;
  readonly isGrouped: boolean;
}

export interface Format {
  readonly sections: readonly Section[];
  readonly moment: readonly Part[];
  readonly isPlain: boolean;
}

const MAX_FORMAT = 255;
const TOKENS = /"[^"]*"|\\.|[aA][mM]\/[pP][mM]|[yY]+|[mM]+|[dD]+|[hH]+|[sS]+|./gsu;
const MOMENTS: Readonly<Record<string, string>> = {
  y: "yy",
  yy: "yy",
  yyy: "yyyy",
  yyyy: "yyyy",
  m: "m",
  mm: "mm",
  d: "d",
  dd: "dd",
  ddd: "ddd",
  dddd: "dddd",
  h: "h",
  hh: "hh",
  s: "s",
  ss: "ss",
  "am/pm": "am",
};
const MEANINGLESS = ["[", "]", "*", "_", "?", "@", '"', "\\"];

/** Returns the parts of a format, null for one that means nothing. */
export function readFormat(text: string): Format | null {
  if (text === "" || text === "@" || text.toLowerCase() === "general") {
    return { sections: [], moment: [], isPlain: true };
  }
  if ([...text].length > MAX_FORMAT) return null;
  const tokens = text.match(TOKENS) ?? [];
  if (tokens.some((token) => MEANINGLESS.includes(token))) return null;
  const hasDigits = tokens.some(isDigit);
  const hasMoments = tokens.some((token) => momentOf(token) !== "" || /^[ymdhs]/i.test(token));
  if (hasDigits && hasMoments) return null;
  const isNumber = hasDigits || (!hasMoments && tokens.some((token) => token === ";"));
  const moment = isNumber ? [] : readMoment(tokens);
  const sections = hasMoments ? [] : readSections(tokens);
  return moment === null || sections === null ? null : { sections, moment, isPlain: false };
}

function isDigit(token: string): boolean {
  return token === "0" || token === "#";
}

function momentOf(token: string): string {
  const name = token.toLowerCase();
  return Object.hasOwn(MOMENTS, name) ? (MOMENTS[name] ?? "") : "";
}

function literal(token: string): string {
  if (token.startsWith('"')) return token.slice(1, -1);
  return token.startsWith("\\") && token.length > 1 ? token.slice(1) : token;
}

function made(kind: string, text = "", start: number | null = null, end = 0): Part {
  return { kind, text, start, end };
}

function readMoment(tokens: readonly string[]): Part[] | null {
  const codes = tokens.map(momentOf);
  const isHalf = codes.includes("am");
  const told = codes.filter((code) => code !== "" && code !== "am");
  const parts: Part[] = [];
  let order = -1;
  for (const [place, token] of tokens.entries()) {
    let code = codes[place] ?? "";
    if (code === "") {
      if (token === ";" || (/^[a-z]/i.test(token) && !/^t$/i.test(token))) return null;
      parts.push(made("text", literal(token)));
      continue;
    }
    if (code !== "am") order += 1;
    if (code.startsWith("m")) {
      const isAfterHours = order > 0 && (told[order - 1] ?? "").startsWith("h");
      const isBeforeSeconds = (told[order + 1] ?? "").startsWith("s");
      if (isAfterHours || isBeforeSeconds) code = "n".repeat(code.length);
    } else if (code.startsWith("h") && isHalf) {
      code = "i".repeat(code.length);
    }
    parts.push(made(code));
  }
  return parts;
}

function readSections(tokens: readonly string[]): Section[] | null {
  const parted: string[][] = [[]];
  for (const token of tokens) {
    if (token === ";") parted.push([]);
    else parted.at(-1)?.push(token);
  }
  if (parted.length > 3) return null;
  const sections = parted.map(readSection);
  return sections.some((section) => section === null) ? null : (sections as Section[]);
}

function readSection(tokens: readonly string[]): Section | null {
  const point = tokens.includes(".") ? tokens.indexOf(".") : tokens.length;
  const whole = tokens.slice(0, point).filter(isDigit);
  const decimals = tokens.slice(point).filter(isDigit);
  const parts: Part[] = [];
  let [shift, commas, seen] = [0, 0, 0];
  let [isGrouped, isPastPoint] = [false, false];
  for (const [place, token] of tokens.entries()) {
    if (isDigit(token)) {
      if (commas > 0 && isPastPoint) return null;
      isGrouped ||= commas > 0;
      commas = 0;
      seen += 1;
      addDigit(parts, isPastPoint, seen, whole.length);
    } else if (token === ",") {
      if (seen === 0 && !isPastPoint) return null;
      commas += 1;
    } else if (token === ".") {
      if (isPastPoint) return null;
      shift -= 3 * commas;
      [commas, seen, isPastPoint] = [0, 0, true];
      if (whole.length === 0) parts.push(made("whole"));
      parts.push(made("point"));
    } else if (/^e$/i.test(token) && isDigit(tokens[place - 1] ?? "") && /^[+-]$/.test(tokens[place + 1] ?? "")) {
      return null;
    } else {
      if (token === "%") shift += 2;
      parts.push(made("text", literal(token)));
    }
  }
  if (isGrouped && parts.filter((part) => part.kind === "whole").length > 1) return null;
  const digits = whole.includes("0") ? whole.length - whole.indexOf("0") : 0;
  const least = decimals.lastIndexOf("0") + 1;
  return { parts, shift: shift - 3 * commas, digits, least, most: decimals.length, isGrouped };
}

/** Adds the place of a digit: to the run of digits before it, or as a run of its own. */
function addDigit(parts: Part[], isPastPoint: boolean, number: number, ofWhole: number): void {
  const kind = isPastPoint ? "decimals" : "whole";
  const last = parts.at(-1);
  const run = last?.kind === kind ? last : undefined;
  let start: number | null;
  if (isPastPoint) start = run === undefined ? number - 1 : run.start;
  else if (number === 1) start = null;
  else start = run === undefined ? ofWhole - number + 1 : run.start;
  if (run !== undefined) parts.pop();
  parts.push(made(kind, "", start, isPastPoint ? number : ofWhole - number));
}
