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

/** One row for each file, with the names of its functions. */
export const LATER: Readonly<Record<string, Load>> = {
  ...each("RIGHT MID UPPER LOWER SUBSTITUTE FIND", () => import("./textSteps")),
  ...each("SEARCH REPLACE REPT TEXTBEFORE TEXTAFTER PADLEFT PADRIGHT MASK CLEAN PROPER EXACT URLENCODE CHAR UNICHAR CODE UNICODE", () => import("./textPieces")),
  ...each("JOIN TEXTJOIN SPLIT ISNUMBER ISTEXT", () => import("./textLists")),
  ...each("TEXT VALUE", () => import("./formats")),
  ...each("REGEXMATCH REGEXEXTRACT REGEXREPLACE", () => import("./regexes")),
  ...each("CEILING FLOOR MOD SIGN CLAMP MROUND QUOTIENT ROUNDBANKER EVEN ODD GCD LCM FACT", () => import("./wholes")),
  ...each("pow SQRT EXP LN LOG LOG10 PI", () => import("./powers")),
  ...each("PMT PV FV NPER IPMT PPMT SLN NPV", () => import("./finance")),
  ...each("RATE IRR XIRR", () => import("./rates")),
  ...each("CHOOSE XOR", () => import("./picks")),
  ...each("ALLOCATE", () => import("./allocate")),
  ...each("RAND RANDBETWEEN", () => import("./chance")),
  ...each("DATE DATEADD DATEDIFF EDATE EOMONTH shift_datetime time_between", () => import("./dateSteps")),
  ...each("DATETIME HOUR MINUTE SECOND STARTOF ENDOF TODATE TODATETIME TIMESTAMP FROMTIMESTAMP", () => import("./moments")),
  ...each("QUARTER WEEKDAY WEEKDAYNAME WEEKNUM ISOWEEKNUM DAYSINMONTH DAYS DATEDIF AGE YEARFRAC", () => import("./spans")),
  ...each("NETWORKDAYS WORKDAY ISWORKDAY calendar.holidays calendar.workdays", () => import("./workdays")),
  ...each("COUNTDISTINCT MEDIAN PRODUCT VAR VARP STDEV STDEVP MODE LARGE SMALL PERCENTILE RANK SUMPRODUCT WAVG ANY ALL", () => import("./listMakes")),
  ...each("RMBUPPER CNNUMBER IDCARDVALID IDCARDBIRTHDAY IDCARDGENDER IDCARDAGE IDCARDREGION USCCVALID MOBILEVALID EMAILVALID BANKCARDVALID", () => import("./chinese")),
  ...each("IDCARDREGIONNAME", () => import("./regions")),
  ...each("PINYIN", () => import("./pinyin")),
  ...each("LUNARDATE", () => import("./lunar")),
  ...each("user_field record_text HASROLE INDEPARTMENT MANAGEROF LEADEROF DEPTPATH OLD CHANGED RECORDID FLOWSTATE UUID SEQ", () => import("./people")),
  ...each("FIRST LAST NTH LOOKUP SLICE REVERSE UNIQUE UNION INTERSECT EXCEPT INDEXOF SORT", () => import("./listPicks")),
};

function each(names: string, load: () => Promise<unknown>): Readonly<Record<string, Load>> {
  return Object.fromEntries(names.split(" ").map((name) => [name, load as Load]));
}
