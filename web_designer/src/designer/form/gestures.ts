/**
 * Takes a document and what a person did on the form canvas, gives the gesture: commands that belong together and what
 * they are called, and the node to select afterwards. It executes nothing.
 */
import { type Command, type Place, compose, insertAt, moveTo, removeAt, setAt } from "../core/commands";
import {
  type AppDocument,
  type FieldDefinition,
  type FormNode,
  type Json,
  type Keyed,
  type Labels,
  type Language,
  type Pointer,
  entityOf,
  find,
  formOf,
  nodeOf,
  split,
  under,
  walkNodes,
} from "../core/doc";
import type { EntryLabel, Gesture } from "../core/history";
import { type KindRow, freeKey, kindRow } from "./kinds";
import { neighbour } from "./places";
import { type FieldPlace, type Use, fieldPointer, fieldsOf } from "./usage";

/** A gesture and the node that is selected once it is done. */
export type Made = { readonly gesture: Gesture; readonly selection: Pointer | null };

/** Add a new field: into the entity, and into the form at a place. Its name begins in the author's language alone. */
export function addField(document: AppDocument, formKey: string, row: KindRow, place: Place, language: Language): Made | null {
  const form = formOf(document, formKey);
  if (!form) return null;
  const field = newField(document, form.entity, row, language);
  const node = inputNode(document, formKey, field, place);
  const commands = compose(
    document,
    (now) => insertAt(now, { list: `/entities/${form.entity}/fields`, before: null }, field as Keyed),
    (now) => insertAt(now, place, node as Keyed),
  );
  return { gesture: { label: naming("entry.add-field", field.name), commands }, selection: under(place.list, node.key) };
}

/** Put a field of the entity that is not on the form onto it. */
export function addExisting(document: AppDocument, formKey: string, fieldKey: string, place: Place): Made | null {
  const field = entityOf(document, formOf(document, formKey)?.entity ?? "")?.fields.find((other) => other.key === fieldKey);
  if (!field) return null;
  const node = inputNode(document, formKey, field, place);
  const commands = compose(document, (now) => insertAt(now, place, node as Keyed));
  return { gesture: { label: naming("entry.add-existing", field.name), commands }, selection: under(place.list, node.key) };
}

/** Add an empty section. */
export function addSection(document: AppDocument, formKey: string, place: Place, language: Language): Made {
  const name = inOne({ "zh-CN": "分组", en: "Section" }, language);
  const key = freeKey("x_section", nodeKeys(document, formKey));
  const section: FormNode = { key, kind: "section", name, columns: 2, nodes: [] };
  const commands = compose(document, (now) => insertAt(now, place, section as Keyed));
  return { gesture: { label: { message: "entry.add-section" }, commands }, selection: under(place.list, key) };
}

/** Move a node to a place. */
export function moveNode(document: AppDocument, pointer: Pointer, place: Place): Made {
  const commands = compose(document, (now) => moveTo(now, pointer, place));
  const selection = under(place.list, split(pointer).last);
  return { gesture: { label: nodeNaming(document, "entry.move", pointer), commands }, selection };
}

/** Hide a node in the form, or show it again. */
export function hideNode(document: AppDocument, pointer: Pointer, hidden: boolean): Made {
  const commands = [setAt(document, under(pointer, "hidden"), hidden || undefined)];
  return { gesture: { label: nodeNaming(document, hidden ? "entry.hide" : "entry.show", pointer), commands }, selection: pointer };
}

/** Take a node off the form; the fields stay in the entity. */
export function removeNode(document: AppDocument, formKey: string, pointer: Pointer): Made {
  const commands = compose(document, (now) => removeAt(now, pointer));
  return { gesture: { label: nodeNaming(document, "entry.remove", pointer), commands }, selection: afterRemoval(document, formKey, pointer) };
}

/** Delete a field of the entity, with its places on forms and in views. Other uses must be gone before (see `usesOf`). */
export function deleteField(document: AppDocument, formKey: string, place: FieldPlace, uses: readonly Use[], selection: Pointer | null): Made {
  const column = place.entity.includes(".");
  const steps = uses.map((use) => (now: AppDocument): Command | null => {
    if (use.kind === "form") return removeAt(now, column ? under(use.pointer, "columns", place.field) : use.pointer);
    return removeAt(now, under(use.pointer, use.kind === "sort" ? "sort" : "columns", place.field));
  });
  const pointer = fieldPointer(place);
  const field = find(document, pointer) as FieldDefinition | undefined;
  const commands = compose(document, ...steps, (now) => removeAt(now, pointer));
  const gone = selection !== null && uses.some((use) => use.kind === "form" && use.pointer === selection) && !column;
  return {
    gesture: { label: naming("entry.delete-field", field?.name ?? {}), commands },
    selection: gone ? afterRemoval(document, formKey, selection) : selection,
  };
}

/** Make a field the last column of a list, or take its column off. */
export function showInList(document: AppDocument, view: string, field: FieldDefinition, shown: boolean): Gesture {
  const list = `/views/${view}/columns`;
  const commands = compose(document, (now) => (shown ? insertAt(now, { list, before: null }, { key: field.key }) : removeAt(now, under(list, field.key))));
  return { label: naming(shown ? "entry.show-in-list" : "entry.hide-in-list", field.name), commands };
}

