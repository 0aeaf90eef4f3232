/** Functions over dates ("2026-11-23") and times (Date); parts of a time are taken in the zone of the context. */
import Big from "big.js";
import { cut, quotient } from "./numbers";
import { Failure, microsOf, timeAt, type FormulaContext, type Value } from "./values";

export const DAY_MS = 86_400_000;
const MONTHS: Readonly<Record<string, number>> = { month: 1, quarter: 3, year: 12 };
const DAYS: Readonly<Record<string, number>> = { day: 1, week: 7 };
const SECONDS: Readonly<Record<string, number>> = { hour: 3600, minute: 60, second: 1 };
const FIRST = stamp(1, 1, 1);
const END = stamp(10_000, 1, 1);
const FAR = 4_000_000 * 86_400;

/** Returns a day or wall-clock time as milliseconds, as if it were UTC. */
export function stamp(year: number, month: number, day: number): number {
  const made = new Date(0);
  made.setUTCFullYear(year, month - 1, day);
  return made.getTime();
}

/** Returns milliseconds as they are, when they lie within the years 1 to 9999. */
export function within(milliseconds: number): number {
  if (!(milliseconds >= FIRST && milliseconds < END)) throw new Failure("LIMIT");
  return milliseconds;
}

/** Returns a date as milliseconds. */
export function parse(day: string): number {
  return Date.parse(`${day}T00:00:00Z`);
}

/** Returns the date that lies at some milliseconds. */
export function write(milliseconds: number): string {
  return new Date(within(milliseconds)).toISOString().slice(0, 10);
}

const formats = new Map<string, Intl.DateTimeFormat>();

function format(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    era: "short",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  formats.set(zone, made);
  return made;
}

/** Returns the wall-clock time of an instant in a zone. */
export function wall(moment: Date, zone: string): number {
  const parts: Record<string, string> = {};
  for (const part of format(zone).formatToParts(moment)) parts[part.type] = part.value;
  const day = stamp(Number(parts["year"]), Number(parts["month"]), Number(parts["day"]));
  const seconds = Number(parts["hour"]) * 3600 + Number(parts["minute"]) * 60 + Number(parts["second"]);
  return day + seconds * 1000 + (((moment.getTime() % 1000) + 1000) % 1000);
}

/** Returns the instant a wall clock shows; of an hour that is skipped or comes twice, the one by standard time. */
export function instant(milliseconds: number, zone: string, micros = 0): Date {
  within(milliseconds);
  const offsetAt = (utc: number) => wall(new Date(utc), zone) - utc;
  const offsets = [offsetAt(milliseconds - DAY_MS), offsetAt(milliseconds + DAY_MS)];
  const possible = offsets.filter((offset) => offsetAt(milliseconds - offset) === offset);
  return timeAt(within(milliseconds - Math.min(...(possible.length > 0 ? possible : offsets))), micros);
}

/** Returns a count cut towards zero; one beyond every date fails. */
export function whole(number: Big): number {
  const result = cut(number);
  if (Math.abs(result) > FAR) throw new Failure("LIMIT");
  return result;
}

/** Returns the number of the last day of a month. */
export function lastDay(year: number, month: number): number {
  return new Date(stamp(year, month + 1, 0)).getUTCDate();
}

/** Returns the same day so many months later, or the last day of a month that has no such day. */
function plusMonths(milliseconds: number, months: number): number {
  const moment = new Date(milliseconds);
  const count = moment.getUTCFullYear() * 12 + moment.getUTCMonth() + months;
  const year = Math.floor(count / 12);
  if (!(year >= 1 && year <= 9999)) throw new Failure("LIMIT");
  const month = count - year * 12 + 1;
  const day = Math.min(moment.getUTCDate(), lastDay(year, month));
  return stamp(year, month, day) + (((milliseconds % DAY_MS) + DAY_MS) % DAY_MS);
}

export function makeDate(year: Big, month: Big, day: Big): string {
  const count = whole(year) * 12 + whole(month) - 1;
  if (!(count >= 12 && count < 120_000)) throw new Failure("LIMIT");
  return write(stamp(Math.floor(count / 12), (count % 12) + 1, 1) + (whole(day) - 1) * DAY_MS);
}

function dateAdd(context: FormulaContext, moment: string | Date, count: Big, unit: string): string | Date {
  const steps = whole(count);
  const seconds = SECONDS[unit];
  if (seconds !== undefined) {
    if (typeof moment === "string") throw new Failure("VALUE");
    return timeAt(within(moment.getTime() + steps * seconds * 1000), microsOf(moment));
  }
  const start = typeof moment === "string" ? parse(moment) : wall(moment, context.zone);
  const months = MONTHS[unit];
  const days = DAYS[unit];
  let end: number;
  if (months !== undefined) end = plusMonths(start, steps * months);
  else if (days !== undefined) end = start + steps * days * DAY_MS;
  else throw new Failure("VALUE");
  return typeof moment === "string" ? write(end) : instant(end, context.zone, microsOf(moment));
}

