/**
 * Takes an app document and key pointers, gives typed elements of it back; it never changes a document.
 *
 * A pointer names an element by keys: `/entities/sales_order/fields/total/formula`. A segment under a list is the
 * `key` of an element, a segment under an object is a property. Positions are never part of a pointer, so a pointer
 * stays right when elements are moved around it.
 */

import type { Language } from "@/shared/i18n/label";
import type { Labels } from "@/shared/renderer/types";

export type { Labels, Language };
export type Json = null | boolean | number | string | readonly Json[] | { readonly [property: string]: Json | undefined };
export type Pointer = string;

/** An element of a list: whatever it holds, its key tells it from its neighbours. */
export type Keyed = { readonly key: string; readonly [property: string]: Json | undefined };

export type FieldKind =
  | "text"
  | "long_text"
  | "number"
  | "money"
  | "boolean"
  | "date"
  | "datetime"
  | "choice"
  | "reference"
  | "references"
  | "any_reference"
  | "member"
  | "members"
  | "department"
  | "departments"
  | "attachments"
  | "images"
  | "signature"
  | "lines"
  | "sequence"
  | "rich_text"
  | "phone"
  | "email"
  | "url"
  | "barcode"
  | "secret"
  | "percent"
  | "quantity"
  | "rating"
  | "time"
  | "duration"
  | "choices"
  | "tree_choice"
  | "address"
  | "location"
  | "json";

export type OptionDefinition = { readonly key: string; readonly name: Labels; readonly color?: string; readonly parent?: string };

export type FieldDefinition = {
  readonly key: string;
  readonly kind: FieldKind;
  readonly name: Labels;
  readonly help?: Labels;
  readonly required?: boolean;
  readonly read_only?: boolean;
  readonly default?: string;
  readonly formula?: string;
  readonly copy?: string;
  readonly indexed?: boolean;
  readonly sensitive?: boolean;
  readonly unique?: boolean;
  readonly locked?: boolean;
  readonly scale?: number;
  readonly min?: string;
  /** Of a rating a number, of others a number as text. */
  readonly max?: string | number;
  readonly max_length?: number;
  readonly min_length?: number;
  readonly pattern?: string;
  readonly pattern_message?: Labels;
  readonly unit?: string;
  readonly unit_field?: string;
  readonly currency?: string;
  readonly currency_field?: string;
  readonly format?: string;
  readonly show?: string;
  readonly seconds?: boolean;
  readonly country?: boolean;
  readonly schema?: Json;
  readonly mode?: "fast" | "gapless";
  readonly reset?: "none" | "year" | "month" | "day";
  readonly start?: number;
  readonly options?: readonly OptionDefinition[];
  /** Of a reference to any a list, which `amongOf` reads. */
  readonly to?: string;
  readonly where?: string;
  readonly types?: readonly string[];
  readonly max_size?: number;
  readonly max_count?: number;
  readonly inverse?: { readonly key: string; readonly name: Labels };
  readonly fields?: readonly FieldDefinition[];
};

export type RuleDefinition = { readonly key: string; readonly check: string; readonly at?: string; readonly message: Labels; readonly severity?: string; readonly locked?: boolean };

export type DecisionInput = { readonly key: string; readonly name?: Labels; readonly match: string; readonly field?: string; readonly from?: string; readonly to?: string };

export type DecisionDefinition = {
  readonly inputs: readonly DecisionInput[];
  readonly outputs: readonly string[];
  readonly policy: string;
  readonly order?: string;
  readonly first?: string;
  readonly last?: string;
  readonly overlap?: string;
};

export type EntityDefinition = {
  readonly key: string;
  /** `record` where it does not say. */
  readonly kind?: string;
  readonly decision?: DecisionDefinition;
  readonly name: Labels;
  readonly title?: string;
  readonly fields: readonly FieldDefinition[];
  readonly rules?: readonly RuleDefinition[];
  readonly unique?: readonly { readonly key: string; readonly fields: readonly string[] }[];
  readonly states?: { readonly key: string; readonly name?: Labels; readonly start?: string; readonly states?: readonly { readonly key: string; readonly name?: Labels; readonly color?: string }[] };
};

export type ColumnDefinition = { readonly key: string; readonly hidden?: boolean; readonly width?: number };

export type FormNode = {
  readonly key: string;
  readonly kind: string;
  readonly name?: Labels;
  readonly columns?: number | readonly ColumnDefinition[];
  readonly nodes?: readonly FormNode[];
  readonly field?: string;
  readonly span?: number;
  readonly hidden?: boolean;
  readonly read_only?: boolean;
};

export type FormDefinition = { readonly key: string; readonly entity: string; readonly name: Labels; readonly nodes: readonly FormNode[] };

