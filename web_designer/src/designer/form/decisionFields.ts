/** Takes how an entity decides, gives the fields it names; and the command that calls one of them by another key. */
import { type Command, setAt } from "../core/commands";
import { type AppDocument, type DecisionDefinition, type Json, type Pointer, entityOf, pointerOf } from "../core/doc";

/** Return where an entity says how it decides. */
export function decisionPointer(entity: string): Pointer {
  return pointerOf("entities", entity, "decision");
}

/** Return the keys of all fields a table names. */
export function fieldsNamed(decision: DecisionDefinition | undefined): readonly string[] {
  const { inputs = [], outputs = [], order, first, last }: Partial<DecisionDefinition> = decision ?? {};
  return [...inputs.flatMap(({ field, from, to }) => [field, from, to]), ...outputs, order, first, last].filter((key) => key !== undefined);
}

/** Return the command that calls a field by another key wherever a table names it. */
export function renamedIn(document: AppDocument, entity: string, field: string, key: string): Command {
  const named = (other: string | undefined): string | undefined => (other === field ? key : other);
  const decision = entityOf(document, entity)?.decision;
  const inputs = (decision?.inputs ?? []).map((input) => defined({ ...input, field: named(input.field), from: named(input.from), to: named(input.to) }));
  const outputs = (decision?.outputs ?? []).map((other) => named(other) ?? other);
  const next = defined({ ...decision, inputs, outputs, order: named(decision?.order), first: named(decision?.first), last: named(decision?.last) });
  return setAt(document, decisionPointer(entity), next as Json);
}

function defined(element: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(element).filter(([, value]) => value !== undefined));
}