function shifted(context: FormulaContext, moment: Date, days: Big): Date {
  whole(days);
  const total = days.times(DAY_MS * 1000).round(0, 2).plus(microsOf(moment));
  const rest = total.mod(1000).toNumber();
  const micros = rest < 0 ? rest + 1000 : rest;
  return instant(wall(moment, context.zone) + total.minus(micros).div(1000).toNumber(), context.zone, micros);
}

function dateDiff(context: FormulaContext, start: string | Date, end: string | Date, unit: string): Big {
  const seconds = SECONDS[unit];
  if (seconds !== undefined) {
    if (typeof start === "string" || typeof end === "string") throw new Failure("VALUE");
    return towardsZero(elapsed(start.getTime(), microsOf(start), end.getTime(), microsOf(end)) / (seconds * 1000));
  }
  const first = typeof start === "string" ? parse(start) : wall(start, context.zone);
  const last = typeof end === "string" ? parse(end) : wall(end, context.zone);
  const months = MONTHS[unit];
  const [before, after] = [microsOf(start), microsOf(end)];
  if (months !== undefined) return towardsZero(monthsBetween(first, last, after - before) / months);
  const days = DAYS[unit];
  if (days === undefined) throw new Failure("VALUE");
  return towardsZero(elapsed(first, before, last, after) / (days * DAY_MS));
}

function towardsZero(number: number): Big {
  return new Big(Math.trunc(number) + 0);
}

/** Returns the whole milliseconds from one time to another, cut towards zero. */
function elapsed(first: number, before: number, last: number, after: number): number {
  const difference = last - first;
  if (difference > 0 && after < before) return difference - 1;
  return difference < 0 && after > before ? difference + 1 : difference;
}

function monthsBetween(first: number, last: number, micros: number): number {
  const [from, to] = [new Date(first), new Date(last)];
  const months = (to.getUTCFullYear() - from.getUTCFullYear()) * 12 + to.getUTCMonth() - from.getUTCMonth();
  const reached = plusMonths(first, months);
  const beyond = reached - last || -micros;
  if (last > first || (last === first && micros >= 0)) return beyond > 0 ? months - 1 : months;
  return beyond < 0 ? months + 1 : months;
}

function endOfMonth(day: string, months: Big): string {
  const there = new Date(plusMonths(parse(day), whole(months)));
  const [year, month] = [there.getUTCFullYear(), there.getUTCMonth() + 1];
  return write(stamp(year, month, lastDay(year, month)));
}

function part(place: 0 | 1 | 2): DateFunction {
  return (_: FormulaContext, day: string) => new Big(Number(day.split("-")[place]));
}

export function wallText(context: FormulaContext, moment: Date): string {
  return new Date(wall(moment, context.zone)).toISOString().slice(0, 19).replace("T", " ");
}

type DateFunction = (context: FormulaContext, ...args: never[]) => Value;

export const DATES: Readonly<Record<string, DateFunction>> = {
  DATE: (_, year: Big, month: Big, day: Big) => makeDate(year, month, day),
  TODAY: (context) => write(Math.floor(wall(context.now, context.zone) / DAY_MS) * DAY_MS),
  NOW: (context) => context.now,
  CURRENTUSER: (context) => context.user,
  YEAR: part(0),
  MONTH: part(1),
  DAY: part(2),
  DATEADD: dateAdd,
  DATEDIFF: dateDiff,
  EDATE: (context, moment: string | Date, months: Big) => dateAdd(context, moment, months, "month"),
  EOMONTH: (_, day: string, months: Big) => endOfMonth(day, months),
  to_date: (context, moment: Date) => write(Math.floor(wall(moment, context.zone) / DAY_MS) * DAY_MS),
  midnight: (context, day: string) => instant(parse(day), context.zone),
  local_time: (context, text: string) => instant(Date.parse(`${text.replace(" ", "T")}Z`), context.zone),
  shift_date: (_, day: string, days: Big) => write(parse(day) + whole(days) * DAY_MS),
  shift_datetime: shifted,
  days_between: (_, later: string, earlier: string) => new Big((parse(later) - parse(earlier)) / DAY_MS),
  time_between: (_, later: Date, earlier: Date) =>
    quotient(new Big(later.getTime() - earlier.getTime()).times(1000).plus(microsOf(later) - microsOf(earlier)), new Big(DAY_MS * 1000)),
  date_text: (_, day: string) => day,
  datetime_text: wallText,
};
