/**
 * The one place that knows the grid library: rows of a window, drawn as far as they are seen.
 *
 * It takes columns and rows, says when an edge comes near, and keeps what is on screen in place when rows come or go above.
 */
import { useCallback, useEffect, useLayoutEffect, useRef, type JSX, type ReactNode } from "react";
import { DataGrid as Grid, type CellKeyDownArgs, type CellKeyboardEvent, type Column, type DataGridHandle } from "react-data-grid";
import "react-data-grid/lib/styles.css";

export interface GridColumn<R> {
  readonly key: string;
  readonly name: string;
  /** Pixels, or a share of what is left as CSS grid writes it. */
  readonly width: number | string;
  readonly isNumeric: boolean;
  readonly isSortable: boolean;
  readonly isFrozen?: boolean;
  readonly draw: (row: R) => ReactNode;
  readonly text: (row: R) => string;
}

export interface GridSort {
  readonly key: string;
  readonly isDescending: boolean;
}

/** Rows that can be selected; with shift all from the last one on. */
export interface GridSelection<R> {
  /** By the number of the row, from 1: the cell beside says what it is about. */
  readonly label: (number: number) => string;
  readonly allLabel: string;
  readonly has: (row: R) => boolean;
  readonly onToggle: (row: R, isRange: boolean) => void;
  readonly onToggleLoaded: () => void;
}

export interface DataGridProps<R> {
  readonly label: string;
  readonly columns: readonly GridColumn<R>[];
  readonly rows: readonly R[];
  readonly rowKey: (row: R) => string;
  readonly sort: readonly GridSort[];
  readonly onSort: (sort: readonly GridSort[]) => void;
  readonly onOpen: (row: R, inNewTab: boolean) => void;
  readonly onNearStart: () => void;
  readonly onNearEnd: () => void;
  readonly onJump: (where: "start" | "end") => void;
  /** Rows that came (or went, negative) before the first since the last drawing. */
  readonly shift: number;
  /** A new number starts at the place `anchor` tells. */
  readonly round: number;
  readonly anchor: "start" | "end" | number;
  readonly onScroll: (scrollTop: number) => void;
  /** The cell to begin at, by the key of its row; who comes back by keyboard goes on there. */
  readonly cell: { readonly id: string; readonly column: number } | null;
  readonly onCell: (row: R, column: number) => void;
  readonly total: number | null;
  readonly selection: GridSelection<R> | null;
}

const SELECT = "select!";
export const ROW_HEIGHT = 36;
const EDGE_ROWS = 40;

