/**
 * Takes a regular expression as people write it, gives it in RE2's words; the server's `pattern.py` in the browser.
 *
 * What is refused there is refused here, and for the same reasons.
 */
const MAX_PATTERN = 1000;
const MAX_SIZE = 1000;
const MAX_REPEAT = 1000;
const MAX_GROUPS = 50;
const CLASS_SIZE = 20;
const REPEAT = /\{([0-9]{1,4})(,([0-9]{1,4})?)?\}/y;
const FLAGS = /\(\?([ims]*)(-([ims]+))?([:)])/y;
const NAME = /\(\?P?<([A-Za-z_][A-Za-z0-9_]*)>/y;
const HEX = /\\(?:x([0-9A-Fa-f]{2})|x\{([0-9A-Fa-f]{1,6})\}|u([0-9A-Fa-f]{4}))/y;
const KNOWN_CLASS = /\\([pP])(?:\{(\^?)([A-Za-z]+)\}|([A-Z]))/y;
const POSIX = /\[:(\^?)([a-z]+):\]/y;
const CONTROLS: Readonly<Record<string, number>> = { a: 7, t: 9, n: 10, v: 11, f: 12, r: 13 };
const UNICODE_CLASSES = new Set(
  (
    "L Ll Lm Lo Lt Lu M Mc Me Mn N Nd Nl No P Pc Pd Pe Pf Pi Po Ps S Sc Sk Sm So Z Zl Zp Zs Cc Co Han Latin Greek " +
    "Cyrillic Hiragana Katakana Hangul Bopomofo Arabic Hebrew Thai Tibetan Mongolian Devanagari"
  ).split(" "),
);
const POSIX_CLASSES = new Set(
  "alnum alpha ascii blank cntrl digit graph lower print punct space upper word xdigit".split(" "),
);

export interface Pattern {
  readonly written: string;
  readonly groups: number;
}

class BadPattern extends Error {}

/** What has been read: how large it is, whether it is a mere place in the text, which is never repeated. */
interface Part {
  readonly size: number;
  readonly isPlace: boolean;
}

const ONE: Part = { size: 1, isPlace: false };
const PLACE: Part = { size: 1, isPlace: true };

/** Returns a regular expression in RE2's words, null for one that is none or too large. */
export function readPattern(text: string): Pattern | null {
  if ([...text].length > MAX_PATTERN) return null;
  const reader = new Reader(text);
  try {
    const size = reader.choice(0);
    return reader.isAtEnd() && size <= MAX_SIZE ? { written: reader.written.join(""), groups: reader.groups } : null;
  } catch (problem) {
    if (problem instanceof BadPattern) return null;
    throw problem;
  }
}

function written(code: number): string {
  if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) throw new BadPattern();
  return `\\x{${code.toString(16)}}`;
}

/** Reads one pattern from left to right; `written` grows as it does. */
class Reader {
  readonly written: string[] = [];
  groups = 0;
  private place = 0;
  private readonly names = new Set<string>();

  constructor(private readonly text: string) {}

  isAtEnd(): boolean {
    return this.place >= this.text.length;
  }

  /** Reads alternatives up to a closing bracket or the end, gives their size. */
  choice(depth: number): number {
    if (depth > MAX_GROUPS) throw new BadPattern();
    let [size, count] = [this.sequence(depth), 1];
    while (this.next() === "|") {
      this.place += 1;
      this.written.push("|");
      size += this.sequence(depth);
      count += 1;
    }
    return count === 1 ? size : size + 1;
  }

  private next(ahead = 0): string {
    const code = this.text.codePointAt(this.place + ahead);
    return code === undefined ? "" : String.fromCodePoint(code);
  }

  private take(expression: RegExp): RegExpExecArray | null {
    expression.lastIndex = this.place;
    const found = expression.exec(this.text);
    if (found !== null) this.place = expression.lastIndex;
    return found;
  }

  private isRepeat(): boolean {
    REPEAT.lastIndex = this.place;
    return ["*", "+", "?"].includes(this.next()) || REPEAT.test(this.text);
  }

  private sequence(depth: number): number {
    let size = 0;
    while (!["", "|", ")"].includes(this.next())) {
      const part = this.part(depth);
      if (part !== null) size += this.repeated(part);
    }
    return Math.max(1, size);
  }

  /** Reads how often a part is repeated, gives its size. */
  private repeated(part: Part): number {
    const start = this.place;
    const bounds = this.bounds();
    if (bounds === null) return part.size;
    const [least, most] = bounds;
    if (part.isPlace || least > MAX_REPEAT || (most !== null && (most > MAX_REPEAT || most < least))) throw new BadPattern();
    if (this.next() === "?") this.place += 1;
    if (this.isRepeat()) throw new BadPattern();
    this.written.push(this.text.slice(start, this.place));
    const size = part.size * Math.max(1, most ?? least);
    if (size > MAX_SIZE) throw new BadPattern();
    return size;
  }

