/** An input that points to a record; picking one brings along what formulas and copies need of it. */
import { useMemo, type JSX } from "react";
import { label } from "@/shared/i18n/label";
import { useForm, useValue } from "../FormContext";
import { relatedFields } from "../relatedFields";
import { RecordPicker } from "./RecordPicker";
import type { FieldProps } from "./types";

export function ReferenceField({ field, path, lines, inputId, aria }: FieldProps): JSX.Element {
  const { store, model, language, mode } = useForm();
  const value = useValue(path);
  const title = useValue(`${path}__title`);
  const fields = useMemo(() => relatedFields(store.entity, lines, field), [store, lines, field]);
  return (
    <RecordPicker
      app={model.app}
      field={field}
      fields={fields}
      inputId={inputId}
      aria={aria}
      isActive={mode === "edit"}
      canClear={field.required !== true}
      listLabel={label(field.name, language, field.key)}
      text={typeof title === "string" && title !== "" ? title : typeof value === "string" ? value.slice(0, 8) : ""}
      onAwait={() => store.awaited.begin()}
      onPick={(picked) => store.set(path, picked?.id ?? null, picked)}
    />
  );
}
