/**
 * The lines of a record: on a desk a table one can fill by keyboard alone, on a phone a card per line.
 *
 * Enter goes down a column and adds a line at the end, Alt+arrows move a line, Ctrl+D copies it, Ctrl+Delete takes it out;
 * a block pasted from a spreadsheet fills cells to the right and lines below.
 */
import { memo, useRef, type ClipboardEvent, type CSSProperties, type JSX, type KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import { label } from "@/shared/i18n/label";
import { Button } from "@/shared/ui/Button";
import { errorText } from "./errorText";
import { FIELDS } from "./fields/registry";
import { useFieldError, useForm, useRows } from "./FormContext";
import { isWritable, type Row } from "./formRows";
import { CellField } from "./CellField";
import { isList, pointsToAny, pointsToOne } from "./pointing";
import { ReadValue } from "./ReadValue";
import { isBlock, type Paste } from "./pasted";
import { useLinePaste } from "./useLinePaste";
import type { FieldModel, InputNode } from "./types";
import { isNumeric } from "./ValueText";

export interface LineColumnModel {
  readonly field: FieldModel;
  readonly width: number | null;
}

/** Returns the columns a form shows of a lines field: those it names, else all. */
export function lineColumns(field: FieldModel, node: Pick<InputNode, "columns">): readonly LineColumnModel[] {
  const fields = field.fields ?? [];
  if (!node.columns || node.columns.length === 0) return fields.map((one) => ({ field: one, width: null }));
  return node.columns.flatMap((column) => {
    const found = fields.find((one) => one.key === column.key);
    return found === undefined || column.hidden === true ? [] : [{ field: found, width: column.width ?? null }];
  });
}

export function LinesTable({ field, node }: { readonly field: FieldModel; readonly node: InputNode }): JSX.Element {
  const { t } = useTranslation("form");
  const { store, language, mode, isCompact } = useForm();
  const rows = useRows(field.key);
  const error = useFieldError(field.key);
  const box = useRef<HTMLDivElement>(null);
  const columns = lineColumns(field, node);
  const canEdit = mode !== "view" && isWritable(field) && node.read_only !== true;
  const title = label(node.name, language) || label(field.name, language, field.key);
  const titleId = `field-${field.key}-label`;
  const paste = useLinePaste(field);

  const focusCell = (rowKey: string, column: string): void => {
    requestAnimationFrame(() => box.current?.querySelector<HTMLElement>(`[data-cell="${rowKey}.${column}"] :is(input, textarea, select, [role=switch])`)?.focus());
  };
  const firstWritable = columns.find((column) => isWritable(column.field))?.field.key;
  const add = (): void => {
    const key = store.addRow(field.key);
    if (firstWritable !== undefined) focusCell(key, firstWritable);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    if (event.nativeEvent.isComposing || !canEdit || !(event.target instanceof HTMLElement)) return;
    const [rowKey, column] = event.target.closest<HTMLElement>("[data-cell]")?.dataset["cell"]?.split(".") ?? [];
    if (rowKey === undefined || column === undefined) return;
    const at = rows.findIndex((row) => row.key === rowKey);
    const act = lineCommand(event);
    if (act === null) return;
    event.preventDefault();
    event.stopPropagation();
    if (act === "copy") {
      const copy = store.copyRow(field.key, rowKey);
      if (copy !== null) focusCell(copy, column);
    } else if (act === "remove") {
      const neighbour = rows[at + 1] ?? rows[at - 1];
      store.removeRow(field.key, rowKey);
      if (neighbour !== undefined) focusCell(neighbour.key, column);
      else box.current?.querySelector<HTMLElement>(".lines-add")?.focus();
    } else if (act === "moveUp" || act === "moveDown") {
      store.moveRow(field.key, rowKey, act === "moveUp" ? -1 : 1);
      focusCell(rowKey, column);
    } else {
      const next = rows[at + (act === "down" || act === "enter" ? 1 : -1)];
      if (next !== undefined) focusCell(next.key, column);
      else if (act === "enter") focusCell(store.addRow(field.key), firstWritable ?? column);
    }
  };
  const onPaste = (event: ClipboardEvent<HTMLElement>): void => {
    if (!canEdit || !(event.target instanceof HTMLElement)) return;
    const text = event.clipboardData.getData("text/plain");
    const [rowKey, column] = event.target.closest<HTMLElement>("[data-cell]")?.dataset["cell"]?.split(".") ?? [];
    if (rowKey === undefined || column === undefined || !isBlock(text)) return;
    event.preventDefault();
    const from = columns.findIndex((one) => one.field.key === column);
    const plan: Paste = { text, fields: columns.slice(from).map((one) => one.field), startRow: rowKey };
    (document.activeElement as HTMLElement | null)?.blur();
    void paste(plan).then(() => focusCell(rowKey, column));
  };
  return (
    <div className={error ? "lines is-wrong" : "lines"} ref={box} onKeyDown={onKeyDown} onPaste={onPaste} role="group" aria-labelledby={titleId}>
      <div className="lines-head">
        <span className="form-label" id={titleId}>
          {title}
          {field.required === true && canEdit ? <span className="form-required" aria-hidden="true" /> : null}
        </span>
        <span className="lines-count">{t("lineCount", { count: rows.length })}</span>
      </div>
      {isCompact ? (
        <div className="lines-cards">
          {rows.map((row, index) => (
            <LineCard key={row.key} lines={field.key} row={row} position={index + 1} columns={columns} canEdit={canEdit} />
          ))}
        </div>
      ) : (
        <div className="lines-scroll" tabIndex={canEdit && rows.length > 0 ? undefined : 0} role="region" aria-labelledby={titleId}>
          <table className="lines-table" aria-labelledby={titleId}>
            <thead>
              <tr>
                <th scope="col" className="lines-number">
                  {t("lineNumber")}
                </th>
                {columns.map(({ field: column, width }) => (
                  <th key={column.key} scope="col" id={`column-${field.key}-${column.key}`} className={isNumeric(column) ? "is-number" : ""} style={widthOf(column, width)}>
                    {label(column.name, language, column.key)}
                    {column.required === true && canEdit && isWritable(column) ? <span className="form-required" aria-hidden="true" /> : null}
                  </th>
                ))}
                {canEdit ? (
                  <th scope="col" className="lines-actions">
                    <span className="hidden">{t("lineActions")}</span>
                  </th>
                ) : null}
              </tr>
            </thead>
            <tbody>
              {rows.map((row, index) => (
                <LineRow key={row.key} lines={field.key} row={row} position={index + 1} columns={columns} canEdit={canEdit} />
              ))}
              {rows.length === 0 ? (
                <tr>
                  <td className="lines-empty" colSpan={columns.length + (canEdit ? 2 : 1)}>
                    {t("noLines")}
                  </td>
                </tr>
              ) : null}
            </tbody>
          </table>
        </div>
      )}
      {error ? (
        <p className="form-error" id={`field-${field.key}-error`}>
          {errorText(error, t)}
        </p>
      ) : null}
      {canEdit ? (
        <div className="lines-foot">
          <Button className="lines-add" icon="add" onClick={add}>
            {t("addLine")}
          </Button>
          {isCompact ? null : <span className="lines-hint">{t("lineHint")}</span>}
        </div>
      ) : null}
    </div>
  );
}

type LineCommand = "copy" | "remove" | "moveUp" | "moveDown" | "up" | "down" | "enter" | "enterUp";

function lineCommand(event: KeyboardEvent): LineCommand | null {
  const isControl = event.ctrlKey || event.metaKey;
  const target = event.target as HTMLElement;
  if (event.altKey && event.key === "ArrowUp") return "moveUp";
  if (event.altKey && event.key === "ArrowDown") return "moveDown";
  if (isControl && event.key.toLowerCase() === "d") return "copy";
  if (isControl && event.key === "Delete") return "remove";
  if (event.altKey || isControl || (target.tagName === "BUTTON" && target.role !== "switch")) return null;
  if (event.key === "Enter" && target.tagName !== "TEXTAREA") return event.shiftKey ? "enterUp" : "enter";
  // Arrows belong to dates, lists and long texts themselves.
  if (target instanceof HTMLInputElement && target.type === "text" && target.getAttribute("role") !== "combobox") {
    if (event.key === "ArrowDown") return "down";
    if (event.key === "ArrowUp") return "up";
  }
  return null;
}

const WIDTHS: Readonly<Record<string, number>> = { reference: 200, text: 130, long_text: 180, number: 96, money: 112, date: 136, datetime: 190, choice: 104, boolean: 72, percent: 96, quantity: 120, duration: 96, rating: 150, time: 112, choices: 180, tree_choice: 180, address: 340, location: 240, rich_text: 260, json: 180 };

function widthOf(field: FieldModel, width: number | null): CSSProperties {
  return { minWidth: width ?? WIDTHS[field.kind] ?? 140, ...(width === null ? {} : { width }) };
}

interface LineProps {
  readonly lines: string;
  readonly row: Row;
  readonly position: number;
  readonly columns: readonly LineColumnModel[];
  readonly canEdit: boolean;
}

const sameLine = (before: LineProps, after: LineProps): boolean =>
  before.row === after.row && before.position === after.position && before.canEdit === after.canEdit && before.columns.length === after.columns.length && before.columns.every((column, index) => column.field === after.columns[index]?.field);

const LineRow = memo(function LineRow({ lines, row, position, columns, canEdit }: LineProps): JSX.Element {
  return (
    <tr className="lines-row">
      <th scope="row" className="lines-number">
        {position}
      </th>
      {columns.map(({ field }) => (
        <td key={field.key} data-cell={`${row.key}.${field.key}`} className={isNumeric(field) ? "is-number" : ""}>
          <Cell lines={lines} row={row} position={position} field={field} canEdit={canEdit} />
        </td>
      ))}
      {canEdit ? (
        <td className="lines-actions">
          <LineActions lines={lines} row={row} position={position} />
        </td>
      ) : null}
    </tr>
  );
}, sameLine);

const LineCard = memo(function LineCard({ lines, row, position, columns, canEdit }: LineProps): JSX.Element {
  const { t } = useTranslation("form");
  const { language } = useForm();
  return (
    <div className="lines-card" role="group" aria-label={t("lineName", { position })}>
      <div className="lines-card-head">
        <span className="lines-card-title">{t("lineName", { position })}</span>
        {canEdit ? <LineActions lines={lines} row={row} position={position} /> : null}
      </div>
      <div className="lines-card-fields">
        {columns.map(({ field }) => (
          <div key={field.key} className={`lines-card-field ${pointsToOne(field) || pointsToAny(field) || isList(field) || field.kind === "text" || field.kind === "long_text" ? "is-wide" : ""}`} data-cell={`${row.key}.${field.key}`}>
            {canEdit && isWritable(field) ? (
              <label className="form-label" htmlFor={`cell-${row.key}-${field.key}`}>
                {label(field.name, language, field.key)}
                {field.required === true ? <span className="form-required" aria-hidden="true" /> : null}
              </label>
            ) : (
              <span className="form-label">{label(field.name, language, field.key)}</span>
            )}
            <Cell lines={lines} row={row} position={position} field={field} canEdit={canEdit} isLabelled />
          </div>
        ))}
      </div>
    </div>
  );
}, sameLine);

interface CellProps extends Omit<LineProps, "columns"> {
  readonly field: FieldModel;
  readonly isLabelled?: boolean;
}

function Cell({ lines, row, position, field, canEdit, isLabelled = false }: CellProps): JSX.Element {
  const { t } = useTranslation("form");
  const { language } = useForm();
  const path = `${lines}.${row.key}.${field.key}`;
  const error = useFieldError(path);
  const Field = FIELDS[field.kind];
  if (!canEdit || !isWritable(field) || Field === undefined) return <ReadValue field={field} path={path} />;
  const inputId = `cell-${row.key}-${field.key}`;
  return (
    <div className={error ? "lines-cell is-wrong" : "lines-cell"}>
      <CellField
        Field={Field}
        field={field}
        path={path}
        lines={lines}
        inputId={inputId}
        variant="cell"
        aria={{
          ...(isLabelled ? {} : { "aria-label": t("cellName", { column: label(field.name, language, field.key), position }) }),
          "aria-required": field.required || undefined,
          "aria-invalid": error ? true : undefined,
          "aria-describedby": error ? `${inputId}-error` : undefined,
        }}
      />
      {error ? (
        <p className="form-error" id={`${inputId}-error`}>
          {errorText(error, t)}
        </p>
      ) : null}
    </div>
  );
}

function LineActions({ lines, row, position }: { readonly lines: string; readonly row: Row; readonly position: number }): JSX.Element {
  const { t } = useTranslation("form");
  const { store, isCompact } = useForm();
  // Tab goes from cell to cell; the same acts have keys of their own.
  const tabIndex = isCompact ? 0 : -1;
  return (
    <span className="lines-buttons">
      <Button look="text" icon="up" tabIndex={tabIndex} aria-label={t("lineUp", { position })} title={t("lineUpKey")} onClick={() => store.moveRow(lines, row.key, -1)} />
      <Button look="text" icon="down" tabIndex={tabIndex} aria-label={t("lineDown", { position })} title={t("lineDownKey")} onClick={() => store.moveRow(lines, row.key, 1)} />
      <Button look="text" icon="copy" tabIndex={tabIndex} aria-label={t("lineCopy", { position })} title={t("lineCopyKey")} onClick={() => store.copyRow(lines, row.key)} />
      <Button look="text" icon="trash" tabIndex={tabIndex} aria-label={t("lineRemove", { position })} title={t("lineRemoveKey")} onClick={() => store.removeRow(lines, row.key)} />
    </span>
  );
}