export type ViewDefinition = {
  readonly key: string;
  readonly kind: string;
  readonly entity: string;
  readonly name: Labels;
  readonly form?: string;
  readonly filter?: string;
  readonly columns?: readonly ColumnDefinition[];
  readonly sort?: readonly { readonly key: string; readonly order?: string }[];
};

export type AppDocument = {
  readonly key: string;
  readonly name: Labels;
  readonly languages?: readonly Language[];
  readonly entities: readonly EntityDefinition[];
  readonly forms: readonly FormDefinition[];
  readonly views?: readonly ViewDefinition[];
  readonly [property: string]: unknown;
};

/** Return the entities a reference to any may point to; of any other field none. */
export function amongOf(field: FieldDefinition): readonly string[] {
  const to: unknown = field.to;
  return Array.isArray(to) ? (to as readonly string[]) : [];
}

/** Return the segments of a pointer; the root is the empty list. */
export function segmentsOf(pointer: Pointer): readonly string[] {
  return pointer === "" ? [] : pointer.slice(1).split("/");
}

/** Return the pointer of these segments. */
export function pointerOf(...segments: readonly string[]): Pointer {
  return segments.map((segment) => `/${segment}`).join("");
}

/** Return the pointer of what lies under `pointer`. */
export function under(pointer: Pointer, ...segments: readonly string[]): Pointer {
  return pointer + pointerOf(...segments);
}

/** Return the pointer of the container and the last segment: `/a/b/c` gives `/a/b` and `c`. */
export function split(pointer: Pointer): { readonly parent: Pointer; readonly last: string } {
  const at = pointer.lastIndexOf("/");
  return { parent: pointer.slice(0, at), last: pointer.slice(at + 1) };
}

/** Say whether `inner` is `outer` or lies under it. */
export function isWithin(inner: Pointer, outer: Pointer): boolean {
  return inner === outer || inner.startsWith(`${outer}/`);
}

/** Return the value a pointer names, or undefined when nothing is there. */
export function find(document: AppDocument, pointer: Pointer): Json | undefined {
  let value = document as unknown as Json | undefined;
  for (const segment of segmentsOf(pointer)) {
    if (Array.isArray(value)) value = (value as readonly (Keyed | null)[]).find((element) => element?.key === segment) ?? undefined;
    else if (value !== null && typeof value === "object") value = ownProperty(value as Record<string, Json>, segment);
    else return undefined;
  }
  return value;
}

/** Return the list a pointer names, or undefined when there is no list. */
export function findList(document: AppDocument, pointer: Pointer): readonly Keyed[] | undefined {
  const value = find(document, pointer);
  return Array.isArray(value) ? (value as readonly Keyed[]) : undefined;
}

/** Return an entity by its key. */
export function entityOf(document: AppDocument, key: string): EntityDefinition | undefined {
  return document.entities.find((entity) => entity.key === key);
}

/** Return the field that keeps the state of an entity's records: a choice of the states, which nobody fills in. */
export function stateField(entity: EntityDefinition | undefined): FieldDefinition | undefined {
  const states = entity?.states;
  if (states === undefined) return undefined;
  const options = (states.states ?? []).map((state) => ({ key: state.key, name: state.name ?? {}, ...(state.color === undefined ? {} : { color: state.color }) }));
  return { key: states.key, kind: "choice", name: states.name ?? { "zh-CN": "状态", en: "Status" }, read_only: true, locked: true, options };
}

/** Return a form by its key. */
export function formOf(document: AppDocument, key: string): FormDefinition | undefined {
  return document.forms.find((form) => form.key === key);
}

/** Return the lists of the records of an entity. */
export function listsOf(document: AppDocument, entity: string): readonly ViewDefinition[] {
  return (document.views ?? []).filter((view) => view.kind === "list" && view.entity === entity);
}

/** Return the node of a form that a pointer names. */
export function nodeOf(document: AppDocument, pointer: Pointer): FormNode | undefined {
  return find(document, pointer) as FormNode | undefined;
}

/** Return the label in a language, else in any other, else the key. */
export function labelOf(element: { readonly key: string; readonly name?: Labels }, language: Language): string {
  const name = element.name ?? {};
  return name[language] || name[language === "en" ? "zh-CN" : "en"] || element.key;
}

/** Every node of a form with its pointer, in the order a reader meets them. */
export function walkNodes(form: FormDefinition): readonly { readonly pointer: Pointer; readonly node: FormNode }[] {
  const found: { pointer: Pointer; node: FormNode }[] = [];
  const visit = (nodes: readonly FormNode[], list: Pointer): void => {
    for (const node of nodes) {
      const pointer = under(list, node.key);
      found.push({ pointer, node });
      if (node.nodes) visit(node.nodes, under(pointer, "nodes"));
    }
  };
  visit(form.nodes, pointerOf("forms", form.key, "nodes"));
  return found;
}

function ownProperty(value: Record<string, Json>, name: string): Json | undefined {
  return Object.hasOwn(value, name) ? value[name] : undefined;
}
