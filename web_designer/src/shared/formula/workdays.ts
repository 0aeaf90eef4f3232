/** Functions over working days: closed forms for weekends, one pass over the listed days; and the site's calendar. */
import Big from "big.js";
import type { Make } from "./choices";
import { DAY_MS, stamp, whole, write } from "./dates";
import { dayNumber } from "./spans";
import type { FormulaContext, Value } from "./values";

// Days are counted from Monday 0001-01-01, which is 0; turning the line round keeps weekends weekends.
const TURN = 4;
const FIRST = stamp(1, 1, 1);

type Days = readonly Value[] | null;

function modulo(number: number, divisor: number): number {
  return ((number % divisor) + divisor) % divisor;
}

/** Returns how many days from Monday to Friday there are from day 0 to a day, itself included. */
function weekdays(day: number): number {
  return Math.floor(day / 7) * 5 + Math.min(modulo(day, 7) + 1, 5);
}

/** Returns the day from Monday to Friday up to which there are so many. */
function weekday(count: number): number {
  return Math.floor((count - 1) / 5) * 7 + modulo(count - 1, 5);
}

function numbers(days: Days): Set<number> {
  return new Set((days ?? []).filter((day): day is string => typeof day === "string").map(dayNumber));
}

/** Returns the days that are not as their weekday says: 1 for one that is worked, -1 for one that is not. */
function exceptions(holidays: Days, workdays: Days): [number, number][] {
  const worked = numbers(workdays);
  const found = [...worked].filter((day) => modulo(day, 7) > 4).map((day): [number, number] => [day, 1]);
  for (const day of numbers(holidays)) if (modulo(day, 7) < 5 && !worked.has(day)) found.push([day, -1]);
  return found;
}

function workingDays(start: string, end: string, holidays: Days, workdays: Days): Big {
  const [from, to] = [dayNumber(start), dayNumber(end)];
  const [first, last] = [Math.min(from, to), Math.max(from, to)];
  let count = weekdays(last) - weekdays(first - 1);
  for (const [day, step] of exceptions(holidays, workdays)) if (first <= day && day <= last) count += step;
  return new Big(from <= to ? count : 0 - count);
}

function workday(date: string, count: Big, holidays: Days, workdays: Days): string {
  const left = whole(count);
  if (left === 0) return date;
  const turned = (day: number) => (left < 0 ? TURN - day : day);
  const steps = exceptions(holidays, workdays).map(([day, step]): [number, number] => [turned(day), step]);
  return write(FIRST + turned(reached(turned(dayNumber(date)), Math.abs(left), steps)) * DAY_MS);
}

/** Returns the day of the last of so many working days after a day. */
function reached(start: number, count: number, steps: [number, number][]): number {
  let [position, left] = [start, count];
  for (const [day, step] of steps.sort(([one], [other]) => one - other)) {
    if (day <= start) continue;
    const between = weekdays(day - 1) - weekdays(position);
    if (left <= between) break;
    left -= between;
    position = day;
    if (step > 0) {
      left -= 1;
      if (left === 0) return day;
    }
  }
  return weekday(weekdays(position) + left);
}

function isWorkday(date: string, holidays: Days, workdays: Days): boolean {
  if (workdays?.includes(date) === true) return true;
  return modulo(dayNumber(date), 7) < 5 && holidays?.includes(date) !== true;
}

/** Returns what computes all arguments; a blank among the first ones makes the answer blank, a blank list is an empty one. */
function withLists(count: number, apply: (values: readonly never[], holidays: Days, workdays: Days) => Value): Make {
  return (node, compileNode) => {
    const args = node.args.map(compileNode);
    return (frames, context) => {
      const values = args.map((arg) => arg(frames, context));
      const given = values.slice(0, count);
      if (given.includes(null)) return null;
      const [holidays = null, workdays = null] = values.slice(count) as Days[];
      return apply(given as never[], holidays, workdays);
    };
  };
}

export const makes: Readonly<Record<string, Make>> = {
  NETWORKDAYS: withLists(2, ([start, end], holidays, workdays) => workingDays(start as never, end as never, holidays, workdays)),
  WORKDAY: withLists(2, ([date, count], holidays, workdays) => workday(date as never, count as never, holidays, workdays)),
  ISWORKDAY: withLists(1, ([date], holidays, workdays) => isWorkday(date as never, holidays, workdays)),
};

function calendar(context: FormulaContext, part: "holidays" | "workdays"): readonly string[] {
  if (context.calendar === undefined) throw new Error("the page has no calendar");
  return context.calendar[part];
}

export const inContext = {
  "calendar.holidays": (context: FormulaContext): Value => calendar(context, "holidays"),
  "calendar.workdays": (context: FormulaContext): Value => calendar(context, "workdays"),
};

