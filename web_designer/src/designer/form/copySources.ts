/** Takes a document and a field, gives the values it can take when a reference is set: fields of the same type of the records its neighbours point to. */
import { type AppDocument, type FieldDefinition, type FieldKind, entityOf } from "../core/doc";
import { type FieldPlace, fieldsOf } from "./usage";

export type CopySource = { readonly value: string; readonly reference: FieldDefinition; readonly source: FieldDefinition };

const TYPES: Readonly<Record<FieldKind, string | null>> = {
  text: "text",
  long_text: "text",
  sequence: "text",
  number: "number",
  money: "number",
  boolean: "boolean",
  date: "date",
  datetime: "datetime",
  choice: "option",
  reference: "record",
  lines: null,
};

/** Return what a field may copy: `customer.phone`. A field of rows looks at the references of its row. */
export function copySources(document: AppDocument, place: FieldPlace, field: FieldDefinition): readonly CopySource[] {
  return fieldsOf(document, place.entity)
    .filter((reference) => reference.kind === "reference" && reference.key !== field.key)
    .flatMap((reference) =>
      (entityOf(document, reference.to ?? "")?.fields ?? [])
        .filter((source) => isAlike(source, field))
        .map((source) => ({ value: `${reference.key}.${source.key}`, reference, source })),
    );
}

function isAlike(source: FieldDefinition, field: FieldDefinition): boolean {
  const type = TYPES[source.kind];
  return type !== null && type === TYPES[field.kind] && (type !== "record" || source.to === field.to);
}
