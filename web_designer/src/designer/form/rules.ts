/**
 * Takes a document and what was done to the rules of an entity, gives the gesture.
 *
 * A new rule has neither condition nor message: it cannot be published before somebody has written both.
 */
import { compose, insertAt, listAt, removeAt, shiftAt } from "../core/commands";
import { type AppDocument, type Keyed, type Labels, type Pointer, type RuleDefinition, entityOf, find, pointerOf, split, under } from "../core/doc";
import type { Gesture } from "../core/history";
import { type Made, naming, ruleName } from "./gestures";
import { freeKey } from "./kinds";

/** What a rule begins its key with until it has a message. */
const STEM = "x_rule";

/** Return where the rules of an entity are. */
export function rulesPointer(entity: string): Pointer {
  return pointerOf("entities", entity, "rules");
}

/** Return the rules of an entity. */
export function rulesOf(document: AppDocument | null, entity: string): readonly RuleDefinition[] {
  return (document && entityOf(document, entity)?.rules) ?? [];
}

/** Return the rule a pointer names, or undefined when it names none. */
export function ruleAt(document: AppDocument, pointer: Pointer): RuleDefinition | undefined {
  return find(document, pointer) as unknown as RuleDefinition | undefined;
}

/** Add a rule at the end, and look at it. `published`: the version in use, whose keys are not given out again. */
export function addRule(document: AppDocument, published: AppDocument | null, entity: string): Made {
  const list = rulesPointer(entity);
  const key = freeKey(STEM, takenRuleKeys(document, published, entity));
  const rule = { key, check: "", message: {} };
  const commands = compose(
    document,
    (now) => listAt(now, list),
    (now) => insertAt(now, { list, before: null }, rule as Keyed),
  );
  return { gesture: { label: { message: "entry.add-rule" }, commands }, selection: under(list, key) };
}

/** Take a rule away. */
export function removeRule(document: AppDocument, pointer: Pointer): Gesture {
  return { label: naming("entry.remove-rule", nameAt(document, pointer)), commands: compose(document, (now) => removeAt(now, pointer)) };
}

/** Move a rule one step. */
export function shiftRule(document: AppDocument, pointer: Pointer, by: -1 | 1): Gesture {
  return { label: naming("entry.move-rule", nameAt(document, pointer)), commands: compose(document, (now) => shiftAt(now, pointer, by)) };
}

/** Return what has to be written before a rule says anything. */
export function missingIn({ check = "", message = {} }: Partial<RuleDefinition>): readonly ("check" | "message")[] {
  const isSaid = Object.values(message).some((words) => words.trim() !== "");
  return [...(check.trim() === "" ? (["check"] as const) : []), ...(isSaid ? [] : (["message"] as const))];
}

/** Return the keys no other rule of an entity may have: those of the draft and of the version in use. */
export function takenRuleKeys(document: AppDocument, published: AppDocument | null, entity: string): readonly string[] {
  return [...new Set([...rulesOf(document, entity), ...rulesOf(published, entity)].map(({ key }) => key))];
}

/** Say whether a rule still has the key it was added with: `x_rule`, `x_rule_2`. */
export function hasFirstKey(pointer: Pointer): boolean {
  return new RegExp(`^${STEM}(_\\d+)?$`).test(split(pointer).last);
}

function nameAt(document: AppDocument, pointer: Pointer): Labels {
  return ruleName(ruleAt(document, pointer));
}
