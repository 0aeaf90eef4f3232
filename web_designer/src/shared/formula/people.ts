/** Functions over people and circumstances: who is at work, what the record was before; what the context does not know is DENIED. */
import type Big from "big.js";
import { same, type Make } from "./choices";
import { makePath } from "./lists";
import { cut } from "./numbers";
import { Failure, isRecord, type CallNode, type Env, type FormulaContext, type Node, type PathNode, type Value } from "./values";

const FARTHEST = 100;

function path(node: CallNode, place: number): PathNode {
  const found: Node | undefined = node.args[place];
  if (found === undefined || !("path" in found)) throw new Error("a path is missing");
  return found;
}

const nothing = (of: PathNode): Value => (of.type.startsWith("list") ? [] : null);

const makeUserField: Make = (node) => {
  const field = path(node, 1);
  const read = makePath(field);
  return (_, context) => {
    if (context.user === null) return nothing(field);
    if (!isRecord(context.user)) throw new Failure("REF");
    return read([context.user], context);
  };
};

/** The record before the change is null for a new one; where it is not given, nobody can tell. */
function before(context: FormulaContext): Env | null {
  return context.old ?? null;
}

const makeOld: Make = (node) => {
  const field = path(node, 0);
  const read = makePath(field);
  return (_, context) => {
    const old = before(context);
    return old === null ? nothing(field) : read([old], context);
  };
};

const makeChanged: Make = (node, compileNode) => {
  const [now, was] = node.args.map(compileNode);
  return (frames, context) => {
    const [one, other] = [now?.(frames, context) ?? null, was?.(frames, context) ?? null];
    if (!Array.isArray(one) && !Array.isArray(other)) return !same(one, other);
    const [after, earlier] = [one, other].map((list) => (Array.isArray(list) ? (list as readonly Value[]) : []));
    if (after === undefined || earlier === undefined || after.length !== earlier.length) return true;
    return !after.every((value, place) => same(value, earlier[place] ?? null));
  };
};

/** Returns the field of a record that carries it; nobody can be asked for any other. */
function known(record: Value, field: string): Value {
  if (!isRecord(record) || !(field in record)) throw new Failure("DENIED");
  return record[field] ?? null;
}

function managerOf(context: FormulaContext, user: Value, level: Big): Value {
  if (level.lt(1)) throw new Failure("VALUE");
  const steps = Math.min(cut(level), FARTHEST);
  if (context.people !== undefined) return context.people.managerOf(user, steps);
  let found = user;
  for (let step = steps; step > 0 && found !== null; step -= 1) found = known(found, "manager");
  return found;
}

function leaderOf(context: FormulaContext, department: Value): Value {
  return context.people === undefined ? known(department, "manager") : context.people.leaderOf(department);
}

function pathOf(context: FormulaContext, department: Value): Value {
  if (context.people !== undefined) return context.people.pathOf(department);
  const names: string[] = [];
  let found = department;
  while (found !== null && names.length < FARTHEST) {
    names.unshift(String(known(found, "name")));
    found = isRecord(found) ? (found["parent"] ?? null) : null;
  }
  return names.join("/");
}

function denied(): never {
  throw new Failure("DENIED");
}

export const makes = { user_field: makeUserField, OLD: makeOld, CHANGED: makeChanged };

export const plain = {
  RECORDID: (id: string) => id,
  record_text: (record: Value) => (isRecord(record) ? (record["id"] ?? null) : record),
};

export const inContext = {
  HASROLE: (context: FormulaContext, role: string) => context.roles?.includes(role) ?? false,
  INDEPARTMENT: (context: FormulaContext, department: string) => context.departments?.includes(department) ?? false,
  MANAGEROF: managerOf,
  LEADEROF: leaderOf,
  DEPTPATH: pathOf,
  FLOWSTATE: (context: FormulaContext) => context.flowState ?? null,
  UUID: (context: FormulaContext) => context.newId?.() ?? denied(),
  SEQ: denied,
};
