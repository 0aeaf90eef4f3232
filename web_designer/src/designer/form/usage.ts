/**
 * Takes a document and a field, gives every place that uses the field: formulas, rules, forms, views, uniqueness.
 *
 * Expressions are only looked through for names, not checked (the server does that): a name counts as a use when it can
 * mean the field by key or by label. It would rather name a place too many than one too few.
 */
import { type AppDocument, type EntityDefinition, type FieldDefinition, type FormNode, type Pointer, entityOf, pointerOf, under, walkNodes } from "../core/doc";
import { decisionPointer, fieldsNamed } from "./decisionFields";

/** A field of an entity, or of its lines: entity `sales_order.lines`, field `amount`. */
export type FieldPlace = { readonly entity: string; readonly field: string };
export type UseKind = "formula" | "default" | "copy" | "where" | "rule" | "filter" | "form" | "view" | "sort" | "unique" | "title" | "decision";
/** Where a field is used. `pointer` names the element that uses it; `removable` uses can go together with the field. */
export type Use = { readonly kind: UseKind; readonly pointer: Pointer; readonly removable: boolean };

type Scope = { readonly key: string; readonly fields: readonly FieldDefinition[]; readonly parent: string | null };
/** An expression of the document: which property of which element holds it, and whose names it reads. */
export type Expression = { readonly kind: UseKind; readonly pointer: Pointer; readonly property: string; readonly text: string; readonly scope: string };
type Read = Pick<Expression, "text" | "scope">;

/** A path, of `@customer` too, and what may call it; what lies in quotes, dates and comments is passed over. */
const PATH = /"(?:[^"]|"")*"|'(?:[^']|'')*'|#[^#]*#|\/\/[^\n]*|\/\*[^]*?\*\/|((?:@\s*)?(?:[\p{L}_][\p{L}\p{N}_]*|\{[^}]*\})(?:\s*\.\s*(?:[\p{L}_][\p{L}\p{N}_]*|\{[^}]*\}))*)\s*(\(?)/gu;

/** Return all uses of a field in the document, but for the field itself. */
export function usesOf(document: AppDocument, place: FieldPlace): readonly Use[] {
  const own = fieldPointer(place);
  const expressions = expressionsOf(document)
    .filter((expression) => expression.pointer !== own && namesIn(expression.text).some((path) => stepsTo(document, expression, path, place).length > 0))
    .map(({ kind, pointer }): Use => ({ kind, pointer, removable: false }));
  const found = [...expressions, ...keyUses(document, place)];
  return found.filter((use, index) => found.findIndex((other) => other.kind === use.kind && other.pointer === use.pointer) === index);
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
  for (const [, path, call] of text.matchAll(PATH)) if (isPath(path, call)) found.push(namesOf(path));
  return found;
}

/** Return an expression with another key in the place of a field's, wherever a name in it may mean the field. */
export function withKey(document: AppDocument, expression: Read, place: FieldPlace, key: string): string {
  return expression.text.replace(PATH, (found: string, path: string | undefined, call: string | undefined) => {
    if (!isPath(path, call)) return found;
    const steps = stepsTo(document, expression, namesOf(path), place);
    const written = path.split(".").map((name, index) => (steps.includes(index) && name.trim() === place.field ? name.replace(place.field, key) : name));
    return written.join(".") + found.slice(path.length);
  });
}

function isPath(path: string | undefined, call: string | undefined): path is string {
  return path !== undefined && (call !== "(" || path.includes("."));
}

function namesOf(path: string): string[] {
  return path.split(".").map((name) => name.trim().replace(/^(@?)\s*(?:\{(.*)\}|(.*))$/, "$1$2$3"));
}

function scopeOf(document: AppDocument, key: string): Scope | undefined {
  const [head, lines] = key.split(".");
  const entity = entityOf(document, head ?? "");
  if (!entity) return undefined;
  if (!lines) return { key, fields: entity.fields, parent: null };
  const field = entity.fields.find((other) => other.key === lines);
  return field && { key, fields: field.fields ?? [], parent: entity.key };
}

/** Return the steps of a path of an expression that may mean a field. */
function stepsTo(document: AppDocument, { text, scope }: Read, path: readonly string[], place: FieldPlace): readonly number[] {
  const asked = namesIn(text).flatMap(([first = ""]) => askedEntity(document, first)?.key ?? []);
  // A name is one of the record, of its lines, or of the records of an entity that is asked as a whole.
  return [scope, ...asked].flatMap((key) => [key, ...linesOf(document, key)]).flatMap((from) => stepsFrom(document, from, scope, path, place));
}

