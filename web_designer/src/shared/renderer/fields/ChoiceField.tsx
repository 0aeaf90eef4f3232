/** An input for one of a few options; on a phone the device's own list. */
import { useState, type JSX } from "react";
import { useTranslation } from "react-i18next";
import { label } from "@/shared/i18n/label";
import { Combobox } from "@/shared/ui/Combobox";
import { Tag } from "@/shared/ui/Tag";
import { useForm, useValue } from "../FormContext";
import type { FieldProps } from "./types";

export function ChoiceField({ field, path, inputId, aria }: FieldProps): JSX.Element {
  const { t } = useTranslation("form");
  const { store, language, isCompact } = useForm();
  const value = useValue(path);
  const [query, setQuery] = useState("");
  const options = (field.options ?? []).map((option) => {
    const text = label(option.name, language, option.key);
    return { key: option.key, label: text, ...(option.color ? { content: <Tag color={option.color}>{text}</Tag> } : {}) };
  });
  const chosen = options.find((option) => option.key === value);
  if (isCompact) {
    return (
      <select id={inputId} className="input" {...aria} value={typeof value === "string" ? value : ""} onChange={(event) => store.set(path, event.target.value || null)}>
        <option value="">{t("choose")}</option>
        {options.map((option) => (
          <option key={option.key} value={option.key}>
            {option.label}
          </option>
        ))}
      </select>
    );
  }
  const wanted = query.trim().toLowerCase();
  return (
    <Combobox
      inputId={inputId}
      aria={aria}
      text={chosen?.label ?? (typeof value === "string" ? value : "")}
      options={wanted === "" ? options : options.filter((option) => option.label.toLowerCase().includes(wanted) || option.key.includes(wanted))}
      emptyText={t("noOption")}
      placeholder={t("choose")}
      {...(field.required === true ? {} : { clearLabel: t("clear") })}
      listLabel={label(field.name, language, field.key)}
      onQuery={setQuery}
      onPick={(option) => store.set(path, option?.key ?? null)}
    />
  );
}
