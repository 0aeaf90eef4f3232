/**
 * Takes a document and a field, gives every place that uses the field: formulas, rules, forms, views, uniqueness.
 *
 * Expressions are only looked through for names, not checked (the server does that): a name counts as a use when it can
 * mean the field by key or by label. It would rather name a place too many than one too few.
 */
import { type AppDocument, type EntityDefinition, type FieldDefinition, type FormNode, type Pointer, entityOf, pointerOf, under, walkNodes } from "../core/doc";

/** A field of an entity, or of its lines: entity `sales_order.lines`, field `amount`. */
export type FieldPlace = { readonly entity: string; readonly field: string };
export type UseKind = "formula" | "default" | "copy" | "where" | "rule" | "filter" | "form" | "view" | "sort" | "unique" | "title";
/** Where a field is used. `pointer` names the element that uses it; `removable` uses can go together with the field. */
export type Use = { readonly kind: UseKind; readonly pointer: Pointer; readonly removable: boolean };

type Scope = { readonly key: string; readonly fields: readonly FieldDefinition[]; readonly parent: string | null };
type Expression = { readonly kind: UseKind; readonly pointer: Pointer; readonly text: string; readonly scope: string };

/** Return all uses of a field in the document, but for the field itself. */
export function usesOf(document: AppDocument, place: FieldPlace): readonly Use[] {
  const own = fieldPointer(place);
  const expressions = expressionsOf(document)
    .filter(({ pointer, text, scope }) => pointer !== own && namesIn(text).some((path) => meets(document, scope, path, place)))
    .map(({ kind, pointer }): Use => ({ kind, pointer, removable: false }));
  return [...expressions, ...keyUses(document, place)];
}

/** Return the pointer of a field. */
export function fieldPointer({ entity, field }: FieldPlace): Pointer {
  const [head, lines] = entity.split(".");
  return lines ? pointerOf("entities", head ?? "", "fields", lines, "fields", field) : pointerOf("entities", head ?? "", "fields", field);
}

/** Return the field a place names. */
export function fieldAt(document: AppDocument, place: FieldPlace): FieldDefinition | undefined {
  return scopeOf(document, place.entity)?.fields.find((field) => field.key === place.field);
}

/** Return the fields an entity, or its lines, has. */
export function fieldsOf(document: AppDocument, entity: string): readonly FieldDefinition[] {
  return scopeOf(document, entity)?.fields ?? [];
}

/** Return every path in an expression: `SUM(lines.amount) > {最低 金额}` gives `[["lines","amount"],["最低 金额"]]`. */
export function namesIn(text: string): readonly (readonly string[])[] {
  const found: string[][] = [];
  const token = /"(?:[^"]|"")*"|'(?:[^']|'')*'|#[^#]*#|\/\/[^\n]*|\/\*[^]*?\*\/|((?:[\p{L}_][\p{L}\p{N}_]*|\{[^}]*\})(?:\s*\.\s*(?:[\p{L}_][\p{L}\p{N}_]*|\{[^}]*\}))*)\s*(\(?)/gu;
  for (const match of text.matchAll(token)) {
    if (match[1] === undefined || (match[2] === "(" && !match[1].includes("."))) continue;
    found.push(match[1].split(".").map((name) => name.trim().replace(/^\{(.*)\}$/, "$1")));
  }
  return found;
}

function scopeOf(document: AppDocument, key: string): Scope | undefined {
  const [head, lines] = key.split(".");
  const entity = entityOf(document, head ?? "");
  if (!entity) return undefined;
  if (!lines) return { key, fields: entity.fields, parent: null };
  const field = entity.fields.find((other) => other.key === lines);
  return field && { key, fields: field.fields ?? [], parent: entity.key };
}

/** Say whether a path read in a scope may go through a field. A name that fits no scope is tried in all lines of it. */
function meets(document: AppDocument, scope: string, path: readonly string[], place: FieldPlace): boolean {
  const start = scopeOf(document, scope);
  if (!start) return false;
  const rows = start.fields.filter((field) => field.kind === "lines").map((field) => `${scope}.${field.key}`);
  return [scope, ...rows].some((from) => walks(document, from, path, place));
}

