/** The drawer in which people say what they want to see: rows of field, operator and value, all of which must hold. */
import { useState, type JSX } from "react";
import { useTranslation } from "react-i18next";
import { label } from "@/shared/i18n/label";
import { isNumberKind } from "@/shared/renderer/kinds";
import type { FieldModel } from "@/shared/renderer/types";
import { Button } from "@/shared/ui/Button";
import { Dialog } from "@/shared/ui/Dialog";
import { FilterValue } from "./FilterValue";
import { OPERATORS, rowFault, valuesOf, type RowFault } from "./filterText";
import type { FilterRow } from "./listQuery";

export interface FilterDrawerProps {
  readonly fields: readonly FieldModel[];
  readonly rows: readonly FilterRow[];
  readonly isCompact: boolean;
  readonly onApply: (rows: readonly FilterRow[]) => void;
  readonly onClose: () => void;
}

export function FilterDrawer({ fields, rows, isCompact, onApply, onClose }: FilterDrawerProps): JSX.Element {
  const { t, i18n } = useTranslation("list");
  const usable = fields.filter((field) => OPERATORS[field.kind] !== undefined);
  const first = usable[0];
  const fresh = (field: FieldModel): FilterRow => ({ field: field.key, operator: Object.keys(OPERATORS[field.kind] ?? {})[0] ?? "", values: [] });
  const [draft, setDraft] = useState<readonly FilterRow[]>(rows.length > 0 || first === undefined ? rows : [fresh(first)]);
  const [isChecked, setChecked] = useState(false);
  const faultOf = (row: FilterRow): RowFault | null => {
    const field = usable.find((one) => one.key === row.field);
    return field === undefined ? "blank" : rowFault(field, row);
  };
  const change = (at: number, row: FilterRow): void => setDraft(draft.map((one, index) => (index === at ? row : one)));
  return (
    <Dialog
      title={t("filter")}
      place={isCompact ? "bottom" : "side"}
      onClose={onClose}
      footer={
        <>
          <Button onClick={() => onApply([])}>{t("filterClear")}</Button>
          <Button look="primary" type="submit" form="filter-form">
            {t("filterApply")}
          </Button>
        </>
      }
    >
      <form
        id="filter-form"
        className="filters"
        onSubmit={(event) => {
          event.preventDefault();
          // What says nothing is left out; what cannot be understood is never left out silently.
          const filled = draft.filter((row) => faultOf(row) !== "blank");
          const wrong = draft.findIndex((row) => !["blank", null].includes(faultOf(row)));
          setChecked(wrong >= 0);
          if (wrong < 0) onApply(filled);
          else document.getElementById(`filter-${wrong}`)?.focus();
        }}
      >
        {draft.length === 0 ? <p className="state-quiet">{t("filterNone")}</p> : null}
        {draft.map((row, at) => {
          const field = usable.find((one) => one.key === row.field);
          const operators = Object.keys(OPERATORS[field?.kind ?? ""] ?? {});
          const fault = isChecked ? faultOf(row) : null;
          return (
            <fieldset key={at} className="filter-row">
              <legend className="hidden">{t("filterNumber", { number: at + 1 })}</legend>
              <select
                className="input"
                aria-label={t("filterField")}
                value={row.field}
                onChange={(event) => {
                  const next = usable.find((one) => one.key === event.target.value);
                  if (next) change(at, fresh(next));
                }}
              >
                {usable.map((one) => (
                  <option key={one.key} value={one.key}>
                    {label(one.name, i18n.language, one.key)}
                  </option>
                ))}
              </select>
              <select
                className="input"
                aria-label={t("filterOperator")}
                value={row.operator}
                onChange={(event) => {
                  const isSame = field !== undefined && valuesOf(field, event.target.value) === valuesOf(field, row.operator);
                  change(at, { ...row, operator: event.target.value, values: isSame ? row.values : [] });
                }}
              >
                {operators.map((operator) => (
                  <option key={operator} value={operator}>
                    {t(`operator.${operator}`)}
                  </option>
                ))}
              </select>
              <Button look="text" icon="trash" aria-label={t("filterRemove", { number: at + 1 })} onClick={() => setDraft(draft.filter((_, index) => index !== at))} />
              {field === undefined || valuesOf(field, row.operator) === 0 ? null : (
                <div className="filter-value">
                  <FilterValue field={field} row={row} inputId={`filter-${at}`} isWrong={fault === "unfit" || fault === "half"} onChange={(values) => change(at, { ...row, values })} />
                  {fault === "unfit" ? <p className="form-error">{t(field.kind === "duration" ? "form:check.duration" : isNumberKind(field.kind) ? "form:check.number" : "form:check.date")}</p> : null}
                  {fault === "half" ? <p className="form-error">{t("filterBoth")}</p> : null}
                </div>
              )}
            </fieldset>
          );
        })}
        {first === undefined ? null : (
          <Button icon="add" onClick={() => setDraft([...draft, fresh(first)])}>
            {t("filterAdd")}
          </Button>
        )}
      </form>
    </Dialog>
  );
}
