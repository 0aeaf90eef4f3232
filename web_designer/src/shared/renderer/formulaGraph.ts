/**
 * Keeps the computed fields of one form right while it is filled: which formula reads what, and in which order.
 *
 * It takes what has changed and gives the computed values that follow, rounded as the server will store them.
 * A formula that needs something the browser does not hold is left to the server and listed as unknown.
 */
import { compile, ErrorValue, references, type Env, type FormulaContext, type Value } from "@/shared/formula";
import { contextOf, onlyKnown, Unknown, type Circumstances } from "./circumstances";
import type { Values } from "./fieldValues";
import { fromFormula, toFormula, type TypedRecord } from "./formulaValues";
import { anyOf, anyText, entriesOf, isList, nameAmong, pointsToAny, pointsToOne } from "./pointing";
import type { EntityModel, FieldModel, TreeJson } from "./types";

/** Changed names (`customer`, `lines.quantity`; `lines` for its rows) and the keys of the rows concerned. */
export type Dirty = Map<string, ReadonlySet<string> | "all">;

interface GraphRow {
  readonly key: string;
  readonly values: Values;
}

/** Where the graph reads and writes. */
export interface FormulaStore<R extends GraphRow = GraphRow> {
  readonly header: Values;
  rows(lines: string): readonly R[];
  /** The rows that will be saved; what is summed and counted. */
  countedRows(lines: string): readonly R[];
  related(id: string): Values | undefined;
  write(path: string, row: R | null, key: string, value: unknown): void;
}

interface Target {
  readonly name: string;
  readonly lines: string | null;
  readonly field: FieldModel;
  readonly reads: ReadonlySet<string>;
  readonly run: (env: Env, context: FormulaContext) => Value;
}

export class FormulaGraph {
  private readonly targets: readonly Target[];
  private readonly unknown = new Set<string>();
  private readonly context: FormulaContext;

  constructor(
    private readonly entity: EntityModel,
    private readonly entities: (key: string) => Pick<EntityModel, "fields"> | undefined,
    circumstances: Circumstances,
    /** The record before the change, null for a new one. */
    saved: Values | null = null,
  ) {
    this.context = contextOf(circumstances, () => saved && this.env(entity.fields, "", saved, onlyKnown({ header: saved }) as FormulaStore));
    this.targets = (entity.computed ?? []).flatMap((name) => this.target(name));
  }

  /** Names everything, for a first computation. */
  everything(): Dirty {
    return new Map(this.targets.flatMap((target) => [...target.reads].map((name) => [name, "all"] as const)));
  }

  /** Returns the names of computed fields that only the server can tell at the moment. */
  unknownTargets(): readonly string[] {
    return [...this.unknown];
  }

  /** Returns the default of a field as JSON, null when it has none that the browser can tell. */
  defaultOf(field: FieldModel): unknown {
    if (field.default == null) return null;
    try {
      return fromFormula(field, compile(field.default)({}, this.context));
    } catch {
      return null;
    }
  }

  /** Returns whether a rule holds; true when the browser cannot tell, since the server will. */
  holds<R extends GraphRow>(check: TreeJson, store: FormulaStore<R>): boolean {
    try {
      return compile(check)(this.headerEnv(store), this.context) === true;
    } catch {
      return true;
    }
  }

  /** Computes what follows from `dirty`, in published order. */
  recompute<R extends GraphRow>(dirty: Dirty, store: FormulaStore<R>): void {
    const changed: Dirty = new Map(dirty);
    for (const target of this.targets) {
      if (target.lines === null) {
        if (![...changed.keys()].some((name) => touches(target.reads, name))) continue;
        this.compute(target, null, store, changed);
      } else {
        for (const row of this.rowsOf(target, target.lines, changed, store)) this.compute(target, row, store, changed);
      }
    }
  }

  private target(name: string): Target[] {
    const [head = "", key] = name.split(".");
    const top = this.entity.fields.find((field) => field.key === head);
    const field = key === undefined ? top : top?.fields?.find((one) => one.key === key);
    if (field?.formula == null) return [];
    const lines = key === undefined ? null : head;
    const own = new Set((top?.fields ?? []).map((one) => one.key));
    const reads = new Set<string>();
    for (const path of references(field.formula)) {
      const [first = "", second] = path;
      if (lines !== null && own.has(first)) reads.add(`${lines}.${first}`);
      else if (lines !== null && first === "parent") reads.add(second ?? first);
      else if (second !== undefined && this.isLines(first)) reads.add(`${first}.${second}`);
      else reads.add(first);
    }
    return [{ name, lines, field, reads, run: runnable(field.formula) }];
  }

  private isLines(key: string): boolean {
    return this.entity.fields.some((field) => field.key === key && field.kind === "lines");
  }

  private rowsOf<R extends GraphRow>(target: Target, lines: string, changed: Dirty, store: FormulaStore<R>): readonly R[] {
    const wanted = new Set<string>();
    for (const [name, rows] of changed) {
      const isRowSet = name === lines;
      if (!isRowSet && !target.reads.has(name)) continue;
      if (rows === "all") return store.rows(lines);
      for (const key of rows) wanted.add(key);
    }
    return wanted.size === 0 ? [] : store.rows(lines).filter((row) => wanted.has(row.key));
  }

