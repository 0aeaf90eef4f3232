/** An input that points to a record of one of several entities: first which one, then a box that finds the record. */
import { useEffect, useRef, useState, type JSX } from "react";
import { useTranslation } from "react-i18next";
import { label } from "@/shared/i18n/label";
import { useForm, useValue } from "../FormContext";
import { anyOf, nameAmong } from "../pointing";
import { relatedFields } from "../relatedFields";
import { RecordPicker } from "./RecordPicker";
import type { FieldProps } from "./types";
import "./any.css";

export function AnyReferenceField({ field, path, lines, inputId, aria }: FieldProps): JSX.Element {
  const { t } = useTranslation("form");
  const { store, model, language, mode } = useForm();
  const record = anyOf(useValue(path));
  const title = useValue(`${path}__title`);
  const among = field.among ?? [];
  const offered = among.filter((one) => one.is_readable !== false || one.to === record?.entity);
  const [picked, setPicked] = useState("");
  const to = record?.entity ?? (picked === "" ? (offered[0]?.to ?? "") : picked);
  const chosen = among.find((one) => one.to === to);
  const name = label(field.name, language, field.key);
  const hasChosen = useRef(false);
  useEffect(() => {
    // The box is made anew for the other kind; whoever chose it goes on to the record.
    if (hasChosen.current) document.getElementById(inputId)?.focus();
    hasChosen.current = false;
  }, [to, inputId]);
  const read = relatedFields(store.entity, lines, field, nameAmong(to));
  const fields = chosen?.to_title ? [...new Set([chosen.to_title, ...read])] : read;
  return (
    <span className="any-reference" role="group" aria-label={name}>
      <select
        className="input any-reference-kind"
        aria-label={t("anyKind", { name })}
        value={to}
        disabled={mode !== "edit"}
        onChange={(event) => {
          setPicked(event.target.value);
          if (record !== null) store.set(path, null);
          hasChosen.current = true;
        }}
      >
        {offered.map((one) => (
          <option key={one.to} value={one.to}>
            {label(one.to_name, language, one.to)}
          </option>
        ))}
      </select>
      <RecordPicker
        key={to}
        app={model.app}
        field={{ to, to_title: chosen?.to_title ?? null, where: null }}
        fields={fields}
        inputId={inputId}
        aria={aria}
        isActive={mode === "edit" && to !== ""}
        canClear={field.required !== true}
        listLabel={name}
        text={record === null ? "" : typeof title === "string" && title !== "" ? title : record.id.slice(0, 8)}
        onAwait={() => store.awaited.begin()}
        onPick={(found) => {
          // What is cleared can be chosen anew from the same kind.
          setPicked(to);
          store.set(path, found === null ? null : { entity: to, id: found.id }, found);
        }}
      />
    </span>
  );
}
