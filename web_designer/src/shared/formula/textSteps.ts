/** Functions that take pieces of texts, find and replace in them, and change their characters; loaded when a formula calls them. */
import Big from "big.js";
import { count, limited, position } from "./texts";
import type { Value } from "./values";

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
function eachCharacter(text: string, change: (character: string) => string): string {
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

/** Returns a text in capitals, each character by itself. */
export function upper(text: string): string {
  return eachCharacter(text, capital);
}

/** Returns a text in small letters, each character by itself: İ alone becomes two, of which the simple small letter is the first. */
export function lower(text: string): string {
  return Array.from(text, (character) => String.fromCodePoint(character.toLowerCase().codePointAt(0) ?? 0)).join("");
}

type TextFunction = (...args: never[]) => Value;

export const plain: Readonly<Record<string, TextFunction>> = {
  RIGHT: (text: string, taken: Big) => right(text, count(taken)),
  MID: (text: string, start: Big, taken: Big) => middle(text, position(start), count(taken)),
  UPPER: upper,
  LOWER: lower,
  SUBSTITUTE: substitute,
  FIND: (piece: string, text: string, start: Big) => find(piece, text, position(start)),
};
