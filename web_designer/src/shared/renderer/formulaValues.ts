/** Turns the JSON of a field into the value a formula reads, and a formula's answer back into JSON. */
import Big from "big.js";
import { parseNumber } from "@/shared/format/numbers";
import { isInstant } from "@/shared/format/times";
import { readTime, type Value } from "@/shared/formula";
import { isNumberKind } from "./kinds";
import type { FieldModel } from "./types";

/** A record that formulas walk over: its id and what is known of it. */
export type TypedRecord = { id: string; [key: string]: Value };

/** Returns the formula value of a field's JSON. */
export function toFormula(field: Pick<FieldModel, "kind">, json: unknown): Value {
  if (json === null || json === undefined || json === "") return null;
  // What is typed and no number yet counts as blank until it is one.
  if (isNumberKind(field.kind)) return parseNumber(String(json)) === null ? null : new Big(String(json));
  switch (field.kind) {
    case "choices":
      return Array.isArray(json) ? (json as string[]) : null;
    case "datetime":
      return isInstant(String(json)) ? readTime(String(json)) : null;
    case "boolean":
      return json === true;
    default:
      return typeof json === "string" ? json : null;
  }
}

/** Returns the JSON of a formula's answer, a number rounded half up to the field's scale as it will be stored. */
export function fromFormula(field: Pick<FieldModel, "kind" | "scale">, value: Value): unknown {
  if (value instanceof Big) {
    const text = (field.scale == null ? value : value.round(field.scale, Big.roundHalfUp)).toFixed();
    return text === "-0" ? "0" : text;
  }
  if (value instanceof Date) return value.toISOString();
  if (typeof value === "string" || typeof value === "boolean") return value;
  if (field.kind === "choices") return Array.isArray(value) && value.length > 0 ? value : null;
  // A record, such as CURRENTUSER(), is its id.
  if (value !== null && typeof value === "object" && "id" in value) return value["id"];
  return null;
}
