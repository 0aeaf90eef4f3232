/**
 * Takes a document and an input of a form, gives the gesture that adds another field like its own, and the text by which
 * a field travels over the clipboard. What only one field can have, its key, its lock and its way back, stays behind.
 */
import { type Place, compose, insertAt } from "../core/commands";
import { type AppDocument, type FieldDefinition, type FormNode, type Keyed, type Labels, type Pointer, entityOf, findList, formOf, nodeOf, split, under } from "../core/doc";
import { type Made, naming, nodeKeys } from "./gestures";
import { freeKey, kindRow } from "./kinds";
import { fieldsOf } from "./usage";

/** What the clipboard's text says it is. */
const FORMAT = "dougong.field/1";
const SUFFIXES: Labels = { "zh-CN": "（副本）", en: " (copy)" };

type Copied = { readonly node: FormNode; readonly field: FieldDefinition };

/** Add another field like that of an input, right after it; null for what is no input of a field. */
export function duplicateNode(document: AppDocument, formKey: string, pointer: Pointer): Made | null {
  const copied = inputAt(document, formKey, pointer);
  if (!copied) return null;
  const { parent, last } = split(pointer);
  const siblings = findList(document, parent) ?? [];
  const before = siblings[siblings.findIndex((node) => node.key === last) + 1]?.key ?? null;
  const name = Object.fromEntries(Object.entries(copied.field.name).map(([language, text]) => [language, `${text}${SUFFIXES[language as keyof Labels] ?? ""}`]));
  return add(document, formKey, { ...copied, field: { ...copied.field, name } }, { list: parent, before }, "entry.duplicate");
}

/** Return the text of an input and its field for the clipboard. */
export function copiedText(document: AppDocument, formKey: string, pointer: Pointer): string | null {
  const copied = inputAt(document, formKey, pointer);
  return copied ? JSON.stringify({ format: FORMAT, ...copied }, null, 2) : null;
}

/** Add the field a clipboard's text holds at a place of a form; null for any other text. */
export function pasteNode(document: AppDocument, formKey: string, text: string, place: Place): Made | null {
  const copied = read(text);
  return copied && add(document, formKey, copied, place, "entry.paste");
}

function add(document: AppDocument, formKey: string, copied: Copied, place: Place, message: string): Made | null {
  const entity = formOf(document, formKey)?.entity;
  if (entity === undefined) return null;
  const key = freeKey(`x_${copied.field.kind}`, fieldsOf(document, entity).map((field) => field.key));
  const columns = copied.field.fields?.map(own);
  const field = { ...own(copied.field), key, ...(columns ? { fields: columns } : {}) };
  const node = { ...own(copied.node), field: key, key: freeKey(key, nodeKeys(document, formKey)) };
  const commands = compose(
    document,
    (now) => insertAt(now, { list: `/entities/${entity}/fields`, before: null }, field as Keyed),
    (now) => insertAt(now, place, node as Keyed),
  );
  return { gesture: { label: naming(message, field.name), commands }, selection: under(place.list, node.key) };
}

/** Leave away what belongs to one element alone. */
function own<T extends object>(element: T): T {
  return Object.fromEntries(Object.entries(element).filter(([property]) => property !== "locked" && property !== "inverse")) as T;
}

function inputAt(document: AppDocument, formKey: string, pointer: Pointer): Copied | null {
  const node = nodeOf(document, pointer);
  const field = entityOf(document, formOf(document, formKey)?.entity ?? "")?.fields.find((other) => other.key === node?.field);
  return node && field ? { node, field } : null;
}

function read(text: string): Copied | null {
  try {
    const { format, node, field } = JSON.parse(text) as { format?: unknown; node?: Partial<FormNode>; field?: Partial<FieldDefinition> };
    const isField = format === FORMAT && node?.kind === "input" && typeof field?.name === "object" && field.name !== null && kindRow(field.kind ?? "") !== undefined;
    return isField ? { node: node as FormNode, field: field as FieldDefinition } : null;
  } catch {
    return null;
  }
}
