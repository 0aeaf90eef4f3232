/** Calls between texts and lists, and tests whether a value is a number or a text; loaded when a formula calls them. */
import Big from "big.js";
import type { Make } from "./choices";
import { wallText } from "./dates";
import { numberText } from "./numbers";
import {
  ErrorValue,
  Failure,
  MAX_LIST,
  MAX_TEXT,
  type CallNode,
  type CompileNode,
  type Frames,
  type FormulaContext,
  type Node,
  type Run,
  type Value,
} from "./values";

/** Returns the text of a value of any kind; a blank is an empty one, a list or a record has none. */
export function valueText(value: Value, context: FormulaContext): string {
  if (typeof value === "string") return value;
  if (value === null) return "";
  if (value instanceof Big) return numberText(value);
  if (typeof value === "boolean") return value ? "TRUE" : "FALSE";
  if (value instanceof Date) return wallText(context, value);
  throw new Failure("VALUE");
}

function split(text: string, separator: string): readonly string[] {
  if (text === "") return [];
  const parts = separator === "" ? [...text] : text.split(separator);
  if (parts.length > MAX_LIST) throw new Failure("LIMIT");
  return parts;
}

/** Returns what gives the texts of all values of nodes, lists spread out. */
function texts(
  nodes: readonly Node[],
  compileNode: CompileNode,
): (frames: Frames, context: FormulaContext) => readonly string[] {
  const runs = nodes.map((node) => [compileNode(node), node.type.startsWith("list")] as const);
  return (frames, context) => {
    const found: string[] = [];
    for (const [run, isList] of runs) {
      const value = run(frames, context);
      for (const part of Array.isArray(value) ? (value as readonly Value[]) : isList ? [] : [value]) {
        if (part instanceof ErrorValue) throw new Failure(part.code);
        found.push(valueText(part, context));
      }
    }
    if (found.length > MAX_LIST) throw new Failure("LIMIT");
    return found;
  };
}

function joined(found: readonly string[], separator: string): string {
  const between = Math.max(0, found.length - 1) * [...separator].length;
  const size = found.reduce((total, text) => total + [...text].length, between);
  if (size > MAX_TEXT) throw new Failure("LIMIT");
  return found.join(separator);
}

function argument(node: CallNode, place: number, compileNode: CompileNode): Run {
  const found = node.args[place];
  if (found === undefined) throw new Error("an argument is missing");
  return compileNode(found);
}

const makeJoin: Make = (node, compileNode) => {
  const values = texts(node.args.slice(0, 1), compileNode);
  const separator = argument(node, 1, compileNode);
  return (frames, context) => {
    const found = values(frames, context).filter((text) => text !== "");
    return joined(found, separator(frames, context) as string);
  };
};

const makeTextJoin: Make = (node, compileNode) => {
  const [separator, skip] = [argument(node, 0, compileNode), argument(node, 1, compileNode)];
  const values = texts(node.args.slice(2), compileNode);
  return (frames, context) => {
    const between = separator(frames, context) as string;
    const isSkipping = skip(frames, context) === true;
    const found = values(frames, context);
    return joined(isSkipping ? found.filter((text) => text !== "") : found, between);
  };
};

const makeIsNumber: Make = (node, compileNode) => {
  const value = argument(node, 0, compileNode);
  return (frames, context) => value(frames, context) instanceof Big;
};

/** Whether a value of mixed types may be a date, which is written like a text here. */
function holdsDate(node: Node): boolean {
  if (node.type === "date") return true;
  return node.type === "any" && "call" in node && node.args.some(holdsDate);
}

const makeIsText: Make = (node, compileNode) => {
  const value = argument(node, 0, compileNode);
  const [type, mayBeDate] = node.args.slice(0, 1).map((arg) => [arg.type, holdsDate(arg)] as const)[0] ?? ["any", false];
  if (!["text", "option", "any"].includes(type)) {
    return (frames, context) => {
      value(frames, context);
      return false;
    };
  }
  return (frames, context) => {
    const found = value(frames, context);
    if (typeof found !== "string" || found === "") return false;
    return !(mayBeDate && /^\d{4}-\d{2}-\d{2}$/.test(found));
  };
};

export const makes: Readonly<Record<string, Make>> = {
  JOIN: makeJoin,
  TEXTJOIN: makeTextJoin,
  ISNUMBER: makeIsNumber,
  ISTEXT: makeIsText,
};
export const plain: Readonly<Record<string, (...values: never[]) => Value>> = { SPLIT: split };
