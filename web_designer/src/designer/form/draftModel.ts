/**
 * Takes parts of a draft, gives the models the form renderer draws from: the same shapes as of a published app.
 *
 * Nothing is computed in the designer but what a field begins with, so formulas and rules are left out. The form as a whole is
 * drawn from a model without fields, each node from a model of its own field: typing a label draws one node, not the form.
 */
import type { EntityModel, FieldModel, RuntimeModel, TreeJson } from "@/shared/renderer/types";
import { amongOf, type FieldDefinition, type Labels } from "../core/doc";

/** Return the model of an app that has this entity alone, without fields. */
export function bareModel(app: string, zone: string, entity: string): RuntimeModel {
  return { app, time_zone: zone, version: 0, name: {}, languages: [], may: [], entities: [entityModel(entity, [])], forms: [], views: [], menus: [] };
}

/** Return the model of an entity with these fields. */
export function entityModel(key: string, fields: readonly FieldModel[]): EntityModel {
  return { key, name: {}, title: null, actions: ["create", "read", "update"], computed: [], fields: [...fields], rules: [] };
}

/** Return the model of a field, with what it begins with; `named` holds what the entities it may point to are called. */
export function fieldModel(field: FieldDefinition, begin: TreeJson | null = null, named: Readonly<Record<string, Labels>> = {}): FieldModel {
  return {
    key: field.key,
    kind: field.kind,
    name: field.name,
    help: field.help ?? null,
    required: field.required ?? false,
    read_only: Boolean(field.read_only) || Boolean(field.formula) || field.kind === "sequence",
    max_length: field.max_length ?? null,
    scale: field.scale ?? null,
    min: field.min ?? null,
    max: field.max === undefined ? null : String(field.max),
    unit: field.unit ?? null,
    currency: field.currency ?? null,
    format: field.format ?? null,
    show: field.show ?? null,
    seconds: field.seconds ?? null,
    country: field.country ?? null,
    options: field.options ?? null,
    to: typeof field.to === "string" ? field.to : null,
    among: field.kind === "any_reference" ? amongOf(field).map((to) => ({ to, to_name: named[to] ?? {} })) : null,
    to_title: null,
    where: null,
    formula: null,
    default: begin,
    copy: null,
    fields: field.fields ? field.fields.map((one) => fieldModel(one, null, named)) : null,
  };
}
