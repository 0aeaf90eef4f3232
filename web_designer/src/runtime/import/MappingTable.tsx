/** The columns of a sheet, each with what it leads to and first values of it; and how the whole of it is to be taken. */
import { useState, type JSX, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { ImportMapping, ImportState } from "@/shared/api/imports";
import { useModel } from "@/shared/api/model";
import { label } from "@/shared/i18n/label";
import { entityOf } from "@/shared/renderer/types";
import { Button } from "@/shared/ui/Button";
import { Notice } from "@/shared/ui/Notice";
import { NewEntity } from "./NewEntity";

export interface MappingTableProps {
  readonly found: ImportState;
  readonly again: ReactNode;
  readonly onChange: (mapping: ImportMapping) => Promise<void>;
  readonly onCheck: () => Promise<void>;
}

export function MappingTable({ found, again, onChange, onCheck }: MappingTableProps): JSX.Element {
  const { t, i18n } = useTranslation("import");
  const model = useModel();
  const [isBusy, setBusy] = useState(false);
  const { mapping } = found;
  const by = found.fields.filter((field) => !field.key.includes(".") && mapping.columns?.some((column) => column.field === field.key));
  const needsBy = mapping.mode !== "create" || mapping.columns?.some((column) => column.field?.includes("."));
  const check = async (): Promise<void> => {
    setBusy(true);
    await onCheck();
    setBusy(false);
  };
  return (
    <section className="import-part">
      {found.merged > 0 ? <Notice look="info">{t("merged", { count: found.merged })}</Notice> : null}
      {found.mapping_issues.length === 0 ? null : (
        <Notice look="warning">
          <ul>
            {found.mapping_issues.map((one) => (
              <li key={one.pointer + one.code + label(one.message, "en", "")}>{label(one.message, i18n.language, one.code)}</li>
            ))}
          </ul>
        </Notice>
      )}
      <Options found={found} onChange={onChange} />
      {needsBy ? (
        <fieldset className="import-by">
          <legend>{t("by")}</legend>
          {by.map((field) => (
            <label key={field.key} className="check">
              <input
                type="checkbox"
                checked={mapping.by?.includes(field.key) ?? false}
                onChange={(event) => void onChange({ by: event.target.checked ? [...(mapping.by ?? []), field.key] : (mapping.by ?? []).filter((key) => key !== field.key) })}
              />
              <span>{label(field.label, i18n.language, field.key)}</span>
            </label>
          ))}
        </fieldset>
      ) : null}
      <Columns found={found} onChange={onChange} />
      <footer className="import-acts">
        {again}
        {model.may.includes("design") ? <NewEntity found={found} app={model.app} /> : null}
        <span className="top-space" />
        <Button look="primary" isBusy={isBusy} disabled={found.mapping_issues.length > 0} onClick={() => void check()}>
          {t("check")}
        </Button>
      </footer>
    </section>
  );
}

function Options({ found, onChange }: Pick<MappingTableProps, "found" | "onChange">): JSX.Element {
  const { t, i18n } = useTranslation("import");
  const model = useModel();
  const { mapping } = found;
  const entityName = (key: string): string => label(entityOf(model, key)?.name ?? {}, i18n.language, key);
  return (
    <div className="import-options">
      {found.sheets.length > 1 ? (
        <Choice name={t("sheet")} value={mapping.sheet ?? ""} options={found.sheets.map((sheet) => [sheet, sheet])} onPick={(sheet) => onChange({ sheet })} />
      ) : null}
      <Choice name={t("entity")} value={mapping.entity ?? ""} options={found.entities.map((key) => [key, entityName(key)])} onPick={(entity) => onChange({ entity })} />
      <label className="import-option">
        <span>{t("headerRow")}</span>
        <input
          key={mapping.header_row}
          className="input"
          type="number"
          min={0}
          defaultValue={mapping.header_row ?? 0}
          onBlur={(event) => {
            const row = Number(event.target.value);
            if (Number.isInteger(row) && row >= 0 && row !== mapping.header_row) void onChange({ header_row: row });
          }}
        />
      </label>
      <Choice name={t("mode")} value={mapping.mode ?? "create"} options={(["create", "update", "upsert"] as const).map((mode) => [mode, t(`mode.${mode}`)])} onPick={(mode) => onChange({ mode })} />
      <Choice name={t("blanks")} value={mapping.blanks ?? "leave"} options={(["leave", "empty"] as const).map((one) => [one, t(`blanks.${one}`)])} onPick={(blanks) => onChange({ blanks })} />
      <Choice name={t("dates")} value={mapping.dates ?? "ymd"} options={(["ymd", "dmy", "mdy"] as const).map((one) => [one, t(`dates.${one}`)])} onPick={(dates) => onChange({ dates })} />
      <Choice name={t("decimal")} value={mapping.decimal ?? "."} options={([".", ","] as const).map((one) => [one, t(one === "." ? "decimal.point" : "decimal.comma")])} onPick={(decimal) => onChange({ decimal })} />
    </div>
  );
}

function Columns({ found, onChange }: Pick<MappingTableProps, "found" | "onChange">): JSX.Element {
  const { t, i18n } = useTranslation("import");
  const chosen = found.mapping.columns ?? [];
  const set = (column: number, field: string, match: string): Promise<void> =>
    onChange({ columns: found.columns.map((one) => (one.column === column ? { column, field, match } : (chosen.find((other) => other.column === one.column) ?? { column: one.column, field: "", match: "" }))) });
  return (
    <div className="import-scroll">
      <table className="import-table">
        <thead>
          <tr>
            <th scope="col">{t("column")}</th>
            <th scope="col">{t("field")}</th>
            <th scope="col">{t("samples")}</th>
          </tr>
        </thead>
        <tbody>
          {found.columns.map((column) => {
            const target = chosen.find((one) => one.column === column.column);
            const field = found.fields.find((one) => one.key === target?.field);
            const name = column.header === "" ? t("unnamed", { letters: column.letters }) : column.header;
            return (
              <tr key={column.column}>
                <th scope="row">
                  <span className="import-letters">{column.letters}</span> {name}
                </th>
                <td>
                  <select className="input" aria-label={t("fieldOf", { name })} value={target?.field ?? ""} onChange={(event) => void set(column.column, event.target.value, "")}>
                    <option value="">{t("ignore")}</option>
                    {found.fields.map((one) => (
                      <option key={one.key} value={one.key}>
                        {label(one.label, i18n.language, one.key)}
                        {one.required ? " *" : ""}
                      </option>
                    ))}
                  </select>
                  {field === undefined || field.matches.length === 0 ? null : (
                    <select
                      className="input"
                      aria-label={t("matchOf", { name })}
                      value={target?.match === "" || target?.match === undefined ? field.matches[0] : target.match}
                      onChange={(event) => void set(column.column, field.key, event.target.value)}
                    >
                      {field.matches.map((key) => (
                        <option key={key} value={key}>
                          {t("matchBy", { field: key })}
                        </option>
                      ))}
                    </select>
                  )}
                </td>
                <td className="import-samples">{column.samples.join(" · ")}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

interface ChoiceProps<K extends string> {
  readonly name: string;
  readonly value: string;
  readonly options: readonly (readonly [K, string])[];
  readonly onPick: (key: K) => Promise<void>;
}

function Choice<K extends string>({ name, value, options, onPick }: ChoiceProps<K>): JSX.Element {
  return (
    <label className="import-option">
      <span>{name}</span>
      <select className="input" value={value} onChange={(event) => void onPick(event.target.value as K)}>
        {options.map(([key, text]) => (
          <option key={key} value={key}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}
