/** Takes a document and a field, gives the values it can take when a reference is set: fields of the same type of the records its neighbours point to. */
import { type AppDocument, type FieldDefinition, entityOf } from "../core/doc";
import { kindRow } from "./kinds";
import { type FieldPlace, fieldsOf } from "./usage";

export type CopySource = { readonly value: string; readonly reference: FieldDefinition; readonly source: FieldDefinition };

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
  const type = kindRow(source.kind)?.type ?? null;
  return type !== null && type === kindRow(field.kind)?.type && (type !== "record" || source.to === field.to);
}
