/** Remembers where each list was left, so that coming back from a record finds the same rows at the same place. */
import { createContext, useContext } from "react";
import type { RecordJson } from "@/shared/api/records";
import { changeRow, rowsOf, type BlockWindow } from "./list/blockWindow";

/** A cell by its record, which keeps it where rows come and go. */
export interface CellPlace {
  readonly id: string;
  readonly column: number;
}

export interface RememberedList {
  readonly entity: string;
  readonly window: BlockWindow;
  readonly total: number | null;
  readonly isExact: boolean;
  readonly scrollTop: number;
  /** The record and the column one was at; null when at none. */
  readonly cell: CellPlace | null;
}

const KEPT_LISTS = 10;

export class ListMemory {
  private readonly lists = new Map<string, RememberedList>();

  get(key: string): RememberedList | undefined {
    return this.lists.get(key);
  }

  put(key: string, list: RememberedList): void {
    this.lists.delete(key);
    this.lists.set(key, list);
    for (const oldest of [...this.lists.keys()].slice(0, Math.max(this.lists.size - KEPT_LISTS, 0))) this.lists.delete(oldest);
  }

  /** Takes a record as it is now into every list that shows it. */
  patch(entity: string, record: RecordJson): void {
    this.change(entity, record.id, (row) => ({ ...row, ...Object.fromEntries(Object.keys(row).map((key) => [key, key in record ? record[key] : row[key]])), id: row.id }));
  }

  /** Takes a record that is gone out of every list. */
  remove(entity: string, id: string): void {
    this.change(entity, id, () => null);
  }

  /** Forgets the lists of an entity: a new record has its place in them. */
  forget(entity: string): void {
    for (const [key, list] of [...this.lists]) if (list.entity === entity) this.lists.delete(key);
  }

  private change(entity: string, id: string, change: (row: RecordJson) => RecordJson | null): void {
    for (const [key, list] of this.lists) {
      if (list.entity !== entity) continue;
      const window = changeRow(list.window, id, change);
      const gone = rowsOf(list.window).length - rowsOf(window).length;
      this.lists.set(key, { ...list, window, total: list.total === null ? null : list.total - gone });
    }
  }
}

export const ListMemoryContext = createContext<ListMemory>(new ListMemory());

export const useListMemory = (): ListMemory => useContext(ListMemoryContext);
