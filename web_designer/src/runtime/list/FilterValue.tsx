/** The value of one filter row, by the kind of its field; and the same value in words, for the chips above the list. */
import { useQueries } from "@tanstack/react-query";
import type { JSX } from "react";
import { useTranslation } from "react-i18next";
import { useApi } from "@/shared/api/context";
import { useModel } from "@/shared/api/model";
import { readRecord } from "@/shared/api/records";
import { parseNumber, showNumber } from "@/shared/format/numbers";
import { showDate } from "@/shared/format/times";
import { label } from "@/shared/i18n/label";
import { isNumberKind, isOptionKind } from "@/shared/renderer/kinds";
import { treeOf } from "@/shared/renderer/optionTree";
import { RecordPicker, titleOf } from "@/shared/renderer/fields/RecordPicker";
import { anyFromText, pointsToAny, pointsToOne, pointsToSeveral } from "@/shared/renderer/pointing";
import type { ChoiceOption, FieldModel } from "@/shared/renderer/types";
import { DateInput } from "@/shared/ui/DateInput";
import { Icon } from "@/shared/ui/Icon";
import { later } from "@/shared/ui/later";
import { Tag } from "@/shared/ui/Tag";
import type { FilterAnyProps } from "./FilterAny";
import { valuesOf } from "./filterText";
import type { FilterRow } from "./listQuery";

const isPointing = (field: FieldModel): boolean => pointsToOne(field) || pointsToSeveral(field) || pointsToAny(field);

const FilterAny = later<FilterAnyProps>(async () => (await import("./FilterAny")).FilterAny, () => <></>);

/** Returns what is chosen from: the options of a field, the entities of a reference to any; null where it is no such field. */
function optionsOf(field: FieldModel): readonly ChoiceOption[] | null {
  if (pointsToAny(field)) return (field.among ?? []).map((one) => ({ key: one.to, name: one.to_name }));
  return isOptionKind(field.kind) ? (field.options ?? []) : null;
}

export interface FilterValueProps {
  readonly field: FieldModel;
  readonly row: FilterRow;
  readonly inputId: string;
  readonly isWrong: boolean;
  readonly onChange: (values: readonly string[]) => void;
}

export function FilterValue({ field, row, inputId, isWrong, onChange }: FilterValueProps): JSX.Element {
  const { t, i18n } = useTranslation("list");
  const model = useModel();
  const titles = useTitles(field, isPointing(field) ? row.values : []);
  if (pointsToAny(field) && row.operator !== "of") return <FilterAny field={field} values={row.values} titles={titles} inputId={inputId} onChange={onChange} />;
  const options = optionsOf(field);
  if (options !== null) {
    return (
      <div className="filter-options">
        {treeOf(options).map(({ option, depth }) => (
          <label key={option.key} className="filter-option" style={depth > 0 ? { flexBasis: "100%", paddingInlineStart: `${String(depth * 20)}px` } : undefined}>
            <input
              type="checkbox"
              checked={row.values.includes(option.key)}
              onChange={(event) => onChange(event.target.checked ? [...row.values, option.key] : row.values.filter((one) => one !== option.key))}
            />
            {option.color ? <Tag color={option.color}>{label(option.name, i18n.language, option.key)}</Tag> : <span>{label(option.name, i18n.language, option.key)}</span>}
          </label>
        ))}
      </div>
    );
  }
  if (isPointing(field)) {
    return (
      <>
        {row.values.map((id, index) => (
          <span key={id} className="chip">
            {titles[index]}
            <button type="button" className="chip-remove" aria-label={t("filterValueRemove", { value: titles[index] })} onClick={() => onChange(row.values.filter((one) => one !== id))}>
              <Icon name="close" size={12} />
            </button>
          </span>
        ))}
        <RecordPicker
          key={row.values.join()}
          app={model.app}
          field={field}
          fields={field.to_title ? [field.to_title] : []}
          inputId={inputId}
          aria={{ "aria-label": t("filterValue") }}
          canClear={false}
          listLabel={label(field.name, i18n.language, field.key)}
          text=""
          onPick={(picked) => picked && !row.values.includes(picked.id) && onChange([...row.values, picked.id])}
        />
      </>
    );
  }
  const isDate = field.kind === "date" || field.kind === "datetime";
  const isNumber = isNumberKind(field.kind) && field.kind !== "duration";
  const put = (index: number, value: string): void => onChange(Array.from({ length: Math.max(row.values.length, index + 1) }, (_, at) => (at === index ? value : (row.values[at] ?? ""))));
  const input = (index: number, name: string): JSX.Element =>
    isDate ? (
      <DateInput inputId={index === 0 ? inputId : undefined} aria={{ "aria-label": name, "aria-invalid": isWrong || undefined }} value={row.values[index] ?? ""} onChange={(value) => put(index, value)} />
    ) : (
    <input
      id={index === 0 ? inputId : undefined}
      className="input"
      type={field.kind === "time" ? "time" : "text"}
      step={field.seconds === true ? 1 : undefined}
      inputMode={isNumber ? "decimal" : undefined}
      aria-label={name}
      aria-invalid={isWrong || undefined}
      value={row.values[index] ?? ""}
      onChange={(event) => put(index, event.target.value)}
    />
    );
  if (valuesOf(field, row.operator) !== 2) return input(0, t("filterValue"));
  return (
    <div className="filter-between">
      {input(0, t("filterFrom"))}
      <span aria-hidden="true">–</span>
      {input(1, t("filterTo"))}
    </div>
  );
}

