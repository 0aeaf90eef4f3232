/** Lists the columns of a lines input: order, hidden or not, which fields of the lines are shown; adds fields to the lines. */
import { type JSX, useState } from "react";
import { label } from "@/shared/i18n/label";
import { Button } from "@/shared/ui/Button";
import { useDesign, useDocument } from "../../core/DesignContext";
import type { Pointer } from "../../core/doc";
import type { Gesture } from "../../core/history";
import { useTexts } from "../../core/useTexts";
import { addColumn, columnsOf, hideColumn, removeColumn, shiftColumn, showColumn, widenColumn } from "../columns";
import { KindIcon } from "../KindIcon";
import { KINDS, kindRow } from "../kinds";
import { fieldsOf } from "../usage";
import { Group, SelectControl, TextControl } from "./controls";

type ColumnsProps = { readonly node: Pointer; readonly lines: string; readonly onEdit: (field: string) => void };

export function ColumnsPanel({ node, lines, onEdit }: ColumnsProps): JSX.Element {
  const { t, language } = useTexts("designer.form");
  const { store, labels } = useDesign();
  const document = useDocument();
  const [kind, setKind] = useState("text");
  const fields = fieldsOf(document, lines);
  const columns = columnsOf(document, node, lines);
  const missing = fields.filter((field) => !columns.some((column) => column.key === field.key));
  const execute = (gesture: Gesture): void => void store.getState().execute(gesture);
  const nameOf = (key: string): string => label(fields.find((field) => field.key === key)?.name, labels, key);
  return (
    <Group title={t("group.columns")}>
      <ol className="prop-list column-list">
        {columns.map((column, index) => (
          <li key={column.key} data-hidden={column.hidden || undefined} data-column={column.key}>
            <KindIcon kind={fields.find((field) => field.key === column.key)?.kind ?? ""} />
            <button type="button" className="column-name" onClick={() => onEdit(column.key)} title={t("column.edit")}>
              {nameOf(column.key)}
              {column.hidden ? <small> {t("hidden")}</small> : null}
            </button>
            <span className="prop-list-tools">
              <Button
                look="text"
                icon="up"
                aria-label={t("column.up", { name: nameOf(column.key) })}
                disabled={index === 0}
                onClick={() => execute(shiftColumn(document, node, lines, column.key, -1))}
              />
              <Button
                look="text"
                icon="down"
                aria-label={t("column.down", { name: nameOf(column.key) })}
                disabled={index === columns.length - 1}
                onClick={() => execute(shiftColumn(document, node, lines, column.key, 1))}
              />
              <Button
                look="text"
                aria-label={t(column.hidden ? "column.show" : "column.hide", { name: nameOf(column.key) })}
                onClick={() => execute(hideColumn(document, node, lines, column.key, !column.hidden))}
              >
                {column.hidden ? t("show") : t("hide")}
              </Button>
              <Button
                look="text"
                icon="close"
                aria-label={t("column.remove", { name: nameOf(column.key) })}
                onClick={() => execute(removeColumn(document, node, lines, column.key))}
              />
            </span>
          </li>
        ))}
      </ol>
      {missing.length === 0 ? null : (
        <div className="column-missing">
          {missing.map((field) => (
            <Button key={field.key} icon="add" onClick={() => execute(showColumn(document, node, lines, field.key))}>
              {label(field.name, labels, field.key)}
            </Button>
          ))}
        </div>
      )}
      <div className="column-add">
        <SelectControl
          title={t("column.kind")}
          value={kind}
          options={KINDS.filter((row) => row.inLines).map((row) => ({ value: row.kind, text: label(row.name, language) }))}
          onChange={setKind}
        />
        <Button
          icon="add"
          onClick={() => {
            const row = kindRow(kind);
            if (!row) return;
            const { gesture, field } = addColumn(document, node, lines, row, labels);
            if (store.getState().execute(gesture) === null) onEdit(field);
          }}
        >
          {t("column.add")}
        </Button>
      </div>
    </Group>
  );
}

/** How wide a column is on this form. */
export function ColumnWidth({ node, lines, field }: { readonly node: Pointer; readonly lines: string; readonly field: string }): JSX.Element {
  const { t } = useTexts("designer.form");
  const { store } = useDesign();
  const document = useDocument();
  const width = columnsOf(document, node, lines).find((column) => column.key === field)?.width;
  return (
    <Group title={t("group.on-form")}>
      <TextControl
        title={t("column.width")}
        name="width"
        value={width === undefined ? "" : String(width)}
        hint={t("column.width-hint")}
        onChange={(text) => {
          const digits = text.replaceAll(/\D/g, "").slice(0, 4);
          store.getState().execute(widenColumn(document, node, lines, field, digits === "" ? undefined : Number(digits)));
        }}
        onLeave={() => store.getState().seal()}
      />
    </Group>
  );
}
