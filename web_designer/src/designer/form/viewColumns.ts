/** Takes a document and a list of records, gives its columns, what they are called, what more could be one, and the gestures that change them. */
import { compose, insertAt, removeAt, shiftAt } from "../core/commands";
import { type AppDocument, type FieldDefinition, type Labels, type Pointer, type ViewDefinition, entityOf, stateField, under } from "../core/doc";
import type { Gesture } from "../core/history";
import { naming } from "./gestures";

/** How many references a column may be beyond. */
export const MOST_HOPS = 2;

/** Return the fields of an entity a list can show, its state among them. */
export function listable(document: AppDocument, entity: string): readonly FieldDefinition[] {
  const found = entityOf(document, entity);
  const state = stateField(found);
  const fields = (found?.fields ?? []).filter((field) => field.kind !== "lines");
  return state === undefined || fields.some((field) => field.key === state.key) ? fields : [...fields, state];
}

/** Return the entity of this app a field points to, through which a column may go on. */
export function beyond(document: AppDocument, field: FieldDefinition | undefined): string | null {
  const to = field?.kind === "reference" ? (field.to ?? "") : "";
  return entityOf(document, to) === undefined ? null : to;
}

/** Return the fields of a path one after the other, as far as the document knows them. */
export function fieldsOn(document: AppDocument, entity: string, path: string): readonly FieldDefinition[] {
  const found: FieldDefinition[] = [];
  let at: string | null = entity;
  for (const key of path.split(".")) {
    const field: FieldDefinition | undefined = at === null ? undefined : listable(document, at).find((one) => one.key === key);
    if (field === undefined) return found;
    found.push(field);
    at = beyond(document, field);
  }
  return found;
}

/** Return what a column is called: the labels of its path, its key where the document does not know it. */
export function columnName(document: AppDocument, view: ViewDefinition, path: string): Labels {
  const steps = path.split(".");
  const fields = fieldsOn(document, view.entity, path);
  const inLanguage = (language: "zh-CN" | "en"): string => steps.map((key, place) => fields[place]?.name[language] ?? Object.values(fields[place]?.name ?? {})[0] ?? key).join(" · ");
  return { "zh-CN": inLanguage("zh-CN"), en: inLanguage("en") };
}

const listOf = (pointer: Pointer): Pointer => under(pointer, "columns");

/** Make a path the last column of a list. */
export function addToList(document: AppDocument, pointer: Pointer, view: ViewDefinition, path: string): Gesture {
  const commands = compose(document, (now) => insertAt(now, { list: listOf(pointer), before: null }, { key: path }));
  return { label: naming("entry.show-in-list", columnName(document, view, path)), commands };
}

/** Take a column off a list. */
export function takeOffList(document: AppDocument, pointer: Pointer, view: ViewDefinition, path: string): Gesture {
  return { label: naming("entry.hide-in-list", columnName(document, view, path)), commands: compose(document, (now) => removeAt(now, under(listOf(pointer), path))) };
}

/** Move a column of a list one step. */
export function shiftInList(document: AppDocument, pointer: Pointer, view: ViewDefinition, path: string, by: -1 | 1): Gesture {
  return { label: naming("entry.move-column", columnName(document, view, path)), commands: compose(document, (now) => shiftAt(now, under(listOf(pointer), path), by)) };
}
