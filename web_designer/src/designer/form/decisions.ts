/**
 * Takes a document and what was done to how an entity decides, gives the gesture.
 *
 * A table begins with what it can be made of: a field to be found by and one to give. What is still wrong the server says.
 */
import { type Command, compose, insertAt, removeAt, setAt, shiftAt } from "../core/commands";
import { type AppDocument, type DecisionDefinition, type DecisionInput, type EntityDefinition, type FieldDefinition, type Json, type Keyed, entityOf, pointerOf, under } from "../core/doc";
import type { Gesture } from "../core/history";
import { decisionPointer } from "./decisionFields";
import { naming } from "./gestures";
import { freeKey } from "./kinds";

export const MATCHES = ["eq", "range", "in", "prefix", "contains"] as const;
export const POLICIES = ["first", "only", "all", "sum", "max", "min", "cumulative"] as const;
/** Policies for which the order of the rows counts. */
export const ORDERED: readonly string[] = ["first", "only", "all"];

export const NUMBERS: readonly string[] = ["number", "money", "percent", "quantity", "rating", "duration"];
const TEXTS = ["text", "sequence", "phone", "email", "barcode"];
const POINTS = [...NUMBERS, "date", "datetime"];
const KINDS: Readonly<Record<string, readonly string[]>> = {
  eq: ["choice", "tree_choice", "reference", "member", "department", "boolean", "date", ...NUMBERS, ...TEXTS],
  range: POINTS,
  in: ["choices", "references", "members", "departments"],
  prefix: TEXTS,
  contains: TEXTS,
};

/** Return how an entity decides; a draft may hold anything, so that what is not there counts as empty. */
export function decisionOf(entity: EntityDefinition | undefined): DecisionDefinition | null {
  const { decision } = entity ?? {};
  return entity?.kind === "decision" ? { ...decision, inputs: decision?.inputs ?? [], outputs: decision?.outputs ?? [], policy: decision?.policy ?? "first" } : null;
}

/** Return the fields an input can be matched with. */
export function matchable(entity: EntityDefinition, match: string): readonly FieldDefinition[] {
  return entity.fields.filter((field) => KINDS[match]?.includes(field.kind));
}

/** Return the fields a table can give, by what becomes of the rows that match. */
export function givable(entity: EntityDefinition, policy: string): readonly FieldDefinition[] {
  if (policy === "sum" || policy === "cumulative") return entity.fields.filter((field) => NUMBERS.includes(field.kind));
  if (policy === "max" || policy === "min") return entity.fields.filter((field) => POINTS.includes(field.kind));
  return entity.fields.filter((field) => field.kind !== "lines");
}

/** Make an entity a decision table, or an entity of plain records again. */
export function setDeciding(document: AppDocument, key: string, decides: boolean): Gesture {
  const entity = entityOf(document, key);
  const at = pointerOf("entities", key);
  const commands: Command[] = [setAt(document, under(at, "kind"), decides ? "decision" : undefined), setAt(document, under(at, "decision"), decides && entity ? (started(entity) as Json) : undefined)];
  return { label: naming("entry.decision", entity?.name ?? {}), commands };
}

function started(entity: EntityDefinition): DecisionDefinition {
  const [found = entity.fields[0]] = matchable(entity, "eq").filter(({ key }) => key !== entity.title);
  const [given = found] = [...entity.fields].reverse().filter(({ key, kind }) => key !== found?.key && kind !== "lines");
  return { inputs: found ? [{ key: found.key, match: "eq", field: found.key }] : [], outputs: given ? [given.key] : [], policy: "first" };
}

/** Add an input at the end: a field that is none yet. */
export function addInput(document: AppDocument, key: string): Gesture {
  const entity = entityOf(document, key);
  const inputs = decisionOf(entity)?.inputs ?? [];
  const used = new Set(inputs.flatMap(({ field, from, to }) => [field, from, to]));
  const field = entity && (matchable(entity, "eq").find((other) => !used.has(other.key) && other.key !== entity.title) ?? matchable(entity, "eq")[0]);
  const input = { key: freeKey(field?.key ?? "x_input", inputs.map((other) => other.key)), match: "eq", ...(field ? { field: field.key } : {}) };
  const list = under(decisionPointer(key), "inputs");
  return { label: naming("entry.decision", entity?.name ?? {}), commands: compose(document, (now) => insertAt(now, { list, before: null }, input as Keyed)) };
}

/** Match an input another way: with the first fields that can be matched so, where its own cannot. */
export function setMatch(document: AppDocument, key: string, input: DecisionInput, match: string): Gesture {
  const entity = entityOf(document, key);
  const at = under(decisionPointer(key), "inputs", input.key);
  const fit = entity ? matchable(entity, match).map((field) => field.key) : [];
  const own = [input.field, input.from, input.to].filter((field) => field !== undefined && fit.includes(field));
  const [first = fit[0]] = own;
  const fields = match === "range" ? { field: undefined, from: first, to: own[1] ?? fit.find((field) => field !== first) } : { field: first, from: undefined, to: undefined };
  return {
    label: naming("entry.decision", entity?.name ?? {}),
    commands: compose(document, (now) => setAt(now, under(at, "match"), match), ...Object.entries(fields).map(([name, value]) => (now: AppDocument) => setAt(now, under(at, name), value))),
  };
}

/** Take an input away, or move it one step. */
export function changeInput(document: AppDocument, key: string, input: string, by: -1 | 0 | 1): Gesture {
  const at = under(decisionPointer(key), "inputs", input);
  return { label: naming("entry.decision", entityOf(document, key)?.name ?? {}), commands: compose(document, (now) => (by === 0 ? removeAt(now, at) : shiftAt(now, at, by))) };
}
