/** Functions over pieces and single characters of texts, loaded when a formula calls them; positions count code points from 1. */
import Big from "big.js";
import { count, limited, position } from "./texts";
import { find, lower, upper } from "./textSteps";
import { cut } from "./numbers";
import { Failure, MAX_TEXT, type Value } from "./values";

function replace(text: string, start: Big, taken: Big, replacement: string): string {
  const first = position(start) - 1;
  const characters = [...text];
  const rest = characters.slice(first + count(taken)).join("");
  return limited(characters.slice(0, first).join("") + replacement + rest);
}

function repeat(text: string, times: Big): string {
  const wanted = count(times);
  // The count is cut off above the limit, so the text must be looked at before it is.
  if (times.round(0, 0).times([...text].length).gt(MAX_TEXT)) throw new Failure("LIMIT");
  return text === "" ? "" : text.repeat(wanted);
}

function occurrence(which: Big): number {
  const number = Math.max(-MAX_TEXT - 1, Math.min(MAX_TEXT + 1, cut(which)));
  if (number === 0) throw new Failure("VALUE");
  return number;
}

/** Returns where an occurrence begins, counted from the end when the number is negative; -1 without one. */
function found(text: string, piece: string, number: number): number {
  let place = number > 0 ? -piece.length : text.length;
  for (let round = 0; round < Math.abs(number); round += 1) {
    const end = place - piece.length;
    place = number > 0 ? text.indexOf(piece, place + piece.length) : end < 0 ? -1 : text.lastIndexOf(piece, end);
    if (place < 0) return -1;
  }
  return place;
}

function before(text: string, piece: string, which: Big): Value {
  const number = occurrence(which);
  if (piece === "") return number > 0 ? "" : text;
  const place = found(text, piece, number);
  return place < 0 ? null : text.slice(0, place);
}

function after(text: string, piece: string, which: Big): Value {
  const number = occurrence(which);
  if (piece === "") return number > 0 ? text : "";
  const place = found(text, piece, number);
  return place < 0 ? null : text.slice(place + piece.length);
}

function filling(text: string, wanted: Big, pad: string): string {
  const missing = count(wanted) - [...text].length;
  if (missing <= 0 || pad === "") return "";
  if (wanted.gte(MAX_TEXT + 1)) throw new Failure("LIMIT");
  const characters = [...pad];
  const times = Math.floor(missing / characters.length);
  return pad.repeat(times) + characters.slice(0, missing % characters.length).join("");
}

function mask(text: string, head: Big, tail: Big): string {
  const [first, last] = [count(head), count(tail)];
  const characters = [...text];
  const hidden = characters.length - first - last;
  if (hidden <= 0) return text;
  const end = characters.slice(characters.length - last).join("");
  return characters.slice(0, first).join("") + "*".repeat(hidden) + end;
}

function proper(text: string): string {
  let isInside = false;
  return Array.from(text, (character) => {
    const written = isInside ? lower(character) : upper(character);
    isInside = /\p{L}/u.test(character);
    return written;
  }).join("");
}

function encode(text: string): string {
  try {
    const written = encodeURIComponent(text);
    return limited(written.replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`));
  } catch (problem) {
    // Half a character has no bytes.
    if (problem instanceof URIError) throw new Failure("VALUE");
    throw problem;
  }
}

function character(most: number): (code: Big) => string {
  return (code) => {
    const number = cut(code);
    if (!(number >= 1 && number <= most) || (number >= 0xd800 && number <= 0xdfff)) throw new Failure("VALUE");
    return String.fromCodePoint(number);
  };
}

function codeOf(text: string): Big {
  const code = text.codePointAt(0);
  if (code === undefined) throw new Failure("VALUE");
  return new Big(code);
}

export const plain: Readonly<Record<string, (...values: never[]) => Value>> = {
  SEARCH: (piece: string, text: string, start: Big) => find(lower(piece), lower(text), position(start)),
  REPLACE: replace,
  REPT: repeat,
  TEXTBEFORE: before,
  TEXTAFTER: after,
  PADLEFT: (text: string, wanted: Big, pad: string) => filling(text, wanted, pad) + text,
  PADRIGHT: (text: string, wanted: Big, pad: string) => text + filling(text, wanted, pad),
  MASK: mask,
  CLEAN: (text: string) => text.replace(/\p{Cc}/gu, ""),
  PROPER: proper,
  EXACT: (one: string, other: string) => one === other,
  URLENCODE: encode,
  CHAR: character(255),
  UNICHAR: character(0x10ffff),
  CODE: codeOf,
  UNICODE: codeOf,
};
