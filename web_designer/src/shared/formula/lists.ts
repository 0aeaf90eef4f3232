/** Paths and lists: fields of records, line items row by row, and what is made of all their values. */
import Big from "big.js";
import { compare, type Make } from "./choices";
import { add, quotient, ZERO } from "./numbers";
import {
  ErrorValue,
  Failure,
  isRecord,
  MAX_LIST,
  sound,
  within,
  type CallNode,
  type CompileNode,
  type Env,
  type Frames,
  type FormulaContext,
  type Node,
  type PathNode,
  type Run,
  type Value,
} from "./values";

/** Returns the closure that reads a path. */
export function makePath(node: PathNode): Run {
  const row = node.row ?? 0;
  const [first, ...rest] = node.path;
  if (first === undefined) throw new Error("a path is empty");
  if (node.many !== undefined && node.many > 0) {
    const many = node.many;
    return (frames) => spread(frames[row] ?? {}, node.path, many);
  }
  if (rest.length === 0) return (frames) => sound(frames[row]?.[first]);
  return (frames) => {
    let value = sound(frames[row]?.[first]);
    for (const name of rest) {
      if (value === null) return null;
      value = sound(member(value, name));
    }
    return value;
  };
}

/** Returns a field of a record; a record known by its id alone has no fields to read. */
function member(value: Value, name: string): Value {
  if (isRecord(value)) return value[name] ?? null;
  if (name === "id") return value;
  throw new Failure("REF");
}

/** Returns the values at the end of a path: a blank has no rows, and behind the last list each row has its value. */
function spread(env: Env, names: readonly string[], many: number): readonly Value[] {
  let values: Value[] = [env];
  names.forEach((name, place) => {
    const reached = values.map((value) => (value === null ? null : sound(member(value, name))));
    // Where others have a list, a blank is a list of nothing.
    const countsBlanks = place >= many && !reached.some(Array.isArray);
    const following: Value[] = [];
    for (const part of reached) {
      if (Array.isArray(part)) following.push(...(part as readonly Value[]));
      else if (part !== null || countsBlanks) following.push(part);
    }
    if (following.length > MAX_LIST) throw new Failure("LIMIT");
    values = following;
  });
  return values;
}

/** Returns an argument that the checker has seen to be there. */
export function argument(node: CallNode, place: number): Node {
  const found = node.args[place];
  if (found === undefined) throw new Error("an argument is missing");
  return found;
}

/** Returns the rows of a list, none for a blank. */
function rowsOf(value: Value): readonly Value[] {
  if (!Array.isArray(value)) return [];
  if (value.length > MAX_LIST) throw new Failure("LIMIT");
  return value as readonly Value[];
}

/** Returns the fields of an element of a list of records: of a blank one there are none, of one known by its id only that. */
export function frameOf(row: Value): Env {
  if (row === null || isRecord(row)) return row ?? {};
  return new Proxy({}, {
    get: (_, name) => {
      if (name !== "id") throw new Failure("REF");
      return row;
    },
  });
}

const makeList: Make = (node, compileNode) => {
  const items = node.args.map(compileNode);
  return (frames, context) => items.map((item) => item(frames, context));
};

const makeFilter: Make = (node, compileNode) => {
  const [rows, condition] = [compileNode(argument(node, 0)), compileNode(argument(node, 1))];
  return (frames, context) =>
    rowsOf(rows(frames, context)).filter((row) => condition(within(frames, frameOf(row)), context) === true);
};

const makeMap: Make = (node, compileNode) => {
  const [rows, value] = [compileNode(argument(node, 0)), compileNode(argument(node, 1))];
  const isList = argument(node, 1).type.startsWith("list");
  return (frames, context) => {
    const values = rowsOf(rows(frames, context)).map((row) => value(within(frames, frameOf(row)), context));
    return isList ? rowsOf(values.flatMap((part) => (Array.isArray(part) ? (part as readonly Value[]) : []))) : values;
  };
};

const makeField: Make = (node, compileNode) => {
  const [record, value] = [compileNode(argument(node, 0)), compileNode(argument(node, 1))];
  const isList = node.type.startsWith("list");
  return (frames, context) => {
    const found = record(frames, context);
    if (found === null) return isList ? [] : null;
    if (!isRecord(found)) throw new Failure("REF");
    const made = value([...frames, found], context);
    return made === null && isList ? [] : made;
  };
};

/** Returns what gives all values of the arguments: lists spread out, blanks left out, an error thrown. */
function values(node: CallNode, compileNode: CompileNode): (frames: Frames, context: FormulaContext) => Value[] {
  const runs = node.args.map(compileNode);
  return (frames, context) => {
    const found: Value[] = [];
    for (const run of runs) {
      const value = run(frames, context);
      for (const part of Array.isArray(value) ? (value as readonly Value[]) : [value]) {
        if (part instanceof ErrorValue) throw new Failure(part.code);
        if (part !== null && part !== "") found.push(part);
      }
    }
    return found;
  };
}

function total(found: readonly Value[]): Big {
  let sum: Big = ZERO;
  for (const value of found) if (value instanceof Big) sum = add(sum, value);
  return sum;
}

function made(make: (found: readonly Value[]) => Value): Make {
  return (node, compileNode) => {
    const all = values(node, compileNode);
    return (frames, context) => make(all(frames, context));
  };
}

function extreme(isBetter: (order: number) => boolean): Make {
  return made((found) => {
    let best: Value = null;
    for (const value of found) if (best === null || isBetter(compare(value, best))) best = value;
    return best;
  });
}

export const LISTS: Readonly<Record<string, Make>> = {
  list: makeList,
  filter: makeFilter,
  map: makeMap,
  field: makeField,
  SUM: made(total),
  COUNT: made((found) => new Big(found.length)),
  AVERAGE: made((found) => (found.length > 0 ? quotient(total(found), new Big(found.length)) : null)),
  MIN: extreme((order) => order < 0),
  MAX: extreme((order) => order > 0),
};
