/** Turns rows of the filter drawer into the text of one expression; a row that is not complete says nothing. */
import { parseDuration, parsePercent } from "@/shared/format/measures";
import { parseNumber } from "@/shared/format/numbers";
import { parseDate } from "@/shared/format/times";
import { below } from "@/shared/renderer/optionTree";
import type { FieldModel } from "@/shared/renderer/types";
import type { FilterRow } from "./listQuery";

/** How many values an operator takes, and what it writes. */
interface Operator {
  readonly values: 0 | 1 | 2 | "many";
  readonly write: (name: string, values: readonly string[]) => string;
}

const compare = (sign: string): Operator => ({ values: 1, write: (name, [value = ""]) => `${name} ${sign} ${value}` });
const call = (written: string): Operator => ({ values: 1, write: (name, [value = ""]) => `${written}(${name}, ${value})` });

const blank: Operator = { values: 0, write: (name) => `ISBLANK(${name})` };
const filled: Operator = { values: 0, write: (name) => `!ISBLANK(${name})` };
const between: Operator = { values: 2, write: (name, [from = "", to = ""]) => `${name} >= ${from} && ${name} <= ${to}` };

const TEXT = { contains: call("CONTAINS"), is: compare("="), is_not: compare("<>"), starts: call("STARTSWITH"), blank, filled };
const NUMBER = { is: compare("="), is_not: compare("<>"), at_least: compare(">="), at_most: compare("<="), more: compare(">"), less: compare("<"), between, blank, filled };
const monthSpan = (name: string, back: number): string => `${name} > EOMONTH(TODAY(), ${-back - 1}) && ${name} <= EOMONTH(TODAY(), ${-back})`;
const DATE = {
  is: compare("="),
  from: compare(">="),
  until: compare("<="),
  between,
  today: { values: 0, write: (name) => `${name} = TODAY()` },
  last_7_days: { values: 0, write: (name) => `${name} > TODAY() - 7 && ${name} <= TODAY()` },
  this_month: { values: 0, write: (name) => monthSpan(name, 0) },
  last_month: { values: 0, write: (name) => monthSpan(name, 1) },
  this_year: { values: 0, write: (name) => `YEAR(${name}) = YEAR(TODAY())` },
  blank,
  filled,
} satisfies Record<string, Operator>;
const DATETIME = {
  is: { values: 1, write: (name, [day = ""]) => `${name} >= ${day} && ${name} < ${day} + 1` },
  from: compare(">="),
  until: { values: 1, write: (name, [day = ""]) => `${name} < ${day} + 1` },
  between: { values: 2, write: (name, [from = "", to = ""]) => `${name} >= ${from} && ${name} < ${to} + 1` },
  blank,
  filled,
} satisfies Record<string, Operator>;
const CHOICE = {
  in: { values: "many", write: (name, values) => `IN(${name}, ${values.join(", ")})` },
  not_in: { values: "many", write: (name, values) => `!IN(${name}, ${values.join(", ")})` },
  blank,
  filled,
} satisfies Record<string, Operator>;
const holds = (name: string, values: readonly string[]): string => values.map((value) => `CONTAINS(${name}, ${value})`).join(" || ");
const SEVERAL = {
  in: { values: "many", write: holds },
  not_in: { values: "many", write: (name, values) => `!(${holds(name, values)})` },
  blank,
  filled,
} satisfies Record<string, Operator>;
const ANY = {
  in: CHOICE.in,
  not_in: CHOICE.not_in,
  of: { values: "many", write: (name, values) => `IN(${name}.entity, ${values.join(", ")})` },
  blank,
  filled,
} satisfies Record<string, Operator>;
const FILES = { filled, blank };
const TIME = { is: compare("="), from: compare(">="), until: compare("<="), between, blank, filled };
const CHOICES = {
  has: { values: "many", write: (name, values) => values.map((value) => `CONTAINS(${name}, ${value})`).join(" || ") },
  has_not: { values: "many", write: (name, values) => values.map((value) => `!CONTAINS(${name}, ${value})`).join(" && ") },
  blank,
  filled,
} satisfies Record<string, Operator>;
const SEARCHED = { contains: call("CONTAINS"), blank, filled };
const BOOLEAN = { yes: { values: 0, write: (name) => `${name} = TRUE` }, no: { values: 0, write: (name) => `!${name}` } } satisfies Record<string, Operator>;

