/** What every formula over dates ("2026-11-23") and times (Date) needs; parts of a time are taken in the zone of the context. */
import Big from "big.js";
import { cut } from "./numbers";
import { Failure, timeAt, type FormulaContext, type Value } from "./values";

export const DAY_MS = 86_400_000;
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

function part(place: 0 | 1 | 2): DateFunction {
  return (_: FormulaContext, day: string) => new Big(Number(day.split("-")[place]));
}

export function wallText(context: FormulaContext, moment: Date): string {
  return new Date(wall(moment, context.zone)).toISOString().slice(0, 19).replace("T", " ");
}

type DateFunction = (context: FormulaContext, ...args: never[]) => Value;

export const DATES: Readonly<Record<string, DateFunction>> = {
  TODAY: (context) => write(Math.floor(wall(context.now, context.zone) / DAY_MS) * DAY_MS),
  NOW: (context) => context.now,
  CURRENTUSER: (context) => context.user,
  YEAR: part(0),
  MONTH: part(1),
  DAY: part(2),
  to_date: (context, moment: Date) => write(Math.floor(wall(moment, context.zone) / DAY_MS) * DAY_MS),
  midnight: (context, day: string) => instant(parse(day), context.zone),
  local_time: (context, text: string) => instant(Date.parse(`${text.replace(" ", "T")}Z`), context.zone),
  shift_date: (_, day: string, days: Big) => write(parse(day) + whole(days) * DAY_MS),
  days_between: (_, later: string, earlier: string) => new Big((parse(later) - parse(earlier)) / DAY_MS),
  date_text: (_, day: string) => day,
  datetime_text: wallText,
};
