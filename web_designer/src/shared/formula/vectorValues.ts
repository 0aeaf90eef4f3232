/** Takes the JSON of vectors, gives values, and values back as JSON: numbers and times are marked, as no field says what they are. */
import Big from "big.js";
import { compile, ErrorValue, prepare, type Env, type FormulaContext, type TreeJson, type Value } from "./index";
import { readTime, type Calendar } from "./values";

/** One question with what it may know; `expect` is there in the project's own vectors. */
export interface VectorJson {
  readonly id: string;
  readonly text: string;
  readonly tree: TreeJson;
  readonly record: unknown;
  readonly now: string;
  readonly zone: string;
  readonly user: unknown;
  readonly calendar: Calendar;
  readonly roles: readonly string[];
  readonly departments: readonly string[];
  readonly old: unknown;
  readonly expect: unknown;
  readonly relative: string | null;
}

/** Returns the value that a vector's JSON means. */
export function fromJson(json: unknown): Value {
  if (Array.isArray(json)) return json.map(fromJson);
  if (typeof json !== "object" || json === null) return json as Value;
  const marked = json as Record<string, unknown>;
  if ("$number" in marked) return new Big(String(marked["$number"]));
  if ("$time" in marked) return readTime(String(marked["$time"]));
  if ("$error" in marked) return new ErrorValue(String(marked["$error"]));
  return Object.fromEntries(Object.entries(marked).map(([key, part]) => [key, fromJson(part)]));
}

/** Returns the JSON of a value. */
export function toJson(value: Value): unknown {
  if (value instanceof Big) return { $number: value.eq(0) ? "0" : value.toFixed() };
  if (value instanceof Date) return { $time: value.toISOString() };
  if (value instanceof ErrorValue) return { $error: value.code };
  if (Array.isArray(value)) return (value as readonly Value[]).map(toJson);
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, toJson(part)]));
  }
  return value;
}

/** Returns what a vector's tree answers; its functions must have been prepared. */
export function answer(vector: VectorJson): Value {
  const context: FormulaContext = {
    now: new Date(vector.now),
    zone: vector.zone,
    user: fromJson(vector.user),
    random: () => 123_456_789,
    calendar: vector.calendar,
    roles: vector.roles,
    departments: vector.departments,
    old: fromJson(vector.old) as Env | null,
    newId: () => crypto.randomUUID(),
  };
  return compile(vector.tree)(fromJson(vector.record) as Env, context);
}

/** Loads the functions that vectors call. */
export async function prepareAll(vectors: readonly VectorJson[]): Promise<void> {
  await prepare(vectors.map((vector) => vector.tree));
}
