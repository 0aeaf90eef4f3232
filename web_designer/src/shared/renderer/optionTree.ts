/** Options that lie under each other: in the order of a tree, with their paths, and what lies below one. */
import { label } from "@/shared/i18n/label";
import type { ChoiceOption } from "./types";

export interface TreeRow {
  readonly option: ChoiceOption;
  readonly depth: number;
}

/** Returns every option under the one it belongs to, with how deep it lies. */
export function treeOf(options: readonly ChoiceOption[]): readonly TreeRow[] {
  const known = new Set(options.map((option) => option.key));
  const rows: TreeRow[] = [];
  const seen = new Set<string>();
  const add = (parent: string | null, depth: number): void => {
    for (const option of options) {
      const above = option.parent != null && known.has(option.parent) ? option.parent : null;
      if (above !== parent || seen.has(option.key)) continue;
      seen.add(option.key);
      rows.push({ option, depth });
      add(option.key, depth + 1);
    }
  };
  add(null, 0);
  return rows;
}

/** Returns an option with those above it: `Asia / China`. */
export function pathText(options: readonly ChoiceOption[], key: string, language: string): string {
  const names: string[] = [];
  let option = options.find((one) => one.key === key);
  while (option !== undefined && names.length <= options.length) {
    names.unshift(label(option.name, language, option.key));
    const parent: string | null | undefined = option.parent;
    option = parent == null ? undefined : options.find((one) => one.key === parent);
  }
  return names.length === 0 ? key : names.join(" / ");
}

/** Returns an option and all that lie below it. */
export function below(options: readonly ChoiceOption[], key: string): readonly string[] {
  const rows = treeOf(options);
  const at = rows.findIndex((row) => row.option.key === key);
  if (at < 0) return [key];
  const depth = rows[at]?.depth ?? 0;
  const found = [key];
  for (const row of rows.slice(at + 1)) {
    if (row.depth <= depth) break;
    found.push(row.option.key);
  }
  return found;
}
