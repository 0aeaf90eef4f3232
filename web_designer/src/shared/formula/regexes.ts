/** Functions over regular expressions, in time linear in the text: RE2 in the browser; loaded when a formula calls them. */
import type Big from "big.js";
import { RE2JS } from "re2js";
import type { Make } from "./choices";
import { cut } from "./numbers";
import { readPattern } from "./pattern";
import { Failure, MAX_TEXT, type Run, type Value } from "./values";

interface Matcher {
  readonly expression: RE2JS;
  readonly groups: number;
}

const MOST_KEPT = 100;
const known = new Map<string, Matcher | null>();

function compiled(text: string): Matcher | null {
  const pattern = readPattern(text);
  if (pattern === null) return null;
  try {
    return { expression: RE2JS.compile(pattern.written), groups: pattern.groups };
  } catch {
    return null;
  }
}

/** Returns what finds a pattern in texts; a few of them are kept. */
function matcher(text: string): Matcher {
  let made = known.get(text);
  if (made === undefined) {
    made = compiled(text);
    if (known.size >= MOST_KEPT) known.clear();
    known.set(text, made);
  }
  if (made === null) throw new Failure("VALUE");
  return made;
}

/** Returns a text, refuses one with half a character, which the server could not hold. */
function whole(text: string): string {
  if (/\p{Surrogate}/u.test(text)) throw new Failure("VALUE");
  return text;
}

function matches(text: string, pattern: Matcher): boolean {
  return pattern.expression.matcher(whole(text)).find();
}

function extract(text: string, pattern: Matcher, group: Big): Value {
  const number = cut(group);
  if (!(number >= 0 && number <= pattern.groups)) throw new Failure("VALUE");
  const found = pattern.expression.matcher(whole(text));
  return found.find() ? (found.group(number) ?? null) : null;
}

/** Returns texts and numbers of groups: `$1` the first one, `$0` the whole match, `$$` a `$`. */
function pieces(text: string, groups: number): readonly (string | number)[] {
  const found: (string | number)[] = [];
  let place = 0;
  while (place < text.length) {
    const following = text.charAt(place + 1);
    if (text.charAt(place) !== "$" || !/^[$0-9]$/.test(following)) {
      found.push(text.charAt(place));
      place += 1;
      continue;
    }
    place += 2;
    if (following === "$") {
      found.push("$");
      continue;
    }
    let number = Number(following);
    if (number > groups) throw new Failure("VALUE");
    while (/^[0-9]$/.test(text.charAt(place)) && number * 10 + Number(text.charAt(place)) <= groups) {
      number = number * 10 + Number(text.charAt(place));
      place += 1;
    }
    found.push(number);
  }
  return found;
}

function replace(text: string, pattern: Matcher, replacement: string): string {
  const parts = pieces(replacement, pattern.groups);
  const found = pattern.expression.matcher(whole(text));
  const made: string[] = [];
  let [end, place, size] = [0, 0, 0];
  const add = (piece: string) => {
    made.push(piece);
    size += [...piece].length;
  };
  while (place <= text.length && found.find(place)) {
    const [from, to] = [found.start(), found.end()];
    add(text.slice(end, from));
    for (const part of parts) add(typeof part === "number" ? (found.group(part) ?? "") : part);
    if (size > MAX_TEXT) throw new Failure("LIMIT");
    end = to;
    // A match of nothing would be found again for ever.
    place = to > from ? to : to + ((text.codePointAt(to) ?? 0) > 0xffff ? 2 : 1);
  }
  add(text.slice(end));
  if (size > MAX_TEXT) throw new Failure("LIMIT");
  return made.join("");
}

function withPattern(apply: (text: string, pattern: Matcher, last: never) => Value): Make {
  return (node, compileNode) => {
    const [text, pattern, last] = node.args.map(compileNode) as [Run, Run, Run | undefined];
    return (frames, context) => {
      const given = text(frames, context) as string;
      const found = matcher(pattern(frames, context) as string);
      return apply(given, found, (last === undefined ? null : last(frames, context)) as never);
    };
  };
}

export const makes: Readonly<Record<string, Make>> = {
  REGEXMATCH: withPattern(matches),
  REGEXEXTRACT: withPattern(extract),
  REGEXREPLACE: withPattern(replace),
};
