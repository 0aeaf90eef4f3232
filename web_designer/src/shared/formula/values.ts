/** Says what formulas read and answer: the values, the context of an evaluation, errors as values, the nodes of a tree. */
import type Big from "big.js";

/** An error as a value; a formula that meets one answers one. */
export class ErrorValue {
  constructor(readonly code: string) {}
}

/** Numbers are Big, dates "2026-11-23", times Date, options and texts strings; a record is its id or its fields. */
export type Value = null | Big | string | boolean | Date | ErrorValue | readonly Value[] | { readonly [key: string]: Value };

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

/** Whether a value is blank: null, an empty text, an empty list. */
export function isBlank(value: Value): boolean {
  return value === null || value === "" || (Array.isArray(value) && value.length === 0);
}
