/**
 * Takes a document and what was done to the columns of a lines input or to the options of a choice, gives the gesture.
 *
 * A lines input without a list of columns shows all fields of the lines; the first change writes the list down.
 */
import { type Command, compose, insertAt, listAt, removeAt, setAt, shiftAt } from "../core/commands";
import { type AppDocument, type ColumnDefinition, type FieldDefinition, type Keyed, type Language, type OptionDefinition, type Pointer, find, nodeOf, under } from "../core/doc";
import type { Gesture } from "../core/history";
import { inOne, naming, newField } from "./gestures";
import { type KindRow, freeKey } from "./kinds";
import { fieldsOf } from "./usage";

type Step = (document: AppDocument) => Command | readonly Command[] | null;

/** Return the columns a lines input shows, written down or not. */
export function columnsOf(document: AppDocument, node: Pointer, lines: string): readonly ColumnDefinition[] {
  const columns = nodeOf(document, node)?.columns;
  return Array.isArray(columns) ? (columns as readonly ColumnDefinition[]) : fieldsOf(document, lines).map(({ key }) => ({ key }));
}

/** Add a new field to the lines and show it as the last column. */
export function addColumn(document: AppDocument, node: Pointer, lines: string, row: KindRow, language: Language): { readonly gesture: Gesture; readonly field: string } {
  const field = newField(document, lines, row, language);
  const list = under(linesPointer(lines), "fields");
  const commands = compose(
    document,
    written(node, lines),
    (now) => insertAt(now, { list, before: null }, field as Keyed),
    (now) => insertAt(now, { list: under(node, "columns"), before: null }, { key: field.key }),
  );
  return { gesture: { label: naming("entry.add-column", field.name), commands }, field: field.key };
}

/** Show a field of the lines that is no column yet. */
export function showColumn(document: AppDocument, node: Pointer, lines: string, field: string): Gesture {
  return change(document, "entry.add-column", node, lines, field, (now) => insertAt(now, { list: under(node, "columns"), before: null }, { key: field }));
}

/** Take a column off the form; the field stays in the lines. */
export function removeColumn(document: AppDocument, node: Pointer, lines: string, field: string): Gesture {
  return change(document, "entry.remove-column", node, lines, field, (now) => removeAt(now, under(node, "columns", field)));
}

/** Hide a column, or show it again. */
export function hideColumn(document: AppDocument, node: Pointer, lines: string, field: string, hidden: boolean): Gesture {
  const message = hidden ? "entry.hide-column" : "entry.show-column";
  return change(document, message, node, lines, field, (now) => setAt(now, under(node, "columns", field, "hidden"), hidden || undefined));
}

/** Set how wide a column is, in pixels; undefined leaves it to its content. Typing is joined. */
export function widenColumn(document: AppDocument, node: Pointer, lines: string, field: string, width: number | undefined): Gesture {
  const gesture = change(document, "entry.widen-column", node, lines, field, (now) => setAt(now, under(node, "columns", field, "width"), width));
  return { ...gesture, mergeKey: `width:${under(node, "columns", field)}` };
}

/** Move a column one step. */
export function shiftColumn(document: AppDocument, node: Pointer, lines: string, field: string, by: -1 | 1): Gesture {
  return change(document, "entry.move-column", node, lines, field, (now) => shiftAt(now, under(node, "columns", field), by));
}

/** Add an option to a choice. */
export function addOption(document: AppDocument, field: Pointer, language: Language): Gesture {
  const options = optionsOf(document, field);
  const key = freeKey(`option_${options.length + 1}`, options.map((option) => option.key));
  const count = String(options.length + 1);
  const option = { key, name: inOne({ "zh-CN": `选项 ${count}`, en: `Option ${count}` }, language) };
  const commands = compose(
    document,
    (now) => listAt(now, under(field, "options")),
    (now) => insertAt(now, { list: under(field, "options"), before: null }, option),
  );
  return { label: naming("entry.add-option", option.name), commands };
}

/** Take an option off a choice. */
export function removeOption(document: AppDocument, field: Pointer, key: string): Gesture {
  const option = optionsOf(document, field).find((other) => other.key === key);
  return { label: naming("entry.remove-option", option?.name ?? {}), commands: compose(document, (now) => removeAt(now, under(field, "options", key))) };
}

/** Move an option one step. */
export function shiftOption(document: AppDocument, field: Pointer, key: string, by: -1 | 1): Gesture {
  const option = optionsOf(document, field).find((other) => other.key === key);
  return { label: naming("entry.move-option", option?.name ?? {}), commands: compose(document, (now) => shiftAt(now, under(field, "options", key), by)) };
}

/** Return the options of a choice. */
export function optionsOf(document: AppDocument, field: Pointer): readonly OptionDefinition[] {
  return (find(document, under(field, "options")) ?? []) as unknown as readonly OptionDefinition[];
}

function change(document: AppDocument, message: string, node: Pointer, lines: string, field: string, step: Step): Gesture {
  const definition = find(document, under(linesPointer(lines), "fields", field)) as unknown as FieldDefinition | undefined;
  return { label: naming(message, definition?.name ?? { "zh-CN": field, en: field }), commands: compose(document, written(node, lines), step) };
}

/** Write the list of columns down where it is left to the fields. */
function written(node: Pointer, lines: string): Step {
  return (now) => (Array.isArray(nodeOf(now, node)?.columns) ? null : setAt(now, under(node, "columns"), columnsOf(now, node, lines)));
}

function linesPointer(lines: string): Pointer {
  const [entity, field] = lines.split(".");
  return `/entities/${entity}/fields/${field}`;
}
