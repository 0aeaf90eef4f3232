/** Says which functions are loaded when a formula calls them, and from where; a form without such formulas never pays for them. */
import type { Make } from "./choices";
import type { FormulaContext, Value } from "./values";

/**
 * What a file of functions gives: `makes` build their own closure, `plain` are given values, `inContext` the context and values.
 * A value that may be blank reaches `plain` and `inContext` never as a blank: the answer is blank then.
 */
export interface Functions {
  readonly makes?: Readonly<Record<string, Make>>;
  readonly plain?: Readonly<Record<string, (...values: never[]) => Value>>;
  readonly inContext?: Readonly<Record<string, (context: FormulaContext, ...values: never[]) => Value>>;
}

export type Load = () => Promise<Functions>;

const pieces: Load = () => import("./textPieces");
const textLists: Load = () => import("./textLists");
const formats: Load = () => import("./formats");
const regexes: Load = () => import("./regexes");

const moments: Load = () => import("./moments");
const spans: Load = () => import("./spans");
const workdays: Load = () => import("./workdays");

/** One row for each name; the functions of one file name the same `load`. */
export const LATER: Readonly<Record<string, Load>> = {
  SEARCH: pieces,
  REPLACE: pieces,
  REPT: pieces,
  TEXTBEFORE: pieces,
  TEXTAFTER: pieces,
  PADLEFT: pieces,
  PADRIGHT: pieces,
  MASK: pieces,
  CLEAN: pieces,
  PROPER: pieces,
  EXACT: pieces,
  URLENCODE: pieces,
  CHAR: pieces,
  UNICHAR: pieces,
  CODE: pieces,
  UNICODE: pieces,
  JOIN: textLists,
  TEXTJOIN: textLists,
  SPLIT: textLists,
  ISNUMBER: textLists,
  ISTEXT: textLists,
  TEXT: formats,
  VALUE: formats,
  REGEXMATCH: regexes,
  REGEXEXTRACT: regexes,
  REGEXREPLACE: regexes,
  ...all("MROUND QUOTIENT ROUNDBANKER EVEN ODD GCD LCM FACT", () => import("./wholes")),
  ...all("pow EXP LN LOG LOG10 PI", () => import("./powers")),
  ...all("PMT PV FV NPER IPMT PPMT SLN NPV", () => import("./finance")),
  ...all("RATE IRR XIRR", () => import("./rates")),
  ...all("CHOOSE XOR", () => import("./picks")),
  ...all("ALLOCATE", () => import("./allocate")),
  ...all("RAND RANDBETWEEN", () => import("./chance")),
  DATETIME: moments,
  HOUR: moments,
  MINUTE: moments,
  SECOND: moments,
  STARTOF: moments,
  ENDOF: moments,
  TODATE: moments,
  TODATETIME: moments,
  TIMESTAMP: moments,
  FROMTIMESTAMP: moments,
  QUARTER: spans,
  WEEKDAY: spans,
  WEEKDAYNAME: spans,
  WEEKNUM: spans,
  ISOWEEKNUM: spans,
  DAYSINMONTH: spans,
  DAYS: spans,
  DATEDIF: spans,
  AGE: spans,
  YEARFRAC: spans,
  NETWORKDAYS: workdays,
  WORKDAY: workdays,
  ISWORKDAY: workdays,
  "calendar.holidays": workdays,
  "calendar.workdays": workdays,
};

function all(names: string, load: () => Promise<unknown>): Record<string, Load> {
  return Object.fromEntries(names.split(" ").map((name) => [name, load as Load]));
}