function walks(document: AppDocument, from: string, path: readonly string[], place: FieldPlace): boolean {
  let scope = scopeOf(document, from);
  for (const name of path) {
    if (!scope) return false;
    if (name === "parent" && scope.parent !== null) {
      scope = scopeOf(document, scope.parent);
      continue;
    }
    const field = scope.fields.find((other) => other.key === name || Object.values(other.name).includes(name));
    if (field && scope.key === place.entity && field.key === place.field) return true;
    scope = field ? scopeBehind(document, scope, field) : inverseScope(document, scope.key, name);
  }
  return false;
}

function scopeBehind(document: AppDocument, scope: Scope, field: FieldDefinition): Scope | undefined {
  if (field.kind === "lines") return scopeOf(document, `${scope.key}.${field.key}`);
  return field.to ? scopeOf(document, field.to) : undefined;
}

function inverseScope(document: AppDocument, target: string, name: string): Scope | undefined {
  for (const entity of document.entities) {
    if (entity.fields.some((field) => field.to === target && field.inverse?.key === name)) return scopeOf(document, entity.key);
  }
  return undefined;
}

function expressionsOf(document: AppDocument): readonly Expression[] {
  const found: Expression[] = [];
  const addFields = (fields: readonly FieldDefinition[], list: Pointer, scope: string): void => {
    for (const field of fields) {
      const pointer = under(list, field.key);
      if (field.formula) found.push({ kind: "formula", pointer, text: field.formula, scope });
      if (field.default) found.push({ kind: "default", pointer, text: field.default, scope });
      if (field.copy) found.push({ kind: "copy", pointer, text: field.copy, scope });
      if (field.where && field.to) found.push({ kind: "where", pointer, text: field.where, scope: field.to });
      if (field.fields) addFields(field.fields, under(pointer, "fields"), `${scope}.${field.key}`);
    }
  };
  for (const entity of document.entities) {
    addFields(entity.fields, pointerOf("entities", entity.key, "fields"), entity.key);
    for (const rule of entity.rules ?? []) {
      found.push({ kind: "rule", pointer: pointerOf("entities", entity.key, "rules", rule.key), text: `${rule.check}\n, ${rule.at ?? ""}`, scope: entity.key });
    }
  }
  for (const view of document.views ?? []) {
    if (view.filter) found.push({ kind: "filter", pointer: pointerOf("views", view.key), text: view.filter, scope: view.entity });
  }
  return found;
}

function keyUses(document: AppDocument, place: FieldPlace): readonly Use[] {
  const [head, lines] = place.entity.split(".");
  return [
    ...entityUses(entityOf(document, place.entity), place.field),
    ...document.forms
      .filter((form) => form.entity === head)
      .flatMap((form) => walkNodes(form).filter(({ node }) => (lines ? hasColumn(node, lines, place.field) : node.field === place.field)))
      .map(({ pointer }): Use => ({ kind: "form", pointer, removable: true })),
    ...(document.views ?? [])
      .filter((view) => view.entity === place.entity)
      .flatMap((view): readonly Use[] => [
        ...(view.columns?.some((column) => column.key === place.field) ? [{ kind: "view", pointer: pointerOf("views", view.key), removable: true } as const] : []),
        ...(view.sort?.some((sort) => sort.key === place.field) ? [{ kind: "sort", pointer: pointerOf("views", view.key), removable: true } as const] : []),
      ]),
  ];
}

function entityUses(entity: EntityDefinition | undefined, field: string): readonly Use[] {
  if (!entity) return [];
  const unique = (entity.unique ?? []).filter(({ fields }) => fields.includes(field));
  return [
    ...(entity.title === field ? [{ kind: "title", pointer: pointerOf("entities", entity.key), removable: false } as const] : []),
    ...unique.map(({ key }): Use => ({ kind: "unique", pointer: pointerOf("entities", entity.key, "unique", key), removable: false })),
  ];
}

function hasColumn(node: FormNode, lines: string, column: string): boolean {
  return node.field === lines && Array.isArray(node.columns) && node.columns.some((other: { key: string }) => other.key === column);
}