/** Operators by field kind, the usual one first. */
export const OPERATORS: Readonly<Record<string, Readonly<Record<string, Operator>>>> = {
  text: TEXT,
  long_text: TEXT,
  sequence: TEXT,
  number: NUMBER,
  money: NUMBER,
  date: DATE,
  datetime: DATETIME,
  percent: NUMBER,
  quantity: NUMBER,
  rating: NUMBER,
  duration: NUMBER,
  time: TIME,
  phone: TEXT,
  email: TEXT,
  url: TEXT,
  barcode: TEXT,
  rich_text: SEARCHED,
  address: SEARCHED,
  json: SEARCHED,
  location: { blank, filled },
  choices: CHOICES,
  choice: CHOICE,
  tree_choice: CHOICE,
  reference: CHOICE,
  member: CHOICE,
  department: CHOICE,
  any_reference: ANY,
  references: SEVERAL,
  members: SEVERAL,
  departments: SEVERAL,
  attachments: FILES,
  images: FILES,
  signature: FILES,
  boolean: BOOLEAN,
};

/** Returns how many values an operator of a field takes; 0 for one that is not known. */
export function valuesOf(field: Pick<FieldModel, "kind">, operator: string): 0 | 1 | 2 | "many" {
  return OPERATORS[field.kind]?.[operator]?.values ?? 0;
}

/** Returns the expression of one row, null when it is not complete or does not fit the field. */
export function rowText(field: FieldModel, row: FilterRow): string | null {
  const operator = OPERATORS[field.kind]?.[row.operator];
  if (operator === undefined) return null;
  const given = row.values.filter((value) => value !== "");
  // An upper option means all below it as well.
  const meant = field.kind === "tree_choice" ? [...new Set(given.flatMap((value) => below(field.options ?? [], value)))] : given;
  const literals = meant.map((value) => literal(field, value));
  if (literals.includes(null)) return null;
  const wanted = operator.values === "many" ? Math.max(literals.length, 1) : operator.values;
  if (literals.length !== wanted) return null;
  return operator.write(field.key, literals as string[]);
}

/** What keeps a row from filtering: nothing was filled in, one of two values is missing, or a value is not of the field's kind. */
export type RowFault = "blank" | "half" | "unfit";

/** Returns what keeps a row from filtering, or null. */
export function rowFault(field: FieldModel, row: FilterRow): RowFault | null {
  if (rowText(field, row) !== null) return null;
  const filled = row.values.filter((value) => value !== "");
  if (filled.length === 0) return "blank";
  return filled.some((value) => literal(field, value) === null) ? "unfit" : "half";
}

/** Returns the rows joined with "and" to the filter of the view; empty when nothing filters. */
export function filterText(fields: readonly FieldModel[], rows: readonly FilterRow[], viewFilter: string | null | undefined): string {
  const parts = viewFilter ? [viewFilter] : [];
  for (const row of rows) {
    const field = fields.find((one) => one.key === row.field);
    const text = field === undefined ? null : rowText(field, row);
    if (text !== null) parts.push(text);
  }
  return parts.length === 1 ? (parts[0] ?? "") : parts.map((part) => `(${part})`).join(" && ");
}

/** Returns a value as it is written in an expression: texts in doubled quotes, dates between #, numbers as they are. */
function literal(field: Pick<FieldModel, "kind">, value: string): string | null {
  switch (field.kind) {
    case "number":
    case "money":
    case "quantity":
    case "rating":
      return parseNumber(value);
    case "percent":
      return parsePercent(value);
    case "duration":
      return parseDuration(value);
    case "date": {
      const day = parseDate(value);
      return day === null ? null : `#${day}#`;
    }
    case "datetime": {
      const day = parseDate(value);
      return day === null ? null : `#${day} 00:00#`;
    }
    default:
      return `"${value.replaceAll('"', '""')}"`;
  }
}
