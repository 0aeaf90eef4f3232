/** Says which fields of a referred record a form needs when one is picked: its title, what is copied, what formulas read. */
import { references } from "@/shared/formula";
import type { EntityModel, FieldModel, TreeJson } from "./types";

/** `among`: of a reference to any, the name by which formulas go on to the entity picked from. */
export function relatedFields(entity: EntityModel, lines: string | null, field: FieldModel, among?: string): readonly string[] {
  const own = among === undefined ? [field.key] : [field.key, among];
  const wanted = new Set<string>();
  if (field.to_title) wanted.add(field.to_title);
  const siblings = lines === null ? entity.fields : (entity.fields.find((one) => one.key === lines)?.fields ?? []);
  for (const sibling of siblings) {
    const [from, source] = sibling.copy ?? [];
    if (from === field.key && source !== undefined) wanted.add(source);
  }
  const read = (formula: TreeJson | null | undefined, prefixes: readonly (readonly string[])[]): void => {
    if (formula == null) return;
    for (const path of references(formula)) {
      for (const prefix of prefixes) {
        const next = path[prefix.length];
        if (next !== undefined && prefix.every((name, index) => path[index] === name)) wanted.add(next);
      }
    }
  };
  const fromTop = lines === null ? [own] : [[lines, ...own]];
  for (const one of entity.fields) {
    read(one.formula, fromTop);
    for (const column of one.fields ?? []) {
      read(column.formula, lines === null ? [["parent", ...own]] : one.key === lines ? [own, ["parent", lines, ...own]] : []);
    }
  }
  for (const rule of entity.rules ?? []) read(rule.check, fromTop);
  return [...wanted];
}