export function DataGrid<R>(props: DataGridProps<R>): JSX.Element {
  const { rows, shift, round, anchor, onNearStart, onNearEnd } = props;
  const grid = useRef<DataGridHandle>(null);
  const selected = useRef<{ readonly idx: number; readonly rowIdx: number } | null>(null);
  const placed = useRef(-1);

  const look = useCallback((): void => {
    const element = grid.current?.element;
    if (element == null) return;
    const first = element.scrollTop / ROW_HEIGHT;
    const last = (element.scrollTop + element.clientHeight) / ROW_HEIGHT;
    if (last > rows.length - EDGE_ROWS) onNearEnd();
    else if (first < EDGE_ROWS) onNearStart();
    if (first < EDGE_ROWS) onNearStart();
  }, [rows.length, onNearStart, onNearEnd]);

  useLayoutEffect(() => {
    const element = grid.current?.element;
    if (element == null || rows.length === 0) return;
    if (placed.current !== round) {
      placed.current = round;
      element.scrollTo({ top: anchor === "start" ? 0 : anchor === "end" ? element.scrollHeight : anchor, behavior: "instant" });
      const rowIdx = props.cell === null ? -1 : rows.findIndex((row) => props.rowKey(row) === props.cell?.id);
      if (props.cell !== null && rowIdx >= 0 && document.activeElement === document.body) grid.current?.selectCell({ idx: props.cell.column, rowIdx }, { shouldFocusCell: true });
    } else if (shift !== 0) {
      element.scrollBy({ top: shift * ROW_HEIGHT, behavior: "instant" });
      const at = selected.current;
      if (at !== null && at.rowIdx >= 0 && at.rowIdx + shift >= 0) {
        grid.current?.selectCell({ idx: at.idx, rowIdx: at.rowIdx + shift }, { shouldFocusCell: element.contains(document.activeElement) });
      }
    }
    // Only new rows move what is on screen.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [rows]);
  useEffect(look, [look, rows]);

  const { selection } = props;
  const first: Column<R>[] =
    selection === null
      ? []
      : [
          {
            key: SELECT,
            name: selection.allLabel,
            width: 40,
            minWidth: 40,
            frozen: true,
            cellClass: "grid-select",
            headerCellClass: "grid-select",
            renderHeaderCell: ({ tabIndex }) => (
              <input type="checkbox" aria-label={selection.allLabel} tabIndex={tabIndex} checked={rows.length > 0 && rows.every(selection.has)} onChange={selection.onToggleLoaded} />
            ),
            // The cell takes the click, with its shift key, and the focus, from which can be copied; the box shows what is so.
            renderCell: ({ row, rowIdx }) => <input type="checkbox" aria-label={selection.label(rowIdx + 1)} tabIndex={-1} checked={selection.has(row)} onChange={() => undefined} />,
          },
        ];
  const columns = props.columns.map((column): Column<R> => {
    const side = column.isNumeric ? "grid-number" : "grid-text";
    return {
      key: column.key,
      name: column.name,
      resizable: true,
      sortable: column.isSortable,
      frozen: column.isFrozen ?? false,
      minWidth: 72,
      width: column.width,
      cellClass: side,
      headerCellClass: side,
      renderCell: ({ row }) => column.draw(row),
    };
  });
  const onKeyDown = ({ mode, row, ...rest }: CellKeyDownArgs<R>, event: CellKeyboardEvent): void => {
    if (mode !== "SELECT" || rest.rowIdx < 0) return;
    if (event.key === " " && selection !== null) {
      event.preventGridDefault();
      event.preventDefault();
      selection.onToggle(row, event.shiftKey);
    } else if (event.key === "Enter") {
      event.preventGridDefault();
      props.onOpen(row, event.ctrlKey || event.metaKey);
    } else if ((event.key === "End" || event.key === "Home") && (event.ctrlKey || event.metaKey)) {
      event.preventGridDefault();
      event.preventDefault();
      props.onJump(event.key === "End" ? "end" : "start");
    }
  };
  return (
    <Grid
      ref={grid}
      className="grid"
      aria-label={props.label}
      {...(props.total === null ? {} : { "aria-rowcount": props.total + 1 })}
      columns={[...first, ...columns]}
      rows={rows}
      rowKeyGetter={props.rowKey}
      rowHeight={ROW_HEIGHT}
      headerRowHeight={ROW_HEIGHT}
      sortColumns={props.sort.map(({ key, isDescending }) => ({ columnKey: key, direction: isDescending ? ("DESC" as const) : ("ASC" as const) }))}
      onSortColumnsChange={(sort) => props.onSort(sort.map(({ columnKey, direction }) => ({ key: columnKey, isDescending: direction === "DESC" })))}
      onScroll={(event) => {
        props.onScroll(event.currentTarget.scrollTop);
        look();
      }}
      onCellMouseDown={({ column }, event) => {
        // A range of rows is no text to mark.
        if (column.key === SELECT && event.shiftKey) event.preventDefault();
      }}
      onCellClick={({ row, column }, event) => {
        if (column.key === SELECT) {
          selection?.onToggle(row, event.shiftKey);
          return;
        }
        // A link of its own goes its own way; marking text is no click.
        if (event.target instanceof Element && event.target.closest("a")) return;
        if ((window.getSelection()?.toString() ?? "") === "") props.onOpen(row, event.ctrlKey || event.metaKey);
      }}
      onCellKeyDown={onKeyDown}
      onSelectedCellChange={({ rowIdx, column }) => {
        selected.current = { idx: column.idx, rowIdx };
        const row = rows[rowIdx];
        if (row !== undefined) props.onCell(row, column.idx);
      }}
      onCellCopy={({ row, column }, event) => {
        if ((window.getSelection()?.toString() ?? "") !== "") return;
        event.preventDefault();
        event.clipboardData.setData("text/plain", (props.columns.find((one) => one.key === column.key) ?? props.columns.find((one) => one.isFrozen === true))?.text(row) ?? "");
      }}
    />
  );
}
