/**
 * Holds what a person fills into one form: values by path, rows of lines, errors, and the computed values that follow.
 *
 * Paths: `customer`, `lines` (its rows), `lines.r3.quantity` (a cell; `r3` is the row's own key, not its position).
 * Whoever shows a path subscribes to that path alone, so that a keystroke in a table of 500 lines draws one cell.
 * It never talks to the server and never knows a language.
 */
import { newId } from "@/shared/format/ids";
import { Awaited } from "./awaited";
import { sameValue, without, type Values } from "./fieldValues";
import { haveLinesChanged, isWritable, rowPayload, type Row } from "./formRows";
import type { FormError, FormStart, Picked } from "./formStart";
import { FormulaGraph, type Dirty, type FormulaStore } from "./formulaGraph";
import { beside, besideKey, isList, pointsToAny, pointsToOne, pointsToSeveral } from "./pointing";
import type { EntityModel, FieldModel, TreeJson } from "./types";

export type { FormError, FormStart, Picked } from "./formStart";

const splitPath = (path: string): string[] => path.split(".");

export class FormModel {
  readonly entity: EntityModel;
  /** Id of the record, made here for a new one and kept over every retry. */
  readonly id: string;
  readonly isNew: boolean;
  readonly awaited = new Awaited();
  private header: Values;
  private readonly tables = new Map<string, readonly Row[]>();
  private readonly rowsByKey = new Map<string, Row>();
  private readonly related = new Map<string, Values>();
  private readonly errors = new Map<string, FormError>();
  private readonly listeners = new Map<string, Set<() => void>>();
  private readonly graph: FormulaGraph;
  private initial: { header: Values; tables: Map<string, readonly Values[]> };
  private rowCount = 0;
  private changeCount = 0;
  private notify = new Set<string>();

  constructor(private readonly start: FormStart) {
    this.entity = start.entity;
    this.isNew = start.record === null;
    this.id = typeof start.record?.["id"] === "string" ? start.record["id"] : newId();
    this.header = { ...start.record };
    this.graph = new FormulaGraph(start.entity, start.entities, start, start.record);
    for (const field of start.entity.fields) {
      if (field.kind !== "lines") continue;
      const lines = start.record?.[field.key];
      const rows = Array.isArray(lines) ? (lines as Values[]).map((values) => this.makeRow(values, false)) : [];
      this.tables.set(field.key, rows);
      this.header = without(this.header, [field.key]);
    }
    if (this.isNew) this.applyDefaults(start.entity.fields, this.header);
    if (this.isNew) this.recompute(this.graph.everything());
    this.initial = this.snapshot();
    this.notify.clear();
  }

  // Reading ------------------------------------------------------------------------------------------------------

  /** Returns the value at a path: of the record, or of a cell. `customer__title` is the title of what `customer` holds. */
  get(path: string): unknown {
    const [head = "", row, key] = splitPath(path);
    if (row === undefined || key === undefined) return this.header[head] ?? null;
    return this.rowsByKey.get(row)?.values[key] ?? null;
  }

  /** Returns the rows of a lines field; the same array until rows come, go or move. */
  rows(lines: string): readonly Row[] {
    return this.tables.get(lines) ?? NO_ROWS;
  }

  /** Returns what is wrong at a path. */
  error(path: string): FormError | null {
    return this.errors.get(path) ?? null;
  }

  /** Returns every error with its path, in order of finding. */
  allErrors(): readonly (readonly [string, FormError])[] {
    return [...this.errors];
  }

  /** Counts changes of any kind: the snapshot for whoever shows the form as a whole. */
  changes(): number {
    return this.changeCount;
  }

  /** Returns the titles of what a saved record refers to, null where the form does not know them. */
  titlesOf(saved: Values): Values {
    const references = this.entity.fields.filter((field) => pointsToOne(field) || pointsToAny(field) || isList(field));
    return Object.fromEntries(references.map((field) => [besideKey(field), sameValue(saved[field.key], this.header[field.key]) ? (beside(this.header, field) ?? null) : null]));
  }

  /** Returns whether there is something that leaving the page would lose. */
  isDirty(): boolean {
    return Object.keys(this.payload().values).length > 0;
  }

