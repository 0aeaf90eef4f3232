/** Takes the listed days of a year, gives its months as weeks of days from Monday on, and the days as a person changes them. */
import type { CalendarDay } from "@/shared/api/platform";

export type Kind = CalendarDay["kind"];
/** Listed days by date. */
export type Listed = ReadonlyMap<string, CalendarDay>;

const DAY_MS = 86_400_000;

function iso(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 10);
}

/** Returns the weeks of a month (1 to 12); null stands before its first day and behind its last. */
export function weeksOf(year: number, month: number): readonly (readonly (string | null)[])[] {
  const first = Date.UTC(year, month - 1, 1);
  const count = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const before = (new Date(first).getUTCDay() + 6) % 7;
  const days = [...Array<null>(before).fill(null), ...Array.from({ length: count }, (_, place) => iso(first + place * DAY_MS))];
  const weeks: (string | null)[][] = [];
  for (let place = 0; place < days.length; place += 7) {
    const week = days.slice(place, place + 7);
    weeks.push([...week, ...Array<null>(7 - week.length).fill(null)]);
  }
  return weeks;
}

/** Returns whether a date is a Saturday or Sunday. */
export function isWeekend(date: string): boolean {
  return [0, 6].includes(new Date(`${date}T00:00:00Z`).getUTCDay());
}

export function listed(days: readonly CalendarDay[]): Listed {
  return new Map(days.map((day) => [day.day, day]));
}

/** Returns the days after a click on one: nothing listed, a holiday, a working day, nothing again. */
export function turned(days: Listed, date: string): Listed {
  const found = new Map(days);
  const before = days.get(date);
  if (before === undefined) found.set(date, { day: date, kind: "holiday", name: "" });
  else if (before.kind === "holiday") found.set(date, { ...before, kind: "workday" });
  else found.delete(date);
  return found;
}

/** Returns the days in their order, as they are sent. */
export function inOrder(days: Listed): readonly CalendarDay[] {
  return [...days.values()].sort((one, other) => (one.day < other.day ? -1 : 1));
}

/** Returns whether two lists say the same of every day. */
export function areSame(one: Listed, other: Listed): boolean {
  return one.size === other.size && [...one].every(([date, day]) => other.get(date)?.kind === day.kind);
}
