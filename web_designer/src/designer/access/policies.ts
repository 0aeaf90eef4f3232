/**
 * Takes a document and what was done to its roles and policies, gives the gesture; and reads of policies what a cell of the matrix shows.
 *
 * A policy has no name of its own: in the history it is called by its key.
 */
import { type Command, compose, insertAt, listAt, removeAt, setAt } from "../core/commands";
import { type AppDocument, type EntityDefinition, type FieldDefinition, type Keyed, type Labels, type Language, type Pointer, find, pointerOf, under } from "../core/doc";
import type { Gesture } from "../core/history";
import { naming } from "../form/gestures";
import { freeKey } from "../form/kinds";

export type Level = "hidden" | "masked" | "read" | "write";
export type RowsWord = "all" | "own" | "department" | "department_below" | "reports" | "shared";
export type PolicyLevel = { readonly key: string; readonly level: Level; readonly when?: string };
export type PolicyDefinition = {
  readonly key: string;
  readonly role: string;
  readonly entity: string;
  readonly deny?: boolean;
  readonly actions: readonly string[];
  readonly without?: readonly string[];
  readonly rows?: RowsWord;
  readonly owner?: string;
  readonly where?: string;
  readonly levels?: readonly PolicyLevel[];
  readonly others?: "hidden" | "read" | "write";
  readonly locked?: boolean;
};
export type RoleDefinition = { readonly key: string; readonly name: Labels; readonly may?: readonly string[]; readonly installer?: boolean; readonly locked?: boolean };

/** The actions a cell of the matrix shows. */
export const MAIN = ["read", "create", "update", "delete"] as const;
/** What an action brings along unless `without` names it, and what can be granted by itself. */
export const BRINGS: Readonly<Record<string, readonly string[]>> = { create: ["import"], read: ["export", "print"], update: ["bulk", "transition"], delete: ["restore", "bulk"] };
export const FINER = ["export", "print", "import", "bulk", "restore", "share"] as const;
export const ROWS: readonly RowsWord[] = ["all", "own", "department", "department_below", "reports", "shared"];
export const LEVELS: readonly Level[] = ["hidden", "masked", "read", "write"];
export const MAY = ["design", "publish"] as const;

/** A main action as a cell shows it: for all records, for some of them, never whatever else is granted, or not at all. */
export type Mark = "all" | "some" | "denied" | "none";

/** Return the elements of a list that are objects with keys; a draft may hold anything. */
function listed<T extends { readonly key: string }>(document: AppDocument | null, name: string): readonly T[] {
  const found = document === null ? undefined : document[name];
  return Array.isArray(found) ? (found as readonly (T | null)[]).filter((one): one is T => typeof one?.key === "string") : [];
}

export const rolesOf = (document: AppDocument | null): readonly RoleDefinition[] => listed<RoleDefinition>(document, "roles");

export const policiesOf = (document: AppDocument | null): readonly PolicyDefinition[] => listed<PolicyDefinition>(document, "policies");

/** Return the policies of a role for an entity. */
export const policiesAt = (document: AppDocument, role: string, entity: string): readonly PolicyDefinition[] =>
  policiesOf(document).filter((policy) => policy.role === role && policy.entity === entity);

/** Return what comes with an action in a policy; a denial leaves what another action brings as well. */
function broughtBy(policy: PolicyDefinition, action: string): readonly string[] {
  const isOthersToo = (more: string): boolean => Object.entries(BRINGS).some(([other, whole]) => other !== action && whole.includes(more));
  return (BRINGS[action] ?? []).filter((more) => policy.deny !== true || !isOthersToo(more));
}

/** Return every action a policy names, with what that brings along, without what it leaves out; transitions by their keys. */
export function actionsOf(policy: PolicyDefinition, transitions: readonly string[]): ReadonlySet<string> {
  const each = (action: string): readonly string[] => (action === "transition" ? transitions.map((key) => `transition.${key}`) : [action]);
  const whole = (policy.actions ?? []).flatMap((action) => [action, ...broughtBy(policy, action)]).flatMap(each);
  const without = new Set((policy.without ?? []).flatMap(each));
  return new Set(whole.filter((action) => !without.has(action)));
}

/** Return what a cell shows of an action: what the policies of one role come to, as far as they tell by themselves. */
export function markOf(policies: readonly PolicyDefinition[], action: string, transitions: readonly string[]): Mark {
  const about = policies.filter((policy) => actionsOf(policy, transitions).has(action));
  const granting = about.filter((policy) => !policy.deny);
  const denying = about.filter((policy) => policy.deny && (policy.levels ?? []).length === 0);
  if (denying.some(isForAll)) return "denied";
  if (granting.length === 0) return "none";
  return granting.some(isForAll) && denying.length === 0 ? "all" : "some";
}

const isForAll = (policy: PolicyDefinition): boolean => (policy.rows ?? "all") === "all" && (policy.where ?? "") === "";

/** Return the keys of the transitions of an entity. */
export function transitionsOf(entity: EntityDefinition): readonly { readonly key: string; readonly name?: Labels }[] {
  const states = entity.states as { readonly transitions?: readonly { readonly key: string; readonly name?: Labels }[] } | undefined;
  return states?.transitions ?? [];
}

