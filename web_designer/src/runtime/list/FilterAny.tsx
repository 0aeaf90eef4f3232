/** The records of one of several entities that a filter names: those chosen as chips, and a box that finds one more. */
import { useState, type JSX } from "react";
import { useTranslation } from "react-i18next";
import { useModel } from "@/shared/api/model";
import { label } from "@/shared/i18n/label";
import { RecordPicker } from "@/shared/renderer/fields/RecordPicker";
import { anyText } from "@/shared/renderer/pointing";
import type { FieldModel } from "@/shared/renderer/types";
import { Icon } from "@/shared/ui/Icon";
import "@/shared/renderer/fields/any.css";

export interface FilterAnyProps {
  readonly field: FieldModel;
  /** The records as filters write them: `customer/…`. */
  readonly values: readonly string[];
  readonly titles: readonly string[];
  readonly inputId: string;
  readonly onChange: (values: readonly string[]) => void;
}

export function FilterAny({ field, values, titles, inputId, onChange }: FilterAnyProps): JSX.Element {
  const { t, i18n } = useTranslation("list");
  const model = useModel();
  const among = (field.among ?? []).filter((one) => one.is_readable !== false);
  const [to, setTo] = useState(among[0]?.to ?? "");
  const name = label(field.name, i18n.language, field.key);
  const title = among.find((one) => one.to === to)?.to_title ?? null;
  return (
    <>
      {values.map((value, index) => (
        <span key={value} className="chip">
          {titles[index]}
          <button type="button" className="chip-remove" aria-label={t("filterValueRemove", { value: titles[index] })} onClick={() => onChange(values.filter((one) => one !== value))}>
            <Icon name="close" size={12} />
          </button>
        </span>
      ))}
      <span className="any-reference">
        <select className="input any-reference-kind" aria-label={t("form:anyKind", { name })} value={to} onChange={(event) => setTo(event.target.value)}>
          {among.map((one) => (
            <option key={one.to} value={one.to}>
              {label(one.to_name, i18n.language, one.to)}
            </option>
          ))}
        </select>
        <RecordPicker
          key={`${to} ${values.join()}`}
          app={model.app}
          field={{ to, to_title: title, where: null }}
          fields={title === null ? [] : [title]}
          inputId={inputId}
          aria={{ "aria-label": t("filterValue") }}
          canClear={false}
          listLabel={name}
          text=""
          onPick={(picked) => {
            const value = picked === null ? null : anyText({ entity: to, id: picked.id });
            if (value !== null && !values.includes(value)) onChange([...values, value]);
          }}
        />
      </span>
    </>
  );
}
