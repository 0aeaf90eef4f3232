/** Inputs for several options of a list, and for one option of a tree. */
import { useState, type JSX } from "react";
import { useTranslation } from "react-i18next";
import { label } from "@/shared/i18n/label";
import { Combobox } from "@/shared/ui/Combobox";
import { Icon } from "@/shared/ui/Icon";
import { Tag } from "@/shared/ui/Tag";
import { useForm, useValue } from "../FormContext";
import { pathText, treeOf } from "../optionTree";
import type { FieldProps } from "./types";

/** So many options at most are all shown, to be ticked. */
const FEW = 8;

export function ChoicesField({ field, path, inputId, variant, aria }: FieldProps): JSX.Element {
  const { t } = useTranslation("form");
  const { store, language, isCompact } = useForm();
  const value = useValue(path);
  const [query, setQuery] = useState("");
  const chosen: readonly string[] = Array.isArray(value) ? (value as string[]) : [];
  const options = field.options ?? [];
  // In the order of the list, as the server keeps them.
  const put = (keys: readonly string[]): void => {
    const kept = options.filter((option) => keys.includes(option.key)).map((option) => option.key);
    store.set(path, kept.length === 0 ? null : kept);
  };
  const toggle = (key: string): void => put(chosen.includes(key) ? chosen.filter((one) => one !== key) : [...chosen, key]);
  const nameOf = (key: string): string => label(options.find((option) => option.key === key)?.name, language, key);
  const name = label(field.name, language, field.key);
  if (variant === "form" && (options.length <= FEW || isCompact)) {
    return (
      <span className="ticks" role="group" aria-label={name}>
        {options.map((option, index) => (
          <label key={option.key} className="tick">
            <input id={index === 0 ? inputId : undefined} type="checkbox" {...(index === 0 ? { "aria-describedby": aria["aria-describedby"] as string | undefined } : {})} aria-label={nameOf(option.key)} checked={chosen.includes(option.key)} onChange={() => toggle(option.key)} />
            {option.color ? <Tag color={option.color}>{nameOf(option.key)}</Tag> : <span>{nameOf(option.key)}</span>}
          </label>
        ))}
      </span>
    );
  }
  const wanted = query.trim().toLowerCase();
  const offered = options
    .filter((option) => !chosen.includes(option.key))
    .map((option) => ({ key: option.key, label: nameOf(option.key) }))
    .filter((option) => wanted === "" || option.label.toLowerCase().includes(wanted) || option.key.includes(wanted));
  return (
    <span className="picks">
      {chosen.map((key) => (
        <span key={key} className="chip">
          {nameOf(key)}
          <button type="button" className="chip-remove" aria-label={t("pickRemove", { name: nameOf(key) })} onClick={() => toggle(key)}>
            <Icon name="close" size={12} />
          </button>
        </span>
      ))}
      <Combobox
        key={chosen.join()}
        inputId={inputId}
        aria={aria}
        text=""
        options={offered}
        emptyText={t("noOption")}
        placeholder={t("choose")}
        listLabel={name}
        onQuery={setQuery}
        onPick={(option) => (option === null ? undefined : put([...chosen, option.key]))}
      />
    </span>
  );
}

export function TreeChoiceField({ field, path, inputId, aria }: FieldProps): JSX.Element {
  const { t } = useTranslation("form");
  const { store, language, isCompact } = useForm();
  const value = useValue(path);
  const [query, setQuery] = useState("");
  const options = field.options ?? [];
  const rows = treeOf(options).map(({ option, depth }) => ({ key: option.key, depth, label: pathText(options, option.key, language), name: label(option.name, language, option.key), color: option.color }));
  const chosen = rows.find((row) => row.key === value);
  if (isCompact) {
    return (
      <select id={inputId} className="input" {...aria} value={typeof value === "string" ? value : ""} onChange={(event) => store.set(path, event.target.value || null)}>
        <option value="">{t("choose")}</option>
        {rows.map((row) => (
          <option key={row.key} value={row.key}>
            {"\u3000".repeat(row.depth) + row.name}
          </option>
        ))}
      </select>
    );
  }
  const wanted = query.trim().toLowerCase();
  const offered = rows
    .filter((row) => wanted === "" || row.label.toLowerCase().includes(wanted) || row.key.includes(wanted))
    .map((row) => ({
      key: row.key,
      label: row.label,
      content: (
        // Where what stands above is not in the list, the path says where an option lies.
        <span className="tree-option" style={{ paddingInlineStart: wanted === "" ? `${String(row.depth * 16)}px` : 0 }}>
          {row.color ? <Tag color={row.color}>{wanted === "" ? row.name : row.label}</Tag> : wanted === "" ? row.name : row.label}
        </span>
      ),
    }));
  return (
    <Combobox
      inputId={inputId}
      aria={aria}
      text={chosen?.label ?? (typeof value === "string" ? value : "")}
      options={offered}
      emptyText={t("noOption")}
      placeholder={t("choose")}
      {...(field.required === true ? {} : { clearLabel: t("clear") })}
      listLabel={label(field.name, language, field.key)}
      onQuery={setQuery}
      onPick={(option) => store.set(path, option?.key ?? null)}
    />
  );
}