/** Return the fields of an entity and of its rows, those as `lines.price`, with their names. */
export function fieldsOf(entity: EntityDefinition): readonly { readonly key: string; readonly field: FieldDefinition; readonly inside?: FieldDefinition }[] {
  return entity.fields.flatMap((field) => [{ key: field.key, field }, ...(field.fields ?? []).map((inner) => ({ key: `${field.key}.${inner.key}`, field: inner, inside: field }))]);
}

/** Return the fields that can say whose a record is. */
export const ownersOf = (entity: EntityDefinition): readonly FieldDefinition[] =>
  entity.fields.filter((field) => field.kind === "member" || field.kind === "department" || field.to === "organization.user" || field.to === "organization.department");

export const policyPointer = (key: string): Pointer => pointerOf("policies", key);

/** Add a role; its name begins in the author's language alone. */
export function addRole(document: AppDocument, language: Language): { readonly gesture: Gesture; readonly key: string } {
  const key = freeKey("x_role", rolesOf(document).map((role) => role.key));
  const name: Labels = language === "en" ? { en: "New role" } : { "zh-CN": "新角色" };
  const role = { key, name };
  const commands = compose(
    document,
    (now) => listAt(now, "/roles"),
    (now) => insertAt(now, { list: "/roles", before: null }, role as Keyed),
  );
  return { gesture: { label: naming("entry.add-role", name), commands }, key };
}

/** Take a role away, with its policies. */
export function removeRole(document: AppDocument, key: string): Gesture {
  const role = rolesOf(document).find((one) => one.key === key);
  const gone = policiesOf(document).filter((policy) => policy.role === key);
  const steps = [...gone.map((policy) => (now: AppDocument) => removeAt(now, policyPointer(policy.key))), (now: AppDocument) => removeAt(now, pointerOf("roles", key))];
  return { label: naming("entry.remove-role", role?.name ?? {}), commands: compose(document, ...steps) };
}

/** Add a policy of a role for an entity: one that lets people read, or one that denies deleting. */
export function addPolicy(document: AppDocument, role: string, entity: string, isDenying: boolean): Gesture {
  const stem = `${role.replaceAll(".", "_")}_${entity}${isDenying ? "_not" : ""}`.slice(0, 36);
  const key = freeKey(stem, policiesOf(document).map((policy) => policy.key));
  const policy = isDenying ? { key, role, entity, deny: true, actions: ["delete"], without: ["bulk"] } : { key, role, entity, actions: ["read"] };
  const commands = compose(
    document,
    (now) => listAt(now, "/policies"),
    (now) => insertAt(now, { list: "/policies", before: null }, policy as Keyed),
  );
  return { label: naming("entry.add-policy", called(key)), commands };
}

/** Take a policy away. */
export function removePolicy(document: AppDocument, key: string): Gesture {
  return { label: naming("entry.remove-policy", called(key)), commands: compose(document, (now) => removeAt(now, policyPointer(key))) };
}

/** Grant an action or take it back: by naming it, or by leaving it out of what another brings along. A policy says at least one. */
export function toggleAction(document: AppDocument, policy: PolicyDefinition, action: string, transitions: readonly string[]): Gesture | null {
  const has = actionsOf(policy, transitions).has(action);
  const brought = policy.actions.some((one) => one !== action && broughtBy(policy, one).some((more) => more === action || (more === "transition" && action.startsWith("transition."))));
  const bare = policy.actions.filter((one) => one !== action);
  const without = (policy.without ?? []).filter((one) => one !== action);
  const actions = has || brought ? bare : [...bare, action];
  const left = has && brought ? [...without, action] : without;
  if (actions.length === 0) return null;
  return change(document, policy.key, { actions, without: left.length === 0 ? undefined : left });
}

/** Set properties of a policy; an undefined one is taken away. */
export function change(document: AppDocument, key: string, values: Readonly<Record<string, unknown>>): Gesture {
  const at = policyPointer(key);
  const steps = Object.entries(values).map(([property, value]) => (now: AppDocument): Command => setAt(now, under(at, property), value as never));
  return { label: naming("entry.set-policy", called(key)), commands: compose(document, ...steps.filter((_, place) => differs(document, at, Object.entries(values)[place]))) };
}

/** Say what a policy lets people do with a field; null leaves it to what holds for the others. */
export function setLevel(document: AppDocument, policy: PolicyDefinition, field: string, level: Level | null): Gesture {
  const levels = policy.levels ?? [];
  const there = levels.find((one) => one.key === field);
  const next =
    level === null ? levels.filter((one) => one.key !== field) : there === undefined ? [...levels, { key: field, level }] : levels.map((one) => (one.key === field ? { ...one, level } : one));
  return change(document, policy.key, { levels: next.length === 0 ? undefined : next });
}

function differs(document: AppDocument, at: Pointer, entry: readonly [string, unknown] | undefined): boolean {
  return entry !== undefined && JSON.stringify(find(document, under(at, entry[0]))) !== JSON.stringify(entry[1]);
}

const called = (key: string): Labels => ({ "zh-CN": key, en: key });
