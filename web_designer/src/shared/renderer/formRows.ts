/** The rows of lines in a form: what one is, what is sent of it, and whether rows differ from those that were read. */
import { sameValue, type Values } from "./fieldValues";
import type { FieldModel } from "./types";

/** One line of a table in the form. */
export interface Row {
  readonly key: string;
  /** Id the server knows; null before the first save. */
  readonly id: string | null;
  values: Values;
  /** True when nobody has filled anything but the defaults. */
  isUntouched: boolean;
}

/** Returns whether a person may fill the field: not computed, not numbered by the server, not read-only. */
export function isWritable(field: FieldModel): boolean {
  return field.kind !== "sequence" && field.formula == null && field.read_only !== true;
}

/** Returns what is sent of a row: what is filled of a new one, all of an old one. */
export function rowPayload(field: FieldModel, row: Row): Values {
  const values: Values = row.id === null ? {} : { id: row.id };
  for (const column of field.fields ?? []) {
    if (!isWritable(column)) continue;
    const value = row.values[column.key] ?? null;
    if (row.id !== null || value !== null) values[column.key] = value;
  }
  return values;
}

/** Returns whether rows came, went, moved or hold other values than before. */
export function haveLinesChanged(field: FieldModel, before: readonly Values[], now: readonly Row[]): boolean {
  if (before.length !== now.length) return true;
  return now.some((row, index) => {
    const old = before[index] ?? {};
    if (row.id !== old["id"]) return true;
    return (field.fields ?? []).some((column) => isWritable(column) && !sameValue(row.values[column.key] ?? null, old[column.key] ?? null));
  });
}
