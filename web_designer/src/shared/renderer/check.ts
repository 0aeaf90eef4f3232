/** Looks a form over before it is sent: required, kind, scale, range, length and the rules; the server looks again. */
import { checkNumber, parseNumber } from "@/shared/format/numbers";
import { isInstant, parseDate } from "@/shared/format/times";
import { isBlank, Typed, type Values } from "./fieldValues";
import type { FormError, FormModel } from "./formModel";
import { isWritable } from "./formRows";
import { isNumberKind } from "./kinds";
import type { FieldModel } from "./types";

/** Returns every problem with its path, in the order of the form's fields. */
export function checkForm(store: FormModel, language: string): (readonly [string, FormError])[] {
  const problems: (readonly [string, FormError])[] = [];
  for (const field of store.entity.fields) {
    if (field.kind === "lines") {
      const rows = store.sentRows(field.key);
      if (field.required === true && rows.length === 0) problems.push([field.key, { code: "required", parts: {} }]);
      for (const row of rows) {
        for (const column of field.fields ?? []) {
          const problem = checkField(column, row.values);
          if (problem) problems.push([`${field.key}.${row.key}.${column.key}`, problem]);
        }
      }
    } else {
      const problem = checkField(field, Object.fromEntries([[field.key, store.get(field.key)]]));
      if (problem) problems.push([field.key, problem]);
    }
  }
  if (problems.length > 0) return problems;
  for (const rule of store.entity.rules ?? []) {
    if (!store.holds(rule.check)) problems.push([rule.at ?? "", { text: rule.message[language] ?? Object.values(rule.message)[0] ?? rule.key }]);
  }
  return problems;
}

/** Returns what is wrong with one value. */
export function checkField(field: FieldModel, values: Values): FormError | null {
  if (!isWritable(field)) return null;
  const value = values[field.key];
  if (isBlank(value)) {
    // What is copied from a reference is filled by the server when the browser could not.
    const isRequired = field.required === true && field.kind !== "boolean" && !field.copy;
    return isRequired ? { code: "required", parts: {} } : null;
  }
  if (value instanceof Typed) return { code: "json", parts: {} };
  if (isNumberKind(field.kind)) {
    const text = parseNumber(String(value));
    if (text === null) return { code: field.kind === "duration" ? "duration" : "number", parts: {} };
    const problem = checkNumber(text, field);
    return problem === null ? null : { code: problem.code, parts: { limit: problem.limit } };
  }
  if (field.kind === "date" && parseDate(String(value)) === null) return { code: "date", parts: {} };
  if (field.kind === "datetime" && !isInstant(String(value))) return { code: "datetime", parts: {} };
  const length = typeof value === "string" ? [...value].length : 0;
  if (field.max_length != null && length > field.max_length) return { code: "length", parts: { limit: field.max_length, length } };
  if (field.min_length != null && length < field.min_length) return { code: "short", parts: { limit: field.min_length } };
  return null;
}
