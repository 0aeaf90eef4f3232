/** Functions that make dates and step from one date or time to another; steps of days and more are taken on the wall clock. */
import Big from "big.js";
import { DAY_MS, instant, lastDay, parse, stamp, wall, whole, within, write } from "./dates";
import { quotient } from "./numbers";
import { Failure, microsOf, timeAt, type FormulaContext, type Value } from "./values";

const MONTHS: Readonly<Record<string, number>> = { month: 1, quarter: 3, year: 12 };
const DAYS: Readonly<Record<string, number>> = { day: 1, week: 7 };
const SECONDS: Readonly<Record<string, number>> = { hour: 3600, minute: 60, second: 1 };

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

export const inContext = {
  DATE: (_: FormulaContext, year: Big, month: Big, day: Big): Value => makeDate(year, month, day),
  DATEADD: dateAdd,
  DATEDIFF: dateDiff,
  EDATE: (context: FormulaContext, moment: string | Date, months: Big): Value => dateAdd(context, moment, months, "month"),
  EOMONTH: (_: FormulaContext, day: string, months: Big): Value => endOfMonth(day, months),
  shift_datetime: shifted,
  time_between: (_: FormulaContext, later: Date, earlier: Date): Value =>
    quotient(new Big(later.getTime() - earlier.getTime()).times(1000).plus(microsOf(later) - microsOf(earlier)), new Big(DAY_MS * 1000)),
};
