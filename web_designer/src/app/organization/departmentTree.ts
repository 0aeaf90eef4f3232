/** Departments as records in, a tree of them out: each with those below it, in the order they came. */
import type { RecordJson } from "@/shared/api/records";

export interface Department {
  readonly id: string;
  readonly name: string;
  readonly isActive: boolean;
  readonly below: readonly Department[];
}

/** Returns the departments nobody is above, with all below them; one whose upper department may not be seen stands at the top. */
export function treeOf(records: readonly RecordJson[]): readonly Department[] {
  const known = new Set(records.map((one) => one.id));
  const children = new Map<string | null, RecordJson[]>();
  for (const one of records) {
    const above = typeof one.parent_department === "string" && known.has(one.parent_department) ? one.parent_department : null;
    children.set(above, [...(children.get(above) ?? []), one]);
  }
  const grown = (above: string | null): readonly Department[] =>
    (children.get(above) ?? []).map((one) => ({ id: one.id, name: String(one.name), isActive: one.active !== false, below: grown(one.id) }));
  return grown(null);
}

/** Returns the ids of a department and of all below it. */
export function idsBelow(tree: readonly Department[], id: string): readonly string[] {
  const all = (one: Department): readonly string[] => [one.id, ...one.below.flatMap(all)];
  const find = (among: readonly Department[]): Department | undefined => {
    for (const one of among) {
      const found = one.id === id ? one : find(one.below);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const found = find(tree);
  return found === undefined ? [] : all(found);
}

/** Returns the names from the top department down to one, joined; empty for one that is not known. */
export function pathOf(records: readonly RecordJson[], id: unknown): string {
  const byId = new Map(records.map((one) => [one.id, one]));
  const names: string[] = [];
  let here = typeof id === "string" ? byId.get(id) : undefined;
  while (here !== undefined && names.length < 100) {
    names.unshift(String(here.name));
    here = typeof here.parent_department === "string" ? byId.get(here.parent_department) : undefined;
  }
  return names.join(" / ");
}
