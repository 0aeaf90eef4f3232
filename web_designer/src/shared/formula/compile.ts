/** Takes a typed tree as JSON, gives a function of a record and a context, built once of closures; never evals text. */
import Big from "big.js";
import { makePath } from "./lists";
import { applyOf, makeOf } from "./table";
import { clock, ErrorValue, Failure, MOST_MS, type CallNode, type Env, type FormulaContext, type LiteralNode, type Node, type Run, type TreeJson, type Value } from "./values";

/**
 * Returns the function that evaluates a tree; an error comes back as an `ErrorValue`.
 *
 * Throws for a tree that names a call the browser does not know, or one whose functions `prepare` has not loaded. What the record's own properties throw passes through.
 */
export function compile(tree: TreeJson): (env: Env, context: FormulaContext) => Value {
  const run = compileNode(tree as unknown as Node);
  const evaluate = (env: Env, context: FormulaContext): Value => {
    try {
      return run([env], context);
    } catch (problem) {
      if (problem instanceof Failure) return new ErrorValue(problem.code);
      throw problem;
    }
  };
  return hasRows(tree as unknown as Node) ? timed(evaluate) : evaluate;
}

type Evaluate = (env: Env, context: FormulaContext) => Value;

/** Returns an evaluation that has its time; one it begins on its way, for a field that is read, has its own. */
function timed(evaluate: Evaluate): Evaluate {
  return (env, context) => {
    const around = { ...clock };
    Object.assign(clock, { until: performance.now() + MOST_MS, rows: 0 });
    try {
      return evaluate(env, context);
    } finally {
      Object.assign(clock, around);
    }
  };
}

/** Whether a tree computes something for each row of a list. */
function hasRows(node: Node): boolean {
  return "call" in node && (["filter", "map", "SORT"].includes(node.call) || node.args.some(hasRows));
}

function compileNode(node: Node): Run {
  if ("path" in node) return makePath(node);
  if ("call" in node) return makeCall(node);
  const value = literal(node);
  return () => value;
}

function literal(node: LiteralNode): Value {
  if (node.literal === null) return null;
  return node.type === "number" ? new Big(String(node.literal)) : (node.literal as Value);
}

function makeCall(node: CallNode): Run {
  const make = makeOf(node.call);
  if (make !== undefined) return make(node, compileNode);
  const args = node.args.map(compileNode);
  const apply = applyOf(node.call);
  // A blank that counts as something has been given its stand-in; any other makes the answer blank.
  return (frames, context) => {
    const values = args.map((arg) => arg(frames, context));
    return values.includes(null) ? null : apply(context, values);
  };
}
