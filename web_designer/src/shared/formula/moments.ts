/** Functions over times: made of numbers and texts, bounds of units, parts in the zone of the context. */
import Big from "big.js";
import { makeDate } from "./dateSteps";
import { DAY_MS, instant, lastDay, parse, stamp, wall, whole, within, write } from "./dates";
import { Failure, timeAt, type FormulaContext, type Value } from "./values";

const SIZES: Readonly<Record<string, number>> = { hour: 3_600_000, minute: 60_000, second: 1000 };
const LONGEST = 80;

// The same pattern as the server's and the database's; see there what each group is.
const S = "[ \\t\\u3000\\u00a0]*";
const SPACES = "[ \\t\\u3000\\u00a0]+";
const DATE = `([0-9]{4})${S}[-/.年]${S}([0-9]{1,2})${S}[-/.月]${S}([0-9]{1,2})|([0-9]{4})([0-9]{2})([0-9]{2})`;
const CLOCK = `[:：]${S}([0-9]{1,2})(?:${S}[:：]${S}([0-9]{1,2})(?:[.]([0-9]{1,9}))?)?`;
const WORDS = `[时点]${S}(?:([0-9]{1,2})${S}分${S}(?:([0-9]{1,2})${S}秒)?)?`;
const ZONE = `(?:${S}([Zz]|([+-])([0-9]{2})(?::?([0-9]{2}))?))?`;
const TIME = `(上午|下午)?${S}([0-9]{1,2})${S}(?:${CLOCK}|${WORDS})(?:${S}([AaPp][Mm]))?${ZONE}`;
const WRITTEN = new RegExp(`^${S}(?:${DATE})(?:(?:${S}日)?|(?:${S}日${S}|${S}T|${SPACES})${TIME})${S}$`, "u");

function makeDatetime(context: FormulaContext, year: Big, month: Big, day: Big, hour: Big, minute: Big, second: Big): Date {
  const date = parse(makeDate(year, month, day));
  const seconds = whole(hour) * 3600 + whole(minute) * 60 + whole(second);
  return instant(date + seconds * 1000, context.zone);
}

/** Returns the first day of the unit that a wall clock lies in. */
function firstDay(at: number, unit: string): number {
  const day = Math.floor(at / DAY_MS) * DAY_MS;
  const date = new Date(day);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + 1];
  switch (unit) {
    case "day":
      return day;
    case "week":
      return day - ((date.getUTCDay() + 6) % 7) * DAY_MS;
    case "month":
      return stamp(year, month, 1);
    case "quarter":
      return stamp(year, month - ((month - 1) % 3), 1);
    case "year":
      return stamp(year, 1, 1);
    default:
      throw new Failure("VALUE");
  }
}

function lastDayOf(at: number, unit: string): number {
  const first = firstDay(at, unit);
  if (unit === "day") return first;
  if (unit === "week") return first + 6 * DAY_MS;
  const date = new Date(first);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + { month: 1, quarter: 3, year: 12 }[unit as "month" | "quarter" | "year"]];
  return stamp(year, month, lastDay(year, month));
}

function startOf(context: FormulaContext, moment: string | Date, unit: string): string | Date {
  if (typeof moment === "string") return write(firstDay(parse(moment), unit));
  const at = wall(moment, context.zone);
  const size = sizeOf(unit);
  if (size !== undefined) return new Date(moment.getTime() - into(at, size));
  return instant(firstDay(at, unit), context.zone);
}

function endOf(context: FormulaContext, moment: string | Date, unit: string): string | Date {
  if (typeof moment === "string") return write(lastDayOf(parse(moment), unit));
  const at = wall(moment, context.zone);
  const size = sizeOf(unit);
  if (size !== undefined) return timeAt(moment.getTime() - into(at, size) + size - 1, 999);
  return instant(lastDayOf(at, unit) + DAY_MS - 1, context.zone, 999);
}

function sizeOf(unit: string): number | undefined {
  return Object.hasOwn(SIZES, unit) ? SIZES[unit] : undefined;
}

/** Returns how far a wall clock is into its hour, minute or second. */
function into(at: number, size: number): number {
  return ((at % size) + size) % size;
}

interface Written {
  readonly wall: number;
  readonly micros: number;
  /** The milliseconds by which the text's own zone is ahead of UTC; null when it names none. */
  readonly offset: number | null;
}

/** Returns what a text writes; nothing for an empty one. */
function read(text: string): Written | null {
  if (text === "") return null;
  const found = text.length <= LONGEST ? WRITTEN.exec(text) : null;
  if (found === null) throw new Failure("VALUE");
  const number = (...places: number[]) => Number(places.map((place) => found[place]).find((part) => part !== undefined) ?? 0);
  const [year, month, day] = [number(1, 4), number(2, 5), number(3, 6)];
  const [minute, second] = [number(9, 12), number(10, 13)];
  const half = found[7] ?? found[14]?.toUpperCase();
  let hour = number(8);
  if (half !== undefined) {
    if (hour < 1 || hour > 12) throw new Failure("VALUE");
    hour = (hour % 12) + (half === "下午" || half === "PM" ? 12 : 0);
  }
  const [zoneHours, zoneMinutes] = [number(17), number(18)];
  const isDay = year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= lastDay(year, month);
  if (!isDay || hour > 23 || minute > 59 || second > 59 || zoneHours > 15 || zoneMinutes > 59) throw new Failure("VALUE");
  const decimals = (found[11] ?? "").slice(0, 6).padEnd(6, "0");
  const offset = (zoneHours * 60 + zoneMinutes) * (found[16] === "-" ? -60_000 : 60_000);
  return {
    wall: stamp(year, month, day) + (hour * 3600 + minute * 60 + second) * 1000 + Number(decimals.slice(0, 3)),
    micros: Number(decimals.slice(3)),
    offset: found[15] === undefined ? null : offset,
  };
}

function writtenDatetime(context: FormulaContext, text: string): Date | null {
  const written = read(text);
  if (written === null) return null;
  if (written.offset === null) return instant(written.wall, context.zone, written.micros);
  return timeAt(within(written.wall - written.offset), written.micros);
}

function writtenDate(context: FormulaContext, text: string): string | null {
  const written = read(text);
  if (written === null) return null;
  const at = written.offset === null ? written.wall : wall(new Date(within(written.wall - written.offset)), context.zone);
  return write(Math.floor(at / DAY_MS) * DAY_MS);
}

function fromTimestamp(milliseconds: Big): Date {
  const cut = milliseconds.round(0, 0);
  return new Date(within((milliseconds.lt(cut) ? cut.minus(1) : cut).toNumber()));
}

function part(size: number, count: number): (context: FormulaContext, moment: Date) => Value {
  return (context, moment) => new Big(Math.floor(into(wall(moment, context.zone), size * count) / size));
}

export const inContext = {
  DATETIME: makeDatetime,
  HOUR: part(3_600_000, 24),
  MINUTE: part(60_000, 60),
  SECOND: part(1000, 60),
  STARTOF: startOf,
  ENDOF: endOf,
  TODATE: writtenDate,
  TODATETIME: writtenDatetime,
  TIMESTAMP: (_: FormulaContext, moment: Date): Value => new Big(moment.getTime()),
  FROMTIMESTAMP: (_: FormulaContext, milliseconds: Big): Value => fromTimestamp(milliseconds),
};
