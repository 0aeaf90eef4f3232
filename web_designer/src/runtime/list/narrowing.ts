/** Turns values of facets and groups into rows of the filter and back, and says what a field is grouped by. */
import { isNumeric } from "@/shared/renderer/ValueText";
import type { FieldModel } from "@/shared/renderer/types";
import type { FilterRow } from "./listQuery";

const FACETS = ["choice", "reference", "boolean", "date"];
const GROUPS = ["choice", "reference", "boolean", "date", "datetime", "text"];
const MOST_FACETS = 6;

/** Returns the fields a list is narrowed by: those whose values are few or well known. */
export const facetFields = (fields: readonly FieldModel[]): readonly FieldModel[] => fields.filter((field) => FACETS.includes(field.kind)).slice(0, MOST_FACETS);

/** Returns the fields a list can be grouped by. */
export const groupFields = (fields: readonly FieldModel[]): readonly FieldModel[] => fields.filter((field) => GROUPS.includes(field.kind));

/** Returns the fields that are summed up. */
export const summedFields = (fields: readonly FieldModel[]): readonly FieldModel[] => fields.filter((field) => isNumeric(field) && !field.key.includes("."));

/** Returns what a field is grouped by, as an expression: days by the month. */
export const groupText = (field: FieldModel): string =>
  field.kind === "date" || field.kind === "datetime" ? `DATE(YEAR(${field.key}), MONTH(${field.key}), 1)` : field.key;

/** Returns the filter row that a value stands for. */
export function rowOf(field: FieldModel, value: unknown): FilterRow {
  if (value === null || value === undefined) return { field: field.key, operator: "blank", values: [] };
  const text = String(value);
  switch (field.kind) {
    case "choice":
    case "reference":
      return { field: field.key, operator: "in", values: [text] };
    case "boolean":
      return { field: field.key, operator: value === true ? "yes" : "no", values: [] };
    case "date":
    case "datetime":
      return { field: field.key, operator: "between", values: [text, lastOf(text)] };
    default:
      return { field: field.key, operator: "is", values: [text] };
  }
}

const sameRow = (one: FilterRow, other: FilterRow): boolean => one.field === other.field && one.operator === other.operator && one.values.join() === other.values.join();

/** Returns whether a value is chosen. */
export function isChosen(rows: readonly FilterRow[], field: FieldModel, value: unknown): boolean {
  const wanted = rowOf(field, value);
  return rows.some((row) => (wanted.operator === "in" ? row.field === field.key && row.operator === "in" && row.values.includes(wanted.values[0] ?? "") : sameRow(row, wanted)));
}

/** Returns the rows with a value chosen that was not, or the other way round. Several options stand beside each other, the rest in place of each other. */
export function toggled(rows: readonly FilterRow[], field: FieldModel, value: unknown): readonly FilterRow[] {
  const wanted = rowOf(field, value);
  const others = rows.filter((row) => row.field !== field.key || !isOfFacet(field, row));
  if (wanted.operator === "in") {
    const now = rows.find((row) => row.field === field.key && row.operator === "in")?.values ?? [];
    const [one = ""] = wanted.values;
    const values = now.includes(one) ? now.filter((other) => other !== one) : [...now, one];
    return values.length === 0 ? others : [...others, { ...wanted, values }];
  }
  return isChosen(rows, field, value) ? others : [...others, wanted];
}

/** Returns the chosen values by field as the server reads them, and the rows that are no choice among facets. */
export function splitChosen(rows: readonly FilterRow[], fields: readonly FieldModel[]): { readonly chosen: Readonly<Record<string, readonly unknown[]>>; readonly rest: readonly FilterRow[] } {
  const chosen: Record<string, readonly unknown[]> = {};
  const rest: FilterRow[] = [];
  for (const row of rows) {
    const field = fields.find((one) => one.key === row.field);
    if (field === undefined || !isOfFacet(field, row) || chosen[row.field] !== undefined) rest.push(row);
    else chosen[row.field] = row.operator === "blank" ? [null] : row.operator === "yes" ? [true] : row.operator === "no" ? [false] : row.operator === "in" ? row.values : row.values.slice(0, 1);
  }
  return { chosen, rest };
}

/** Whether a filter row is a choice among the values of a facet. */
function isOfFacet(field: FieldModel, row: FilterRow): boolean {
  if (row.operator === "blank" || row.operator === "yes" || row.operator === "no") return true;
  if (row.operator === "in") return field.kind === "choice" || field.kind === "reference";
  return row.operator === "between" && /-01$/.test(row.values[0] ?? "") && lastOf(row.values[0] ?? "") === row.values[1];
}

/** Returns the last day of the month of a first one. */
function lastOf(first: string): string {
  const [year = 0, month = 1] = first.split("-").map(Number);
  return `${first.slice(0, 8)}${String(new Date(Date.UTC(year, month, 0)).getUTCDate()).padStart(2, "0")}`;
}

/** Returns a value of a group or facet in words, null for what only the kind of its field knows how to show. */
export function monthText(text: string, language: string): string {
  const [year = 0, month = 1] = text.split("-").map(Number);
  return new Intl.DateTimeFormat(language, { year: "numeric", month: "long", timeZone: "UTC" }).format(new Date(Date.UTC(year, month - 1, 1)));
}