  /** Calls `listener` when the path changes (`*`: anything); returns how to stop. */
  subscribe(path: string, listener: () => void): () => void {
    const found = this.listeners.get(path) ?? new Set();
    found.add(listener);
    this.listeners.set(path, found);
    return () => found.delete(listener);
  }

  /** Computed fields that need something the browser does not have; the server can tell. */
  unknownTargets(): readonly string[] {
    return this.graph.unknownTargets();
  }

  // Changing -----------------------------------------------------------------------------------------------------

  /** Puts a value at a path, with the picked record when it is a reference; then what follows from it. */
  set(path: string, value: unknown, picked: Picked | null = null): void {
    this.put(path, value, picked);
    this.flush();
  }

  /** Puts many values as one change (a paste). */
  setMany(entries: readonly (readonly [path: string, value: unknown, picked: Picked | null])[]): void {
    for (const [path, value, picked] of entries) this.put(path, value, picked);
    this.flush();
  }

  /** Puts a list at a path with what stands beside it: the titles of its records, or what is known of its files. */
  setList(path: string, ids: readonly string[], known: readonly unknown[]): void {
    const [head = "", rowKey, cell] = splitPath(path);
    const row = rowKey === undefined ? null : (this.rowsByKey.get(rowKey) ?? null);
    const key = cell ?? head;
    const field = (row === null ? this.entity.fields : this.lineFields(head)).find((one) => one.key === key);
    if (field === undefined) return;
    const shown = besideKey(field);
    this.write(path.slice(0, path.length - key.length) + shown, row, shown, known);
    this.put(path, ids, null);
    this.flush();
  }

  /** Adds a row with its defaults at a position (the end when left out); returns its key. */
  addRow(lines: string, at?: number): string {
    const values: Values = {};
    this.applyDefaults(this.lineFields(lines), values);
    return this.insertRow(lines, values, true, at);
  }

  /** Adds a copy of a row below it; returns the key of the copy. */
  copyRow(lines: string, key: string): string | null {
    const position = this.rows(lines).findIndex((row) => row.key === key);
    const row = this.rowsByKey.get(key);
    if (row === undefined || position < 0) return null;
    const values = without(row.values, ["id", "revision", "position"]);
    return this.insertRow(lines, values, row.isUntouched, position + 1);
  }

  /** Takes a row out. */
  removeRow(lines: string, key: string): void {
    this.tables.set(lines, this.rows(lines).filter((row) => row.key !== key));
    this.rowsByKey.delete(key);
    for (const path of [...this.errors.keys()]) if (path.startsWith(`${lines}.${key}.`)) this.errors.delete(path);
    this.rowsChanged(lines, new Set());
  }

  /** Moves a row by `step` positions. */
  moveRow(lines: string, key: string, step: number): void {
    const rows = [...this.rows(lines)];
    const from = rows.findIndex((row) => row.key === key);
    const to = Math.min(Math.max(from + step, 0), rows.length - 1);
    const [row] = from >= 0 ? rows.splice(from, 1) : [];
    if (row === undefined || to === from) return;
    rows.splice(to, 0, row);
    this.tables.set(lines, rows);
    this.rowsChanged(lines, new Set());
  }

  /** Remembers fields of a record that a reference points to, for formulas and copies over it. */
  addRelated(id: string, record: Values): void {
    this.related.set(id, { ...this.related.get(id), ...record });
  }

  /** Takes what the server computed for the targets the browser cannot compute. */
  applyPreview(computed: Values): void {
    for (const target of this.graph.unknownTargets()) {
      const [head = "", key] = splitPath(target);
      if (key === undefined) this.writeComputed(head, null, head, computed);
      else {
        const lines = computed[head];
        if (!Array.isArray(lines)) continue;
        const sent = this.sentRows(head);
        sent.forEach((row, index) => this.writeComputed(`${head}.${row.key}.${key}`, row, key, (lines as Values[])[index] ?? {}));
      }
    }
    this.flush();
  }

  /** Returns whether a rule holds for what is filled; true when only the server can tell. */
  holds(check: TreeJson): boolean {
    return this.graph.holds(check, this.formulaStore());
  }

  // Errors -------------------------------------------------------------------------------------------------------

