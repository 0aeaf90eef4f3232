/** Takes a typed tree as JSON, gives the fields it reads as lists of keys; a field of a row begins with the way to the row. */
import type { Node, TreeJson } from "./values";

type Keys = readonly string[];

/** Returns every field a tree reads, each once. */
export function references(tree: TreeJson): readonly Keys[] {
  const found = new Map<string, Keys>();
  read(tree as unknown as Node, [[]], (keys) => found.set(keys.join("."), keys));
  return [...found.values()];
}

/** Reports what a node reads; ways[n] leads to the row of number n. */
function read(node: Node, ways: readonly Keys[], report: (keys: Keys) => void): void {
  if ("path" in node) {
    report([...(ways[node.row ?? 0] ?? []), ...node.path]);
    return;
  }
  if (!("call" in node)) return;
  if (node.call === "user_field") return; // its path starts at the user
  const [first, second] = node.args;
  if (["filter", "map", "field"].includes(node.call) && first !== undefined && second !== undefined) {
    read(first, ways, report);
    read(second, [...ways, way(first, ways)], report);
    return;
  }
  for (const arg of node.args) read(arg, ways, report);
}

/** Returns the keys that lead to the rows of a list. */
function way(rows: Node, ways: readonly Keys[]): Keys {
  if ("path" in rows) return [...(ways[rows.row ?? 0] ?? []), ...rows.path];
  if (!("call" in rows)) return [];
  const [first, second] = rows.args;
  if (rows.call === "filter" && first !== undefined) return way(first, ways);
  if (rows.call === "map" && first !== undefined && second !== undefined) return way(second, [...ways, way(first, ways)]);
  return [];
}
