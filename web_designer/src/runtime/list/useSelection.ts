/** Which records of a list are selected: some by their ids, or all that match; a shift click takes what lies between. */
import { useCallback, useMemo, useState } from "react";

export interface Selection {
  readonly ids: ReadonlySet<string>;
  /** All records that match, also those that are not loaded. */
  readonly isAll: boolean;
  readonly count: number;
  has(id: string): boolean;
  toggle(id: string, isRange: boolean): void;
  /** Selects these, or none when they are all selected. */
  toggleMany(ids: readonly string[]): void;
  takeAll(): void;
  clear(): void;
}

interface State {
  readonly ids: ReadonlySet<string>;
  readonly isAll: boolean;
  /** Where a range begins. */
  readonly last: string | null;
}

const NONE: State = { ids: new Set(), isAll: false, last: null };

/** Returns a selection with a record added or taken away; with `isRange` all from the last one on. */
export function toggled(state: State, rows: readonly string[], id: string, isRange: boolean): State {
  const ids = new Set(state.isAll ? rows : state.ids);
  const from = isRange && state.last !== null ? rows.indexOf(state.last) : -1;
  const to = rows.indexOf(id);
  if (from >= 0 && to >= 0) for (const between of rows.slice(Math.min(from, to), Math.max(from, to) + 1)) ids.add(between);
  else if (ids.has(id)) ids.delete(id);
  else ids.add(id);
  return { ids, isAll: false, last: id };
}

export function useSelection(rows: readonly string[], query: string): Selection {
  const [state, setState] = useState(NONE);
  const [seen, setSeen] = useState(query);
  if (seen !== query) {
    // Other records are shown: to change what is out of sight would surprise.
    setSeen(query);
    setState(NONE);
  }
  const toggle = useCallback((id: string, isRange: boolean) => setState((now) => toggled(now, rows, id, isRange)), [rows]);
  return useMemo(
    () => ({
      ids: state.ids,
      isAll: state.isAll,
      count: state.ids.size,
      has: (id) => state.isAll || state.ids.has(id),
      toggle,
      toggleMany: (ids) => setState((now) => (now.isAll || ids.every((id) => now.ids.has(id)) ? NONE : { ids: new Set([...now.ids, ...ids]), isAll: false, last: null })),
      takeAll: () => setState((now) => ({ ...now, isAll: true })),
      clear: () => setState(NONE),
    }),
    [state, toggle],
  );
}
