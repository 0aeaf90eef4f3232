/** Says what formulas read and answer: the values, the context of an evaluation, errors as values, the nodes of a tree. */
import type Big from "big.js";

/** An error as a value; a formula that meets one answers one. */
export class ErrorValue {
  constructor(readonly code: string) {}
}

/** Numbers are Big, dates "2026-11-23", times Date, options and texts strings; a record is its id or its fields. */
export type Value = null | Big | string | boolean | Date | ErrorValue | readonly Value[] | { readonly [key: string]: Value };

/** A time with its microseconds, which a Date does not keep: 0 to 999 beyond its milliseconds. */
export class Time extends Date {
  constructor(milliseconds: number, readonly micros: number) {
    super(milliseconds);
  }

  override toISOString(): string {
    return super.toISOString().replace("Z", `${String(this.micros).padStart(3, "0")}Z`);
  }
}

/** Returns a time; the usual one, of whole milliseconds, is a Date. */
export function timeAt(milliseconds: number, micros: number): Date {
  return micros === 0 ? new Date(milliseconds) : new Time(milliseconds, micros);
}

export function microsOf(moment: string | Date): number {
  return moment instanceof Time ? moment.micros : 0;
}

/** Returns the time that the server writes, such as "2026-11-23T08:30:15.123456Z". */
export function readTime(text: string): Date {
  const micros = /\.\d{3}(\d{1,3})/.exec(text)?.[1];
  return timeAt(Date.parse(text), micros === undefined ? 0 : Number(micros.padEnd(3, "0")));
}

/** The days on which the site's calendar differs from weeks of Monday to Friday. */
export interface Calendar {
  readonly holidays: readonly string[];
  readonly workdays: readonly string[];
}

/** The fields of a record by key; a missing one is a blank. */
export type Env = Readonly<Record<string, Value>>;

export interface FormulaContext {
  readonly now: Date;
  /** The site's time zone, such as "Asia/Shanghai". */
  readonly zone: string;
  /** The user at work: an id, or a record with `id` and the fields formulas may ask for. */
  readonly user: Value;
  /** Gives nine random digits as a whole number, others each time; without it nothing random can be computed. */
  readonly random?: () => number;
  /** The site's calendar, when a formula of the page reads it. */
  readonly calendar?: Calendar;
  /** What names a role of the user, and the user's department or one above it. */
  readonly roles?: readonly string[];
  readonly departments?: readonly string[];
  /** Says who leads whom; without it a formula knows what a record itself says. */
  readonly people?: {
    managerOf(user: Value, level: number): Value;
    leaderOf(department: Value): Value;
    pathOf(department: Value): Value;
  };
  /** The record before the change, null when it is new. */
  readonly old?: Env | null;
  /** The key of the state a flow has brought the record to. */
  readonly flowState?: string | null;
  /** Gives a new id; without it UUID is DENIED. */
  readonly newId?: () => string;
}

/** An error on its way up; never leaves `compile`'s function. */
export class Failure extends Error {
  constructor(readonly code: string) {
    super(code);
  }
}

/** A typed tree as the server gives it. */
export type TreeJson = Readonly<Record<string, unknown>>;

export interface LiteralNode {
  readonly literal: unknown;
  readonly type: string;
}
export interface PathNode {
  readonly path: readonly string[];
  readonly type: string;
  /** Whose field it starts at: 0 the record, 1 the row of the outermost filter or row expression, and so on. */
  readonly row?: number;
  /** How many leading keys lead to the last list of records. */
  readonly many?: number;
}
export interface CallNode {
  readonly call: string;
  readonly args: readonly Node[];
  readonly type: string;
  readonly blank?: boolean;
}
export type Node = LiteralNode | PathNode | CallNode;

/** The records and rows around a place: the record first, the innermost row last. */
export type Frames = readonly Env[];
export type Run = (frames: Frames, context: FormulaContext) => Value;
export type CompileNode = (node: Node) => Run;

export const MAX_TEXT = 1_000_000;
export const MAX_LIST = 100_000;

/** Returns a value as it is, throws when it is an error. */
export function sound(value: Value | undefined): Value {
  if (value === undefined) return null;
  if (value instanceof ErrorValue) throw new Failure(value.code);
  return value;
}

export function isRecord(value: Value): value is { readonly [key: string]: Value } {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/**
 * When the evaluation at work must have ended, in milliseconds of the page's clock, and the rows it has begun; what takes longer is
 * LIMIT. Of a few rows no clock is asked: it is the machine that was busy then.
 */
export const clock = { until: Infinity, rows: 0 };
export const MOST_MS = 50;
const FEW_ROWS = 250;

/** Returns the frames of a row inside others; throws when the evaluation has taken too long by now. */
export function within(frames: Frames, row: Env): Frames {
  clock.rows += 1;
  if (clock.rows > FEW_ROWS && performance.now() > clock.until) throw new Failure("LIMIT");
  return [...frames, row];
}

/** Whether a value is blank: null, an empty text, an empty list. */
export function isBlank(value: Value): boolean {
  return value === null || value === "" || (Array.isArray(value) && value.length === 0);
}