  private bounds(): readonly [number, number | null] | null {
    const signs: Readonly<Record<string, readonly [number, number | null]>> = { "*": [0, null], "+": [1, null], "?": [0, 1] };
    const simple = signs[this.next()];
    if (simple !== undefined) {
      this.place += 1;
      return simple;
    }
    const found = this.take(REPEAT);
    if (found === null) return null;
    const least = Number(found[1]);
    if (found[2] === undefined) return [least, least];
    return [least, found[3] === undefined ? null : Number(found[3])];
  }

  /** Reads one part; null for flags, which are none. */
  private part(depth: number): Part | null {
    const sign = this.next();
    if (sign === "(") return this.group(depth);
    if (sign === "[") return this.oneOf(this.set());
    if (["*", "+", "?"].includes(sign)) throw new BadPattern();
    if (sign === "\\") return this.escape();
    this.place += sign.length;
    if (sign === ".") return this.oneOf(".");
    if (sign === "^" || sign === "$") {
      this.written.push(sign);
      return PLACE;
    }
    return this.oneOf(written(sign.codePointAt(0) ?? 0));
  }

  private group(depth: number): Part | null {
    const flags = this.take(FLAGS);
    if (flags !== null) {
      if (flags[0] === "(?)") throw new BadPattern();
      this.written.push(flags[0]);
      if (flags[4] === ")") return null;
    } else {
      const named = this.take(NAME);
      if (named === null) {
        this.place += 1;
        if (this.next() === "?") throw new BadPattern();
      } else {
        const name = named[1] ?? "";
        if (this.names.has(name)) throw new BadPattern();
        this.names.add(name);
      }
      this.groups += 1;
      this.written.push("(");
    }
    const size = this.choice(depth + 1);
    if (this.next() !== ")") throw new BadPattern();
    this.place += 1;
    this.written.push(")");
    return { size, isPlace: false };
  }

  private escape(): Part {
    const following = this.next(1);
    if (["b", "B", "A", "z"].includes(following)) {
      this.place += 2;
      this.written.push(`\\${following}`);
      return PLACE;
    }
    const known = this.knownClass();
    return this.oneOf(known === "" ? written(this.code()) : known);
  }

  /** Reads \d, \pL and their like; empty when something else stands here. */
  private knownClass(): string {
    const following = this.next(1);
    if (["d", "D", "w", "W", "s", "S"].includes(following)) {
      this.place += 2;
      return `\\${following}`;
    }
    const found = this.take(KNOWN_CLASS);
    if (found === null) return "";
    const name = found[3] ?? found[4] ?? "";
    if (!UNICODE_CLASSES.has(name)) throw new BadPattern();
    const isTurned = (found[1] === "P") !== (found[2] === "^");
    return `\\${isTurned ? "P" : "p"}{${name}}`;
  }

  /** Reads an escaped character, gives its code. */
  private code(): number {
    const found = this.take(HEX);
    if (found !== null) return Number.parseInt(found[1] ?? found[2] ?? found[3] ?? "", 16);
    const character = this.next(1);
    this.place += 1 + character.length;
    const control = Object.hasOwn(CONTROLS, character) ? CONTROLS[character] : undefined;
    if (control !== undefined) return control;
    if (!/^[\0-\x7f]$/.test(character) || /^[A-Za-z0-9_]$/.test(character)) throw new BadPattern();
    return character.charCodeAt(0);
  }

  /** Reads a set in square brackets, gives it in RE2's words. */
  private set(): string {
    const made = ["["];
    this.place += 1;
    if (this.next() === "^") {
      this.place += 1;
      made.push("^");
    }
    let isFirst = true;
    while (isFirst || this.next() !== "]") {
      isFirst = false;
      if (this.next() === "") throw new BadPattern();
      made.push(this.item());
    }
    this.place += 1;
    return [...made, "]"].join("");
  }

  private item(): string {
    const posix = this.take(POSIX);
    if (posix !== null) {
      if (!POSIX_CLASSES.has(posix[2] ?? "")) throw new BadPattern();
      return posix[0];
    }
    if (this.text.startsWith("[:", this.place)) throw new BadPattern();
    if (this.next() === "\\") {
      const known = this.knownClass();
      if (known !== "") return known;
    }
    const low = this.member();
    if (this.next() !== "-" || ["", "]"].includes(this.next(1))) return written(low);
    this.place += 1;
    const high = this.member();
    if (high < low) throw new BadPattern();
    return `${written(low)}-${written(high)}`;
  }

  private member(): number {
    const character = this.next();
    if (character === "\\") {
      const code = this.code();
      written(code);
      return code;
    }
    this.place += character.length;
    return character.codePointAt(0) ?? 0;
  }

  private oneOf(set: string): Part {
    this.written.push(set);
    return /\\p/i.test(set) ? { size: CLASS_SIZE, isPlace: false } : ONE;
  }
}