  private compute<R extends GraphRow>(target: Target, row: R | null, store: FormulaStore<R>, changed: Dirty): void {
    const values = row === null ? store.header : row.values;
    const path = row === null ? target.field.key : `${target.lines}.${row.key}.${target.field.key}`;
    let value: unknown;
    let error: string | null = null;
    try {
      const env = row === null ? this.headerEnv(store) : this.rowEnv(target.lines ?? "", row, store);
      const result = target.run(env, this.context);
      value = fromFormula(target.field, result);
      error = result instanceof ErrorValue ? result.code : null;
      this.unknown.delete(target.name);
    } catch (problem) {
      if (!(problem instanceof Unknown)) throw problem;
      this.unknown.add(target.name);
      return;
    }
    const key = target.field.key;
    const before = [values[key] ?? null, values[`${key}__error`] ?? null];
    store.write(path, row, key, value);
    store.write(`${path}__error`, row, `${key}__error`, error);
    if (before[0] === value && before[1] === error) return;
    const known = changed.get(target.name);
    if (known === "all") return;
    changed.set(target.name, row === null ? "all" : new Set([...(known ?? []), row.key]));
  }

  private headerEnv<R extends GraphRow>(store: FormulaStore<R>): Env {
    return this.env(this.entity.fields, "", store.header, store);
  }

  private rowEnv<R extends GraphRow>(lines: string, row: R, store: FormulaStore<R>): Env {
    const fields = this.entity.fields.find((field) => field.key === lines)?.fields ?? [];
    const env = this.env(fields, `${lines}.`, row.values, store);
    Object.defineProperty(env, "parent", { enumerable: true, get: () => this.headerEnv(store) });
    return env;
  }

  /** Returns names as lazy properties, so that a formula pays only for what it reads. */
  private env<R extends GraphRow>(fields: readonly FieldModel[], prefix: string, values: Values, store: FormulaStore<R>): Env {
    // Of the fields every record has, a page knows the id of what is saved.
    const env = onlyKnown<Record<string, Value>>(typeof values["id"] === "string" ? { id: values["id"] } : {});
    for (const field of fields) {
      Object.defineProperty(env, field.key, { enumerable: true, get: () => this.value(field, prefix, values, store) });
    }
    return env;
  }

  private value<R extends GraphRow>(field: FieldModel, prefix: string, values: Values, store: FormulaStore<R>): Value {
    if (field.kind === "lines") return store.countedRows(field.key).map((row) => this.rowEnv(field.key, row, store));
    const json = values[field.key] ?? null;
    if (pointsToOne(field) && typeof json === "string") return this.record(field, json, store);
    const any = pointsToAny(field) ? anyOf(json) : null;
    if (any !== null) return { id: anyText(any), [nameAmong(any.entity)]: this.record({ to: any.entity }, any.id, store), entity: any.entity };
    if (isList(field)) return entriesOf(json).map((id) => this.record(field, id, store));
    if (this.unknown.has(prefix + field.key)) throw new Unknown();
    return read(field, json, values);
  }

  private record<R extends GraphRow>(field: Pick<FieldModel, "to">, id: string, store: FormulaStore<R>): TypedRecord {
    const record: TypedRecord = { id };
    const fields = this.entities(field.to ?? "")?.fields ?? [];
    for (const one of fields) {
      Object.defineProperty(record, one.key, {
        enumerable: true,
        get: () => {
          const known = store.related(id);
          if (known === undefined || !(one.key in known)) throw new Unknown();
          return read(one, known[one.key], known);
        },
      });
    }
    return record;
  }
}

/** Returns every tree a form of an entity computes: formulas and defaults, its lines' too, and rules. */
export function treesOf(entity: EntityModel): readonly TreeJson[] {
  const ofField = (field: FieldModel): (TreeJson | null | undefined)[] => [field.formula, field.default, ...(field.fields ?? []).flatMap(ofField)];
  return [...entity.fields.flatMap(ofField), ...(entity.rules ?? []).map((rule) => rule.check)].filter((tree) => tree != null);
}

/** Returns the formula value of a field's JSON, an error where the code of one stands beside it. */
function read(field: FieldModel, json: unknown, values: Values): Value {
  const code = values[`${field.key}__error`];
  return typeof code === "string" ? new ErrorValue(code) : toFormula(field, json);
}

function touches(reads: ReadonlySet<string>, name: string): boolean {
  if (reads.has(name)) return true;
  // Rows that come or go concern every formula that reads anything of them.
  return !name.includes(".") && [...reads].some((one) => one.startsWith(`${name}.`));
}

/** Returns the function of a formula; one with a call that only the server knows is unknown here. */
function runnable(formula: TreeJson): Target["run"] {
  try {
    return compile(formula);
  } catch {
    return () => {
      throw new Unknown();
    };
  }
}
