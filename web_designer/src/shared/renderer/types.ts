/** What the server says about a published app, as plain data: entities, fields, forms, views, menus. No behaviour. */

import { isWideKind } from "./kinds";

/** A text in every language of the app, by BCP 47 key. */
export type Labels = Readonly<Record<string, string>>;

/** A typed expression as the server writes it for the browser. */
export type TreeJson = Readonly<Record<string, unknown>>;

/** The kinds a field may have. */
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

export interface ChoiceOption {
  readonly key: string;
  readonly name: Labels;
  readonly color?: string | null;
  /** The option it lies under, in a tree. */
  readonly parent?: string | null;
}

/** An entity among those a reference to any may point to; `to` as in a reference. */
export interface AmongModel {
  readonly to: string;
  readonly to_title?: string | null;
  readonly to_name: Labels;
  readonly is_readable?: boolean;
}

/** One attribute of an entity, or one column of its lines. */
export interface FieldModel {
  readonly key: string;
  readonly kind: FieldKind | (string & {});
  readonly name: Labels;
  readonly help?: Labels | null;
  readonly required?: boolean;
  readonly read_only?: boolean;
  readonly max_length?: number | null;
  readonly scale?: number | null;
  readonly min?: string | null;
  readonly max?: string | null;
  readonly options?: readonly ChoiceOption[] | null;
  readonly min_length?: number | null;
  /** The unit or the currency, or the field beside it that holds one. */
  readonly unit?: string | null;
  readonly unit_field?: string | null;
  readonly currency?: string | null;
  readonly currency_field?: string | null;
  /** How a bar code is drawn. */
  readonly format?: string | null;
  /** How a span of time is shown: `hours` or `days`. */
  readonly show?: string | null;
  /** Whether a time has seconds; whether an address has a country. */
  readonly seconds?: boolean | null;
  readonly country?: boolean | null;
  /** Entity the reference points to: `partner`, or `organization.user` in another app. */
  readonly to?: string | null;
  /** Key of the field that titles a record of `to`. */
  readonly to_title?: string | null;
  readonly where?: string | null;
  /** The entities one of whose records a reference to any points to. */
  readonly among?: readonly AmongModel[] | null;
  /** Which files it takes: `image/*`, `.pdf`; how many bytes each may have; how many there may be. */
  readonly types?: readonly string[] | null;
  readonly max_size?: number | null;
  readonly max_count?: number | null;
  readonly formula?: TreeJson | null;
  /** Its formula reads other records, or the day: the server computes it when the record has been saved, or whenever it is read. */
  readonly is_far?: boolean;
  readonly default?: TreeJson | null;
  readonly copy?: readonly string[] | null;
  readonly fields?: readonly FieldModel[] | null;
}

export interface RuleModel {
  readonly key: string;
  readonly check: TreeJson;
  readonly at?: string | null;
  readonly message: Labels;
}

/** A way from some states to another, which the person may take when the record says so. */
export interface TransitionModel {
  readonly key: string;
  readonly name: Labels;
  readonly from: readonly string[];
  readonly to: string;
  /** What to ask before it is taken. */
  readonly confirm?: Labels | null;
}

/** The states of an entity's records, kept in the field `key`. */
export interface StatesModel {
  readonly key: string;
  readonly states: readonly { readonly key: string; readonly name: Labels; readonly color?: string | null; readonly read_only?: boolean; readonly can_delete?: boolean }[];
  readonly transitions: readonly TransitionModel[];
}

export type Action = "create" | "read" | "update" | "delete" | "reverse";

/** How a decision table decides; `fields` of an input: what it is matched with, of a range both ends. */
export interface DecisionModel {
  readonly inputs: readonly { readonly key: string; readonly name: Labels; readonly match: string; readonly fields: readonly string[] }[];
  readonly outputs: readonly string[];
  readonly policy: string;
  /** The fields of the first and the last day of a row. */
  readonly first: string | null;
  readonly last: string | null;
}