/** Returns the titles of the records a filter names. */
export function useTitles(field: FieldModel, ids: readonly string[]): readonly string[] {
  const api = useApi();
  const model = useModel();
  return useQueries({
    queries: ids.map((id) => ({
      queryKey: ["title", model.app, field.to, id],
      queryFn: () => (pointsToAny(field) ? readRecord(api, model.app, anyFromText(id).entity, anyFromText(id).id) : readRecord(api, model.app, field.to ?? "", id)),
      enabled: !pointsToAny(field) || id.includes("/"),
      staleTime: 60_000,
      retry: false,
    })),
    combine: (results) => results.map((result, index) => (result.data ? titleOf(result.data, titleKey(field, ids[index] ?? "")) : (ids[index] ?? "").split("/").at(-1)?.slice(0, 8) ?? "")),
  });
}

/** Returns the key of the field that titles a record a filter names. */
const titleKey = (field: FieldModel, id: string): string | null | undefined =>
  pointsToAny(field) ? field.among?.find((one) => one.to === anyFromText(id).entity)?.to_title : field.to_title;

/** One filter in words, with a way to take it away. */
export function FilterChip({ field, row, onRemove }: { readonly field: FieldModel; readonly row: FilterRow; readonly onRemove: () => void }): JSX.Element {
  const { t, i18n } = useTranslation("list");
  const language = i18n.language;
  const titles = useTitles(field, isPointing(field) ? row.values : []);
  const word = (value: string, index: number): string => {
    if (row.operator === "of") return label(optionsOf(field)?.find((option) => option.key === value)?.name, language, value);
    if (isOptionKind(field.kind)) return label(field.options?.find((option) => option.key === value)?.name, language, value);
    if (isPointing(field)) return titles[index] ?? value;
    if (field.kind === "date" || field.kind === "datetime") return showDate(value, language);
    const number = field.kind === "number" || field.kind === "money" ? parseNumber(value) : null;
    return number === null ? value : showNumber(number, language);
  };
  const values = row.values.filter(Boolean).map(word).join(valuesOf(field, row.operator) === 2 ? " – " : t("or"));
  const text = `${label(field.name, language, field.key)} ${t(`operator.${row.operator}`)} ${values}`.trim();
  return (
    <span className="chip">
      {text}
      <button type="button" className="chip-remove" aria-label={t("chipRemove", { text })} onClick={onRemove}>
        <Icon name="close" size={12} />
      </button>
    </span>
  );
}
