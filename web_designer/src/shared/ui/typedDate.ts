/** Between what is typed into a box for dates and its value: an ISO text, or the typed text itself when it is no date. */
import { parseDate, parseLocal } from "@/shared/format/times";

/** Returns the value of what was typed. What is no date stays as typed, so that a check can point at it. */
export function typedValue(typed: string, hasTime: boolean): string {
  const text = typed.trim();
  const year = new Date().getFullYear();
  return (hasTime ? parseLocal(text, year) : parseDate(text, year)) ?? text;
}

/** Returns what stands in the box for a value. */
export function showTyped(value: string): string {
  return parseLocal(value) === value ? value.replace("T", " ") : value;
}
