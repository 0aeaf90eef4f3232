/** Takes a typed tree as JSON, gives the fields it reads as lists of keys; a field of a row begins with the way to the row. */
import type { Node, TreeJson } from "./values";

type Keys = readonly string[];

/** Returns every field a tree reads, each once. */
export function references(tree: TreeJson): readonly Keys[] {
  const found = new Map<string, Keys>();
  read(tree as unknown as Node, [[[]]], (keys) => found.set(keys.join("."), keys));
  return [...found.values()];
}

// Calls whose second argument is read in each row of the first.
const IN_ROWS = ["filter", "map", "field", "SORT"];

/** Reports what a node reads; ways[n] lead to the row of number n. */
function read(node: Node, ways: readonly (readonly Keys[])[], report: (keys: Keys) => void): void {
  if ("path" in node) {
    for (const keys of waysOf(node, ways)) report(keys);
    return;
  }
  if (!("call" in node)) return;
  if (node.call === "user_field") return; // its path starts at the user
  const [first] = node.args;
  const inside = first !== undefined && IN_ROWS.includes(node.call) ? [...ways, waysOf(first, ways)] : ways;
  node.args.forEach((arg, place) => read(arg, place === 1 ? inside : ways, report));
}

/** Returns the keys that lead to a record, or to the rows of a list; there are several where a choice is made. */
function waysOf(node: Node, ways: readonly (readonly Keys[])[]): readonly Keys[] {
  if ("path" in node) return (ways[node.row ?? 0] ?? []).map((way) => [...way, ...node.path]);
  if (!("call" in node) || node.call === "user_field") return [];
  const [first, second] = node.args;
  if (["map", "field"].includes(node.call) && first !== undefined && second !== undefined) return waysOf(second, [...ways, waysOf(first, ways)]);
  return node.args.filter((arg) => arg.type.replace("list<", "").startsWith("record")).flatMap((arg) => waysOf(arg, ways));
}