function linesOf(document: AppDocument, scope: string): readonly string[] {
  return fieldsOf(document, scope).flatMap((field) => (field.kind === "lines" ? [`${scope}.${field.key}`] : []));
}

/** Return the entity all records of which are asked: `@customer`, by its key or its label. */
function askedEntity(document: AppDocument, written: string): EntityDefinition | undefined {
  const name = written.slice(1);
  return written.startsWith("@") ? document.entities.find((entity) => entity.key === name || isCalled(entity, name)) : undefined;
}

/** What a package adds to an entity of another one has no labels of its own. */
function isCalled({ name = {} }: Partial<EntityDefinition>, label: string): boolean {
  return Object.values(name).includes(label);
}

/** `home`: the record the expression is about, which records that are asked of an entity call their parent. */
function stepsFrom(document: AppDocument, from: string, home: string, path: readonly string[], place: FieldPlace): readonly number[] {
  const steps: number[] = [];
  let scope = scopeOf(document, from);
  for (const [index, name] of path.entries()) {
    if (!scope) break;
    const field = scope.fields.find((other) => other.key === name || Object.values(other.name).includes(name));
    if (field && scope.key === place.entity && field.key === place.field) steps.push(index);
    if (field) scope = scopeBehind(document, scope, field);
    else if (name.startsWith("@")) scope = scopeOf(document, askedEntity(document, name)?.key ?? "");
    else scope = name === "parent" ? scopeOf(document, scope.parent ?? home) : inverseScope(document, scope.key, name);
  }
  return steps;
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

/** Return every expression of the document. */
export function expressionsOf(document: AppDocument): readonly Expression[] {
  const found: Expression[] = [];
  const addFields = (fields: readonly FieldDefinition[], list: Pointer, scope: string): void => {
    for (const field of fields) {
      const pointer = under(list, field.key);
      for (const property of ["formula", "default", "copy"] as const) {
        const text = field[property];
        if (text) found.push({ kind: property, pointer, property, text, scope });
      }
      if (field.where && field.to) found.push({ kind: "where", pointer, property: "where", text: field.where, scope: field.to });
      if (field.fields) addFields(field.fields, under(pointer, "fields"), `${scope}.${field.key}`);
    }
  };
  for (const entity of document.entities) {
    addFields(entity.fields, pointerOf("entities", entity.key, "fields"), entity.key);
    for (const rule of entity.rules ?? []) {
      found.push({ kind: "rule", pointer: pointerOf("entities", entity.key, "rules", rule.key), property: "check", text: rule.check, scope: entity.key });
    }
  }
  for (const view of document.views ?? []) {
    if (view.filter) found.push({ kind: "filter", pointer: pointerOf("views", view.key), property: "filter", text: view.filter, scope: view.entity });
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
        // A column of what the field points to is not the field's own.
        ...(view.columns?.some((column) => column.key.startsWith(`${place.field}.`)) ? [{ kind: "view", pointer: pointerOf("views", view.key), removable: false } as const] : []),
        ...(view.sort?.some((sort) => sort.key === place.field) ? [{ kind: "sort", pointer: pointerOf("views", view.key), removable: true } as const] : []),
      ]),
  ];
}

function entityUses(entity: EntityDefinition | undefined, field: string): readonly Use[] {
  if (!entity) return [];
  const unique = (entity.unique ?? []).filter(({ fields }) => fields.includes(field));
  const told = (entity.rules ?? []).filter(({ at }) => at === field);
  return [
    ...told.map(({ key }): Use => ({ kind: "rule", pointer: pointerOf("entities", entity.key, "rules", key), removable: false })),
    ...(entity.title === field ? [{ kind: "title", pointer: pointerOf("entities", entity.key), removable: false } as const] : []),
    ...(fieldsNamed(entity.decision).includes(field) ? [{ kind: "decision", pointer: decisionPointer(entity.key), removable: false } as const] : []),
    ...unique.map(({ key }): Use => ({ kind: "unique", pointer: pointerOf("entities", entity.key, "unique", key), removable: false })),
  ];
}

function hasColumn(node: FormNode, lines: string, column: string): boolean {
  return node.field === lines && Array.isArray(node.columns) && node.columns.some((other: { key: string }) => other.key === column);
}
