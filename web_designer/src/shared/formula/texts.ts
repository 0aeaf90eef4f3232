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

function right(text: string, taken: number): string {
  const characters = [...text];
  return characters.slice(Math.max(0, characters.length - taken)).join("");
}

function middle(text: string, start: number, taken: number): string {
  return [...text].slice(start - 1, start - 1 + taken).join("");
}

function substitute(text: string, old: string, replacement: string, which?: Big | null): string {
  const occurrence = which == null ? null : position(which);
  if (old === "") return text;
  if (occurrence === null) return limited(text.split(old).join(replacement));
  let found = -old.length;
  for (let round = 0; round < occurrence; round += 1) {
    found = text.indexOf(old, found + old.length);
    if (found < 0) return text;
  }
  return limited(text.slice(0, found) + replacement + text.slice(found + old.length));
}

export function find(piece: string, text: string, start: number): Big | null {
  const characters = [...text];
  if (start > characters.length + 1) return null;
  const rest = characters.slice(start - 1).join("");
  const found = rest.indexOf(piece);
  return found < 0 ? null : new Big(start + [...rest.slice(0, found)].length);
}

/** Changes each character by itself; one that would become two stays, as in the database. */
export function eachCharacter(text: string, change: (character: string) => string): string {
  return Array.from(text, (character) => {
    const changed = change(character);
    return [...changed].length === 1 ? changed : character;
  }).join("");
}

/** Returns the capital of a character; of the Greek ones whose full capital is two characters the simple one. */
function capital(character: string): string {
  const code = character.charCodeAt(0);
  if (code >= 0x1f80 && code < 0x1fb0 && code % 16 < 8) return String.fromCharCode(code + 8);
  return code === 0x1fb3 || code === 0x1fc3 || code === 0x1ff3 ? String.fromCharCode(code + 9) : character.toUpperCase();
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
  RIGHT: (text: string, taken: Big) => right(text, count(taken)),
  MID: (text: string, start: Big, taken: Big) => middle(text, position(start), count(taken)),
  LEN: (text: string) => new Big([...text].length),
  TRIM: (text: string) => text.replace(/ +/g, " ").replace(/^ | $/g, ""),
  UPPER: (text: string) => eachCharacter(text, capital),
  // İ alone becomes two characters, of which the simple small letter is the first.
  LOWER: (text: string) => Array.from(text, (character) => String.fromCodePoint(character.toLowerCase().codePointAt(0) ?? 0)).join(""),
  SUBSTITUTE: substitute,
  CONTAINS: (text: string, piece: string) => text.includes(piece),
  STARTSWITH: (text: string, piece: string) => text.startsWith(piece),
  ENDSWITH: (text: string, piece: string) => text.endsWith(piece),
  FIND: (piece: string, text: string, start: Big) => find(piece, text, position(start)),
  number_text: numberText,
  bool_text: (value: boolean) => (value ? "TRUE" : "FALSE"),
};
