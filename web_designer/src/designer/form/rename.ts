/**
 * Takes a document and an unpublished field with its new key, gives the commands that rename it wherever it is named.
 *
 * Forms, views, uniqueness, titles and where rules are told name a field by key; expressions name it in their text, which
 * is rewritten name by name. A published key is never changed: the caller asks `isPublished` first.
 */
import { type Command, compose, renameAt, setAt } from "../core/commands";
import { type AppDocument, type Keyed, type Pointer, entityOf, find, nodeOf, split, under, walkNodes } from "../core/doc";
import { renamedIn } from "./decisionFields";
import { type FieldPlace, expressionsOf, fieldPointer, fieldsOf, usesOf, withKey } from "./usage";

/** What a key looks like: 40 characters, single underscores inside. */
const KEY = /^(?=.{1,40}$)[a-z](?:_?[a-z0-9])*$/;
const RESERVED: ReadonlySet<string> = new Set(
  "id revision created_at created_by updated_at updated_by deleted_at parent position".split(" "),
);

/** Why a key cannot be used, or null when it can. */
export type KeyFault = "shape" | "reserved" | "taken" | null;

/** Say what is wrong with a new key for an element beside elements with other keys. */
export function keyFault(key: string, others: readonly string[]): KeyFault {
  if (!KEY.test(key)) return "shape";
  if (RESERVED.has(key)) return "reserved";
  return others.includes(key) ? "taken" : null;
}

/** Return the keys of the other fields beside a field. */
export function otherKeys(document: AppDocument, place: FieldPlace): readonly string[] {
  return fieldsOf(document, place.entity).flatMap(({ key }) => (key === place.field ? [] : [key]));
}

/** Say whether a field is in the published version, so that its key is fixed. */
export function isPublished(published: AppDocument | null, place: FieldPlace): boolean {
  return published !== null && fieldsOf(published, place.entity).some((field) => field.key === place.field);
}

/** Return the commands that give a field another key. */
export function renameField(document: AppDocument, place: FieldPlace, key: string): readonly Command[] {
  const pointers = [...new Set(usesOf(document, place).map((use) => use.pointer))];
  const rewritten = expressionsOf(document).flatMap((expression) => {
    const text = withKey(document, expression, place, key);
    return text === expression.text ? [] : [{ at: under(expression.pointer, expression.property), text }];
  });
  return compose(
    document,
    ...rewritten.map(({ at, text }) => (now: AppDocument) => setAt(now, at, text)),
    ...pointers.map((pointer) => (now: AppDocument) => renameKeyUses(now, pointer, place, key)),
    (now) => renameAt(now, fieldPointer(place), key),
  );
}

/** Return the pointer a node has once its field was renamed. */
export function renamedNode(document: AppDocument, pointer: Pointer, place: FieldPlace, key: string): Pointer {
  const node = nodeOf(document, pointer);
  return node?.field === place.field && node.key === place.field && !place.entity.includes(".") ? under(split(pointer).parent, key) : pointer;
}

function renameKeyUses(document: AppDocument, pointer: Pointer, place: FieldPlace, key: string): readonly Command[] {
  const element = find(document, pointer) as Keyed | undefined;
  if (!element) return [];
  const commands: Command[] = [];
  if (pointer.startsWith("/forms/")) commands.push(...renameInForm(document, pointer, place, key));
  else if (pointer.endsWith("/decision")) commands.push(renamedIn(document, place.entity, place.field, key));
  else if (pointer.startsWith("/views/")) {
    commands.push(...renameAt(document, under(pointer, "columns", place.field), key), ...renameAt(document, under(pointer, "sort", place.field), key));
    const further = ((element["columns"] ?? []) as readonly Keyed[]).filter((column) => column.key.startsWith(`${place.field}.`));
    for (const column of further) commands.push(...renameAt(document, under(pointer, "columns", column.key), key + column.key.slice(place.field.length)));
  } else if (pointer.includes("/rules/")) {
    if (element["at"] === place.field && pointer.startsWith(`/entities/${place.entity}/`)) commands.push(setAt(document, under(pointer, "at"), key));
  } else if (element["title"] === place.field) commands.push(setAt(document, under(pointer, "title"), key));
  else if (Array.isArray(element["fields"]) && pointer.includes("/unique/")) {
    const fields = (element["fields"] as readonly string[]).map((field) => (field === place.field ? key : field));
    commands.push(setAt(document, under(pointer, "fields"), fields));
  }
  return commands;
}

function renameInForm(document: AppDocument, pointer: Pointer, place: FieldPlace, key: string): readonly Command[] {
  if (place.entity.includes(".")) return renameAt(document, under(pointer, "columns", place.field), key);
  const node = nodeOf(document, pointer);
  const form = document.forms.find((other) => other.key === pointer.split("/")[2]);
  const taken = form ? walkNodes(form).some((other) => other.node.key === key) : true;
  const set = setAt(document, under(pointer, "field"), key);
  return node?.key === place.field && !taken ? [set, ...renameAfter(document, pointer, key, set)] : [set];
}

function renameAfter(document: AppDocument, pointer: Pointer, key: string, before: Command): readonly Command[] {
  return compose(
    document,
    () => before,
    (now) => renameAt(now, pointer, key),
  ).slice(1);
}

/** Return an entity's keys of fields and those of its published version: what a new key must not be. */
export function takenKeys(document: AppDocument, published: AppDocument | null, entity: string): readonly string[] {
  const kept = published && entityOf(published, entity.split(".")[0] ?? "") ? fieldsOf(published, entity) : [];
  return [...new Set([...fieldsOf(document, entity), ...kept].map((field) => field.key))];
}
