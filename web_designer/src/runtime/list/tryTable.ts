/** Takes a decision table, gives the fields in which people fill its inputs, and the fields that say why a row matches. */
import { fieldOf, type DecisionModel, type EntityModel, type FieldModel } from "@/shared/renderer/types";

/** Key of the day in the form; no input has it, as keys begin with a letter. */
export const DAY = "_day";

/** An input of a list of options or records takes one of them; a text is found in another whatever kind it is of. */
const ONE_OF: Readonly<Record<string, string>> = {
  choices: "choice",
  references: "reference",
  members: "member",
  departments: "department",
  sequence: "text",
};

/** Whatever a row may hold, an input may be anything and nothing. */
const FREE = { help: null, required: false, read_only: false, formula: null, default: null, copy: null, is_far: false, min: null, max: null, min_length: null, max_length: null };

/** Returns whether the rows of a table hold for a time. */
export const isDated = (decision: DecisionModel): boolean => decision.first !== null || decision.last !== null;

/** Returns a field for each input, blank and free to be filled, and one for the day of a table whose rows hold for a time. */
export function inputFields(entity: EntityModel, decision: DecisionModel, dayName: Readonly<Record<string, string>>): readonly FieldModel[] {
  const inputs = decision.inputs.flatMap((input): FieldModel[] => {
    const field = fieldOf(entity, input.fields[0] ?? "");
    if (field === undefined) return [];
    const kind = input.match === "in" || field.kind === "sequence" ? (ONE_OF[field.kind] ?? field.kind) : field.kind;
    return [{ ...field, ...FREE, key: input.key, name: input.name, kind }];
  });
  return isDated(decision) ? [...inputs, { key: DAY, kind: "date", name: dayName }] : inputs;
}

/** Returns the fields that are shown of a row that matches: what it is found by, what it gives, when it holds. */
export function shownFields(entity: EntityModel, decision: DecisionModel): readonly FieldModel[] {
  const keys = [...decision.inputs.flatMap((input) => input.fields), ...decision.outputs, decision.first, decision.last];
  return [...new Set(keys)].flatMap((key) => (key === null ? [] : (fieldOf(entity, key) ?? [])));
}

/** Returns an output as its answer is shown: what is summed up band by band is no rate any more, several are a list of values. */
export function answerField(entity: EntityModel, decision: DecisionModel, key: string): FieldModel | undefined {
  const field = fieldOf(entity, key);
  return field !== undefined && decision.policy === "cumulative" ? { key, kind: "number", name: field.name } : field;
}