export interface EntityModel {
  readonly key: string;
  readonly name: Labels;
  readonly title?: string | null;
  readonly actions: readonly (Action | (string & {}))[];
  /** Computed fields in the order in which they are computed: `lines.amount`, `total`. */
  readonly computed?: readonly string[];
  readonly fields: readonly FieldModel[];
  readonly rules?: readonly RuleModel[];
  /** `single`: there is one record, and its list is that record. */
  readonly kind?: string;
  readonly states?: StatesModel | null;
  readonly decision?: DecisionModel | null;
}

export interface SectionNode {
  readonly key: string;
  readonly kind: "section";
  readonly name?: Labels | null;
  readonly columns?: number;
  readonly hidden?: boolean;
  readonly nodes?: readonly FormNode[];
}

export interface LineColumn {
  readonly key: string;
  readonly width?: number | null;
  readonly hidden?: boolean;
}

export interface InputNode {
  readonly key: string;
  readonly kind: "input";
  readonly field: string;
  readonly name?: Labels | null;
  readonly span?: number;
  readonly hidden?: boolean;
  readonly read_only?: boolean;
  readonly columns?: readonly LineColumn[] | null;
}

export type FormNode = SectionNode | InputNode;

export interface FormDefinition {
  readonly key: string;
  readonly entity: string;
  readonly name?: Labels | null;
  readonly nodes: readonly FormNode[];
}

export interface ViewColumn {
  readonly key: string;
  readonly width?: number | null;
}

export interface ViewSort {
  readonly key: string;
  readonly order?: "ascending" | "descending";
}

export interface ViewDefinition {
  readonly key: string;
  readonly kind: string;
  readonly entity: string;
  readonly name: Labels;
  readonly form?: string | null;
  readonly filter?: string | null;
  readonly columns: readonly ViewColumn[];
  readonly sort?: readonly ViewSort[];
}

export interface MenuItem {
  readonly key: string;
  readonly view?: string | null;
  readonly name?: Labels | null;
  readonly icon?: string | null;
}

export interface MenuDefinition {
  readonly key: string;
  readonly name: Labels;
  readonly icon?: string | null;
  readonly items: readonly MenuItem[];
}

/** A published app as this actor may see it. */
export interface RuntimeModel {
  readonly app: string;
  readonly version: number;
  readonly name: Labels;
  readonly languages: readonly string[];
  /** The site's time zone, such as `Asia/Shanghai`; all people read and fill instants in it. */
  readonly time_zone?: string;
  readonly may: readonly string[];
  readonly entities: readonly EntityModel[];
  readonly forms: readonly FormDefinition[];
  readonly views: readonly ViewDefinition[];
  readonly menus: readonly MenuDefinition[];
}

/** Returns the site's time zone, the reader's own when the model does not tell. */
export const zoneOf = (model: RuntimeModel): string => model.time_zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Returns the entity of that key, if the actor may read it. */
export function entityOf(model: RuntimeModel, key: string): EntityModel | undefined {
  return model.entities.find((entity) => entity.key === key);
}

/** Returns the field of that key: of the entity, or of its lines when given `lines.amount`. */
export function fieldOf(entity: Pick<EntityModel, "fields">, path: string): FieldModel | undefined {
  const [head, ...rest] = path.split(".");
  const field = entity.fields.find((one) => one.key === head);
  if (field === undefined || rest.length === 0) return field;
  return fieldOf({ fields: field.fields ?? [] }, rest.join("."));
}

/** Returns the form a view names, else the first form of the entity, else one made of all its fields. */
export function formOf(model: RuntimeModel, entity: EntityModel, wanted?: string | null): FormDefinition {
  const named = model.forms.find((form) => form.key === wanted && form.entity === entity.key);
  return named ?? model.forms.find((form) => form.entity === entity.key) ?? formOfFields(entity);
}

function formOfFields(entity: EntityModel): FormDefinition {
  const nodes = entity.fields.map(
    (field): InputNode => ({
      key: field.key,
      kind: "input",
      field: field.key,
      span: field.kind === "lines" || isWideKind(field.kind) ? 2 : 1,
    }),
  );
  return { key: entity.key, entity: entity.key, nodes: [{ key: "all", kind: "section", columns: 2, nodes }] };
}
