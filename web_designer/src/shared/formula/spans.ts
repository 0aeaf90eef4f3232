/** Functions over parts of dates and the spans between them: dates ("2026-11-23") in, numbers and names out. */
import Big from "big.js";
import { DAY_MS, lastDay, parse, stamp } from "./dates";
import { cut, quotient } from "./numbers";
import { Failure, type Value } from "./values";

/** How weekdays are numbered: type -> the weekday that comes first (0 Monday … 6 Sunday) and its number. */
const WEEKDAY_TYPES: ReadonlyMap<number, readonly [number, number]> = new Map([
  [1, [6, 1]],
  [2, [0, 1]],
  [3, [0, 0]],
  ...[0, 1, 2, 3, 4, 5, 6].map((first) => [11 + first, [first, 1]] as const),
] as [number, [number, number]][]);
/** With which weekday a week begins, by type. */
const WEEK_TYPES: ReadonlyMap<number, number> = new Map([
  [1, 6],
  [2, 0],
  ...[0, 1, 2, 3, 4, 5, 6].map((first) => [11 + first, first] as [number, number]),
]);
const ISO_WEEKS = 21;
const NAMES = ["星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日"];

interface Parts {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

function partsOf(date: string): Parts {
  const [year = 0, month = 0, day = 0] = date.split("-").map(Number);
  return { year, month, day };
}

/** Returns the days since Monday 0001-01-01. */
export function dayNumber(date: string): number {
  return Math.round((parse(date) - stamp(1, 1, 1)) / DAY_MS);
}

function weekdayOf(date: string): number {
  return dayNumber(date) % 7;
}

function code(number: Big): number {
  return number.abs().lt(100) ? cut(number) : -1;
}

function modulo(number: number, divisor: number): number {
  return ((number % divisor) + divisor) % divisor;
}

function weekday(date: string, type: Big): Big {
  const found = WEEKDAY_TYPES.get(code(type));
  if (found === undefined) throw new Failure("NUM");
  return new Big(modulo(weekdayOf(date) - found[0], 7) + found[1]);
}

function weekNumber(date: string, type: Big): Big {
  if (code(type) === ISO_WEEKS) return isoWeek(date);
  const first = WEEK_TYPES.get(code(type));
  if (first === undefined) throw new Failure("NUM");
  const newYear = `${date.slice(0, 4)}-01-01`;
  return new Big(Math.floor((dayNumber(date) - dayNumber(newYear) + modulo(weekdayOf(newYear) - first, 7)) / 7) + 1);
}

/** Returns the ISO week: that of the Thursday of the same week, counted in the Thursday's year. */
function isoWeek(date: string): Big {
  const thursday = parse(date) + (3 - weekdayOf(date)) * DAY_MS;
  const newYear = stamp(new Date(thursday).getUTCFullYear(), 1, 1);
  return new Big(Math.floor((thursday - newYear) / DAY_MS / 7) + 1);
}

function isBefore(one: Parts, other: Parts): boolean {
  return one.month < other.month || (one.month === other.month && one.day < other.day);
}

const SPANS: Readonly<Record<string, (start: string, end: string) => number>> = {
  Y: years,
  M: months,
  D: (start, end) => dayNumber(end) - dayNumber(start),
  YM: (start, end) => months(start, end) % 12,
  YD: daysBeyondYears,
};

function years(start: string, end: string): number {
  const [first, last] = [partsOf(start), partsOf(end)];
  return last.year - first.year - (isBefore(last, first) ? 1 : 0);
}

function months(start: string, end: string): number {
  const [first, last] = [partsOf(start), partsOf(end)];
  return (last.year - first.year) * 12 + last.month - first.month - (last.day < first.day ? 1 : 0);
}

/** Returns the days since the last anniversary; 29 February has its own on 1 March in other years. */
function daysBeyondYears(start: string, end: string): number {
  const first = partsOf(start);
  return Math.round((parse(end) - stamp(first.year + years(start, end), first.month, first.day)) / DAY_MS);
}

function span(start: string, end: string, unit: string): Big {
  const count = Object.hasOwn(SPANS, unit.toUpperCase()) ? SPANS[unit.toUpperCase()] : undefined;
  if (count === undefined) throw new Failure("VALUE");
  if (start > end) throw new Failure("NUM");
  return new Big(count(start, end));
}

function yearFraction(start: string, end: string, basis: Big): Big {
  const [one, other] = start <= end ? [start, end] : [end, start];
  const [first, last] = [partsOf(one), partsOf(other)];
  const days = dayNumber(other) - dayNumber(one);
  switch (code(basis)) {
    case 0:
      return fraction(daysUs(first, last), 360);
    case 1:
      return meanYear(days, first, last);
    case 2:
      return fraction(days, 360);
    case 3:
      return fraction(days, 365);
    case 4:
      return fraction(days360(first, last) + Math.min(last.day, 30) - Math.min(first.day, 30), 360);
    default:
      throw new Failure("NUM");
  }
}

function fraction(days: number, year: number): Big {
  return quotient(new Big(days), new Big(year));
}

function days360(first: Parts, last: Parts): number {
  return (last.year - first.year) * 360 + (last.month - first.month) * 30;
}

function daysUs(first: Parts, last: Parts): number {
  let [start, end] = [Math.min(first.day, 30), last.day];
  if (start === 30 && end === 31) end = 30;
  else if (endsFebruary(first)) {
    start = 30;
    if (endsFebruary(last)) end = 30;
  }
  return days360(first, last) + end - start;
}

function endsFebruary({ year, month, day }: Parts): boolean {
  return month === 2 && day === lastDay(year, 2);
}

function isLeap(year: number): boolean {
  return lastDay(year, 2) === 29;
}

/** Returns days in years of the mean length that counts, as spreadsheets settled it where OpenFormula was silent. */
function meanYear(days: number, first: Parts, last: Parts): Big {
  const isOtherYear = first.year !== last.year;
  if (isOtherYear && (last.year !== first.year + 1 || isBefore(first, last))) {
    const count = last.year - first.year + 1;
    return fraction(days * count, Math.round((stamp(last.year + 1, 1, 1) - stamp(first.year, 1, 1)) / DAY_MS));
  }
  // The whole of a year when both lie in it, else the 29 February that lies between them, the ends included.
  const isLong = isOtherYear
    ? (isLeap(first.year) && first.month <= 2) || (isLeap(last.year) && !isBefore(last, { year: 0, month: 2, day: 29 }))
    : isLeap(first.year);
  return fraction(days, isLong ? 366 : 365);
}

export const plain = {
  QUARTER: (date: string): Value => new Big(Math.ceil(partsOf(date).month / 3)),
  WEEKDAY: weekday,
  WEEKDAYNAME: (date: string): Value => NAMES[weekdayOf(date)] ?? null,
  WEEKNUM: weekNumber,
  ISOWEEKNUM: isoWeek,
  DAYSINMONTH: (date: string): Value => new Big(lastDay(partsOf(date).year, partsOf(date).month)),
  DAYS: (end: string, start: string): Value => new Big(dayNumber(end) - dayNumber(start)),
  DATEDIF: span,
  AGE: (birth: string, on: string): Value => span(birth, on, "Y"),
  YEARFRAC: yearFraction,
};
