/** Calls that compute only what is needed: choices, tests, comparisons and stand-ins for blanks. */
import Big from "big.js";
import { ZERO } from "./numbers";
import { compareText } from "./texts";
import { ErrorValue, Failure, isBlank, isRecord, microsOf, type CallNode, type CompileNode, type Run, type Value } from "./values";

export type Make = (node: CallNode, compileNode: CompileNode) => Run;

/** Returns the closures of all arguments. */
function all(node: CallNode, compileNode: CompileNode): Run[] {
  return node.args.map(compileNode);
}

/** Returns an argument that the checker has seen to be there. */
function at(runs: readonly Run[], place: number): Run {
  const run = runs[place];
  if (run === undefined) throw new Error("an argument is missing");
  return run;
}

/** Whether two values are equal: a blank equals a blank only, records are told apart by id. */
export function same(left: Value, right: Value): boolean {
  if (isBlank(left) || isBlank(right)) return isBlank(left) && isBlank(right);
  const [one, other] = [isRecord(left) ? (left["id"] ?? null) : left, isRecord(right) ? (right["id"] ?? null) : right];
  if (one instanceof Big) return other instanceof Big && one.eq(other);
  if (one instanceof Date) return other instanceof Date && compare(one, other) === 0;
  return one === other;
}

/** Returns below zero, zero or above it: the order of two values of one type. */
export function compare(left: Value, right: Value): number {
  if (left instanceof Big && right instanceof Big) return left.cmp(right);
  if (left instanceof Date && right instanceof Date) return left.getTime() - right.getTime() || microsOf(left) - microsOf(right);
  if (typeof left === "string" && typeof right === "string") return compareText(left, right);
  return Number(left) - Number(right);
}

function ordered(holds: (order: number) => boolean): Make {
  return (node, compileNode) => {
    const runs = all(node, compileNode);
    const [left, right] = [at(runs, 0), at(runs, 1)];
    return (frames, context) => {
      const [one, other] = [left(frames, context), right(frames, context)];
      return one !== null && other !== null && holds(compare(one, other));
    };
  };
}

function standIn(instead: Value): Make {
  return (node, compileNode) => {
    const value = at(all(node, compileNode), 0);
    return (frames, context) => value(frames, context) ?? instead;
  };
}

function holdsError(value: Value): boolean {
  return Array.isArray(value) && value.some((part) => part instanceof ErrorValue);
}

const makeIf: Make = (node, compileNode) => {
  const runs = all(node, compileNode);
  const [condition, then, otherwise] = [at(runs, 0), at(runs, 1), at(runs, 2)];
  return (frames, context) => (condition(frames, context) === true ? then : otherwise)(frames, context);
};

const makeIfs: Make = (node, compileNode) => {
  const runs = all(node, compileNode);
  return (frames, context) => {
    for (let place = 0; place + 1 < runs.length; place += 2) {
      if (at(runs, place)(frames, context) === true) return at(runs, place + 1)(frames, context);
    }
    return null;
  };
};

const makeSwitch: Make = (node, compileNode) => {
  const runs = all(node, compileNode);
  const last = runs.length - 1;
  return (frames, context) => {
    const value = at(runs, 0)(frames, context);
    for (let place = 1; place + 1 < last; place += 2) {
      if (same(value, at(runs, place)(frames, context))) return at(runs, place + 1)(frames, context);
    }
    return at(runs, last)(frames, context);
  };
};

const makeAnd: Make = (node, compileNode) => {
  const runs = all(node, compileNode);
  return (frames, context) => runs.every((run) => run(frames, context) === true);
};

const makeOr: Make = (node, compileNode) => {
  const runs = all(node, compileNode);
  return (frames, context) => runs.some((run) => run(frames, context) === true);
};

const makeNot: Make = (node, compileNode) => {
  const value = at(all(node, compileNode), 0);
  return (frames, context) => value(frames, context) !== true;
};

const makeIfError: Make = (node, compileNode) => {
  const runs = all(node, compileNode);
  const [value, instead] = [at(runs, 0), at(runs, 1)];
  return (frames, context) => {
    try {
      const found = value(frames, context);
      if (!holdsError(found)) return found;
    } catch (problem) {
      if (!(problem instanceof Failure)) throw problem;
    }
    return instead(frames, context);
  };
};

const makeIsError: Make = (node, compileNode) => {
  const value = at(all(node, compileNode), 0);
  return (frames, context) => {
    try {
      return holdsError(value(frames, context));
    } catch (problem) {
      if (!(problem instanceof Failure)) throw problem;
      return true;
    }
  };
};

const makeIfBlank: Make = (node, compileNode) => {
  const runs = all(node, compileNode);
  const last = runs.length - 1;
  return (frames, context) => {
    for (let place = 0; place < last; place += 1) {
      const value = at(runs, place)(frames, context);
      if (!isBlank(value)) return value;
    }
    return at(runs, last)(frames, context);
  };
};

const makeIsBlank: Make = (node, compileNode) => {
  const value = at(all(node, compileNode), 0);
  return (frames, context) => isBlank(value(frames, context));
};

const makeBetween: Make = (node, compileNode) => {
  const runs = all(node, compileNode);
  return (frames, context) => {
    const [value, low, high] = [at(runs, 0), at(runs, 1), at(runs, 2)].map((run) => run(frames, context));
    if (value == null || low == null || high == null) return false;
    return compare(low, value) <= 0 && compare(value, high) <= 0;
  };
};

const makeIn: Make = (node, compileNode) => {
  const [value, ...candidates] = all(node, compileNode);
  return (frames, context) => {
    const wanted = value === undefined ? null : value(frames, context);
    let isFound = false;
    for (const candidate of candidates) {
      const given = candidate(frames, context);
      for (const part of Array.isArray(given) ? (given as readonly Value[]) : [given]) {
        if (part instanceof ErrorValue) throw new Failure(part.code);
        isFound ||= same(wanted, part);
      }
    }
    return isFound;
  };
};

const makeEqual: Make = (node, compileNode) => {
  const runs = all(node, compileNode);
  const [left, right] = [at(runs, 0), at(runs, 1)];
  return (frames, context) => same(left(frames, context), right(frames, context));
};

const makeUnequal: Make = (node, compileNode) => {
  const equal = makeEqual(node, compileNode);
  return (frames, context) => equal(frames, context) !== true;
};

export const CHOICES: Readonly<Record<string, Make>> = {
  IF: makeIf,
  IFS: makeIfs,
  SWITCH: makeSwitch,
  and: makeAnd,
  or: makeOr,
  not: makeNot,
  IFERROR: makeIfError,
  ISERROR: makeIsError,
  IFBLANK: makeIfBlank,
  ISBLANK: makeIsBlank,
  BETWEEN: makeBetween,
  IN: makeIn,
  eq: makeEqual,
  ne: makeUnequal,
  lt: ordered((order) => order < 0),
  le: ordered((order) => order <= 0),
  gt: ordered((order) => order > 0),
  ge: ordered((order) => order >= 0),
  or_zero: standIn(ZERO),
  or_empty: standIn(""),
  or_false: standIn(false),
  to_any: (node, compileNode) => at(all(node, compileNode), 0),
};