/** Set a property of an element; typing the same property again is joined while `typed` is true. */
export function setProperty(document: AppDocument, pointer: Pointer, property: string, value: Json | undefined, typed = false): Gesture {
  return {
    label: settingOf(document, pointer, property),
    commands: [setAt(document, under(pointer, property), value)],
    ...(typed ? { mergeKey: `set:${under(pointer, property)}` } : {}),
  };
}

/** The merge key of typing a label: what follows from it (a proposed key) joins the same entry. */
export function labelMergeKey(pointer: Pointer, property: string, language: string): string {
  return `label:${pointer}/${property}/${language}`;
}

/** Set a text of one language; an empty text is taken away. */
export function setLabel(document: AppDocument, pointer: Pointer, property: string, language: string, text: string): Gesture {
  const labels = (find(document, under(pointer, property)) ?? {}) as Labels;
  const next: Labels = Object.fromEntries([...Object.entries(labels).filter(([other]) => other !== language), ...(text === "" ? [] : [[language, text]])]);
  const empty = property === "help" && Object.keys(next).length === 0;
  return {
    label: settingOf(document, pointer, property),
    commands: [setAt(document, under(pointer, property), empty ? undefined : next)],
    mergeKey: labelMergeKey(pointer, property, language),
  };
}

/** Return a new field of a kind with a key that is free in an entity or its lines. */
export function newField(document: AppDocument, entity: string, row: KindRow, language: Language): FieldDefinition {
  const key = freeKey(`x_${row.kind}`, fieldsOf(document, entity).map((field) => field.key));
  const target = row.kind === "reference" || row.kind === "references" ? { to: referenceTarget(document, entity) } : {};
  const among: object = row.kind === "any_reference" ? { to: [referenceTarget(document, entity)] } : target;
  return { key, kind: row.kind, name: inOne(row.name, language), ...row.starts, ...among };
}

/** Return a name in one language: readers of others see it too, until somebody translates it. */
export function inOne(name: Labels, language: Language): Labels {
  const text = name[language];
  return text === undefined ? name : { [language]: text };
}

/** Return the keys of all nodes of a form: a key is unique in the whole form, so that nodes can move anywhere in it. */
export function nodeKeys(document: AppDocument, formKey: string): readonly string[] {
  const form = formOf(document, formKey);
  return form ? walkNodes(form).map(({ node }) => node.key) : [];
}

/** Call an entry with the labels of what it is about. */
export function naming(message: string, name: Labels): EntryLabel {
  return { message, parts: { zh: name["zh-CN"] ?? name["en"] ?? "", en: name["en"] ?? name["zh-CN"] ?? "" } };
}

/** Return what a rule is called: its message, or its key while it has none. */
export function ruleName(rule: { readonly message?: Labels; readonly key?: string } | undefined): Labels {
  const { message = {}, key = "" } = rule ?? {};
  return Object.values(message).some(Boolean) ? message : { "zh-CN": key, en: key };
}

/** Return the labels a node shows: its own, else those of its field. */
export function nodeName(document: AppDocument, pointer: Pointer): Labels {
  const node = nodeOf(document, pointer);
  const form = formOf(document, pointer.split("/")[2] ?? "");
  const field = entityOf(document, form?.entity ?? "")?.fields.find((other) => other.key === node?.field);
  return node?.name ?? field?.name ?? { "zh-CN": node?.key ?? "", en: node?.key ?? "" };
}

/** Call the setting of a property by the nearest thing on the way that has a label. */
function settingOf(document: AppDocument, pointer: Pointer, property: string): EntryLabel {
  const isNode = pointer.startsWith("/forms/") && pointer.includes("/nodes/");
  const element = find(document, pointer) as { readonly name?: Labels; readonly message?: Labels; readonly key?: string } | undefined;
  const { message, parts } = naming("entry.set", isNode ? nodeName(document, pointer) : (element?.name ?? ruleName(element)));
  return { message, parts: { ...parts, property } };
}

function nodeNaming(document: AppDocument, message: string, pointer: Pointer): EntryLabel {
  return naming(message, nodeName(document, pointer));
}

function inputNode(document: AppDocument, formKey: string, field: FieldDefinition, place: Place): FormNode {
  const section = nodeOf(document, split(place.list).parent);
  const columns = typeof section?.columns === "number" ? section.columns : 1;
  const wide = kindRow(field.kind)?.wide ?? false;
  return { key: freeKey(field.key, nodeKeys(document, formKey)), kind: "input", field: field.key, span: wide ? columns : 1 };
}

function referenceTarget(document: AppDocument, entity: string): string {
  return document.entities.find((other) => other.key !== entity.split(".")[0])?.key ?? "organization.user";
}

function afterRemoval(document: AppDocument, formKey: string, pointer: Pointer): Pointer | null {
  const form = formOf(document, formKey);
  const list = form?.nodes ? split(pointer).parent : null;
  const siblings = (list === null ? [] : (find(document, list) as readonly Keyed[] | undefined)) ?? [];
  const index = siblings.findIndex((node) => node.key === split(pointer).last);
  const beside = siblings[index + 1] ?? siblings[index - 1];
  if (beside && list !== null) return under(list, beside.key);
  return form && list !== null && list.split("/").length > 4 ? split(list).parent : form ? firstOther(form, pointer) : null;
}

function firstOther(form: Parameters<typeof neighbour>[0], pointer: Pointer): Pointer | null {
  const first = neighbour(form, null, "first");
  return first === pointer ? null : first;
}