  /** Shows these errors and no others. */
  setErrors(errors: readonly (readonly [string, FormError])[]): void {
    for (const path of this.errors.keys()) this.notify.add(path);
    this.errors.clear();
    for (const [path, error] of errors) {
      if (!this.errors.has(path)) this.errors.set(path, error);
      this.notify.add(path);
    }
    this.flush();
  }

  /** Shows or takes away one error. */
  setError(path: string, error: FormError | null): void {
    if (error === null) this.errors.delete(path);
    else this.errors.set(path, error);
    this.notify.add(path);
    this.flush();
  }

  /** Returns the path of a place as the server writes it: `/lines/2/quantity` counts the rows that were sent. */
  pathOfPointer(pointer: string): string {
    const [head = "", index, key] = pointer.replace(/^\//, "").split("/");
    if (index === undefined) return head;
    const row = this.sentRows(head)[Number(index)];
    if (row === undefined) return head;
    return key === undefined ? head : `${head}.${row.key}.${key}`;
  }

  // Sending ------------------------------------------------------------------------------------------------------

  /** Returns what to send: all that is filled for a new record, what has changed for an old one. */
  payload(): { readonly values: Values } {
    const values: Values = {};
    for (const field of this.entity.fields) {
      if (field.kind === "lines") {
        const rows = this.sentRows(field.key).map((row) => rowPayload(field, row));
        if (this.isNew ? rows.length > 0 : haveLinesChanged(field, this.initial.tables.get(field.key) ?? [], this.sentRows(field.key))) values[field.key] = rows;
      } else if (isWritable(field)) {
        const now = this.header[field.key] ?? null;
        const before = this.initial.header[field.key] ?? null;
        if (!sameValue(now, before)) values[field.key] = now;
      }
    }
    return { values };
  }

  /** Returns the whole body of a save: a new record's defaults go along, so that what was seen is what is saved. */
  body(): Values {
    if (!this.isNew) return { revision: this.header["revision"], ...this.payload().values };
    const values: Values = { id: this.id };
    for (const field of this.entity.fields) {
      if (field.kind === "lines") values[field.key] = this.sentRows(field.key).map((row) => rowPayload(field, row));
      else if (isWritable(field) && this.header[field.key] != null) values[field.key] = this.header[field.key];
    }
    return values;
  }

  /** The rows that count: a row nobody has touched is not sent. */
  sentRows(lines: string): readonly Row[] {
    return this.rows(lines).filter((row) => !row.isUntouched);
  }

  /** Takes the server's present record as what changes are compared with, keeping what was typed (a conflict: mine wins). */
  rebase(record: Values): void {
    const mine = this.payload().values;
    const base = new FormModel({ ...this.start, record });
    this.initial = base.initial;
    for (const [key, value] of Object.entries(base.header)) {
      if (!(key.replace(/__(title|files)$/, "") in mine)) this.header[key] = value;
    }
    for (const field of this.entity.fields) {
      if (field.kind !== "lines" || field.key in mine) continue;
      for (const row of this.rows(field.key)) this.rowsByKey.delete(row.key);
      const rows = base.rows(field.key).map((row) => this.makeRow(row.values, false));
      this.tables.set(field.key, rows);
      this.notify.add(field.key);
    }
    this.header["revision"] = record["revision"];
    for (const path of this.listeners.keys()) this.notify.add(path);
    this.recompute(this.graph.everything());
    this.flush();
  }

  // Inside -------------------------------------------------------------------------------------------------------

  private lineFields(lines: string): readonly FieldModel[] {
    return this.entity.fields.find((field) => field.key === lines)?.fields ?? [];
  }

  private makeRow(values: Values, isUntouched: boolean): Row {
    this.rowCount += 1;
    const id = typeof values["id"] === "string" ? values["id"] : null;
    const row: Row = { key: `r${this.rowCount}`, id, values: { ...values }, isUntouched };
    this.rowsByKey.set(row.key, row);
    return row;
  }

  private insertRow(lines: string, values: Values, isUntouched: boolean, at?: number): string {
    const row = this.makeRow(values, isUntouched);
    const rows = [...this.rows(lines)];
    rows.splice(at ?? rows.length, 0, row);
    this.tables.set(lines, rows);
    this.rowsChanged(lines, new Set([row.key]));
    return row.key;
  }

  private rowsChanged(lines: string, added: ReadonlySet<string>): void {
    this.errors.delete(lines);
    this.notify.add(lines);
    this.recompute(new Map([[lines, added]]));
    this.flush();
  }

  private put(path: string, value: unknown, picked: Picked | null): void {
    const [head = "", rowKey, cell] = splitPath(path);
    const row = rowKey === undefined ? null : (this.rowsByKey.get(rowKey) ?? null);
    const key = cell ?? head;
    const fields = row === null ? this.entity.fields : this.lineFields(head);
    const counts = row?.isUntouched === true;
    if (row !== null) row.isUntouched = false;
    if (row !== null && this.errors.delete(head)) this.notify.add(head);
    this.write(path, row, key, value);
    if (this.errors.delete(path)) this.notify.add(path);
    const dirty: Dirty = new Map([[row === null ? key : `${head}.${key}`, row === null ? "all" : new Set([row.key])]]);
    if (row !== null && counts) dirty.set(head, new Set([row.key]));
    const field = fields.find((one) => one.key === key);
    if (field !== undefined && (pointsToOne(field) || pointsToAny(field))) {
      this.write(`${path}__title`, row, `${key}__title`, picked?.title ?? null);
      if (picked !== null) {
        this.addRelated(picked.id, picked.record);
        for (const copied of fields) {
          const [from, source, ...deeper] = copied.copy ?? [];
          if (from !== key || source === undefined || deeper.length > 0 || !(source in picked.record)) continue;
          const target = row === null ? copied.key : `${head}.${row.key}.${copied.key}`;
          this.write(target, row, copied.key, picked.record[source] ?? null);
          this.errors.delete(target);
          dirty.set(row === null ? copied.key : `${head}.${copied.key}`, row === null ? "all" : new Set([row.key]));
        }
      }
    }
    this.recompute(dirty);
  }

  private write(path: string, row: Row | null, key: string, value: unknown): void {
    const values = row === null ? this.header : row.values;
    if (sameValue(values[key] ?? null, value)) return;
    values[key] = value;
    this.notify.add(path);
  }

  private writeComputed(path: string, row: Row | null, key: string, computed: Values): void {
    this.write(path, row, key, computed[key] ?? null);
    this.write(`${path}__error`, row, `${key}__error`, computed[`${key}__error`] ?? null);
  }

  private applyDefaults(fields: readonly FieldModel[], values: Values): void {
    for (const field of fields) {
      if (field.default == null || values[field.key] != null) continue;
      const value = this.graph.defaultOf(field);
      if (value === null) continue;
      values[field.key] = value;
      const isMe = value === this.start.user?.id;
      if (isMe && pointsToOne(field)) values[`${field.key}__title`] = this.start.user?.name;
      if (!pointsToSeveral(field)) continue;
      // One person by default is a list of one.
      values[field.key] = Array.isArray(value) ? value : [value];
      if (isMe) values[`${field.key}__title`] = [this.start.user?.name];
    }
  }

  private recompute(dirty: Dirty): void {
    this.graph.recompute(dirty, this.formulaStore());
  }

  private formulaStore(): FormulaStore<Row> {
    return {
      header: this.header,
      rows: (lines) => this.rows(lines),
      countedRows: (lines) => this.sentRows(lines),
      related: (id) => this.related.get(id),
      write: (path, row, key, value) => this.write(path, row, key, value),
    };
  }

  private flush(): void {
    if (this.notify.size === 0) return;
    const paths = this.notify;
    this.notify = new Set();
    this.changeCount += 1;
    for (const path of [...paths, "*"]) for (const listener of [...(this.listeners.get(path) ?? [])]) listener();
  }

  private snapshot(): { header: Values; tables: Map<string, readonly Values[]> } {
    // A new record starts from blank: its defaults are not something a person would lose.
    const tables = new Map([...this.tables].map(([key, rows]) => [key, rows.map((row) => ({ ...row.values }))]));
    return { header: { ...this.header }, tables };
  }
}

const NO_ROWS: readonly Row[] = [];
