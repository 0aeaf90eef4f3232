/** Takes a pointer, gives the labels on the way to it, for people; keys stand in for what has no label. */
import { label } from "@/shared/i18n/label";
import { type AppDocument, type Json, type Labels, type Language, type Pointer, find, segmentsOf } from "./doc";

/** Return `销售订单 › 明细 › 数量` for `/entities/sales_order/fields/lines/fields/quantity`. */
export function describe(document: AppDocument, pointer: Pointer, language: Language): string {
  const words: string[] = [];
  let path = "";
  for (const segment of segmentsOf(pointer)) {
    path += `/${segment}`;
    const value: Json | undefined = find(document, path);
    const isElement = typeof value === "object" && value !== null && "key" in value && (value as { key: Json }).key === segment;
    if (!isElement) continue;
    const { name, message, field } = value as unknown as { name?: Labels; message?: Labels; field?: string };
    words.push(label(name ?? message, language) || (field === undefined ? segment : inputLabel(document, path, field, language)));
  }
  return words.join(" › ") || pointer;
}

function inputLabel(document: AppDocument, pointer: Pointer, field: string, language: Language): string {
  const form = document.forms.find((other) => other.key === pointer.split("/")[2]);
  const entity = document.entities.find((other) => other.key === form?.entity);
  return label(entity?.fields.find((other) => other.key === field)?.name, language, field);
}
