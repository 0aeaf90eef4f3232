/** Functions over texts; lengths and positions count code points from 1. */
import Big from "big.js";
import { cut, numberText } from "./numbers";
import { Failure, MAX_TEXT, type Value } from "./values";

export function limited(text: string): string {
  if (text.length > MAX_TEXT && [...text].length > MAX_TEXT) throw new Failure("LIMIT");
  return text;
}

export function count(number: Big): number {
  if (number.lt(0)) throw new Failure("VALUE");
  return Math.min(cut(number), MAX_TEXT);
}

export function position(number: Big): number {
  if (number.lt(1)) throw new Failure("VALUE");
  return Math.min(cut(number), MAX_TEXT + 1);
}

/** Compares by code points, as the database and the server do, not by UTF-16 units. */
export function compareText(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let place = 0; place < length; place += 1) {
    let one = left.charCodeAt(place);
    let other = right.charCodeAt(place);
    if (one === other) continue;
    // Halves of surrogate pairs stand for code points above all others.
    if (one >= 0xd800 && one <= 0xdfff) one += 0x10000;
    if (other >= 0xd800 && other <= 0xdfff) other += 0x10000;
    return one - other;
  }
  return left.length - right.length;
}

type TextFunction = (...args: never[]) => Value;

export const TEXTS: Readonly<Record<string, TextFunction>> = {
  concat: (...texts: string[]) => limited(texts.join("")),
  CONCAT: (...texts: string[]) => limited(texts.join("")),
  LEFT: (text: string, taken: Big) => [...text].slice(0, count(taken)).join(""),
  LEN: (text: string) => new Big([...text].length),
  TRIM: (text: string) => text.replace(/ +/g, " ").replace(/^ | $/g, ""),
  CONTAINS: (text: string, piece: string) => text.includes(piece),
  STARTSWITH: (text: string, piece: string) => text.startsWith(piece),
  ENDSWITH: (text: string, piece: string) => text.endsWith(piece),
  number_text: numberText,
  bool_text: (value: boolean) => (value ? "TRUE" : "FALSE"),
};
