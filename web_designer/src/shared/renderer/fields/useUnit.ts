/** Takes a field with a unit or a currency, gives it as text: the fixed one, or what the field beside it holds. */
import { label } from "@/shared/i18n/label";
import { useForm, useValue } from "../FormContext";
import type { FieldModel } from "../types";

/** Returns the unit of the value at a path; empty where there is none yet. */
export function useUnit(field: FieldModel, path: string): string {
  const { store, language } = useForm();
  const key = field.unit_field ?? field.currency_field ?? "";
  const parts = path.split(".");
  const beside = [...parts.slice(0, -1), key].join(".");
  const value = useValue(beside);
  const title = useValue(`${beside}__title`);
  if (key === "") return field.unit ?? field.currency ?? "";
  const fields = parts.length > 1 ? (store.entity.fields.find((one) => one.key === parts[0])?.fields ?? []) : store.entity.fields;
  const option = fields.find((one) => one.key === key)?.options?.find((one) => one.key === value);
  if (option !== undefined) return label(option.name, language, option.key);
  return typeof title === "string" && title !== "" ? title : typeof value === "string" && value.length <= 20 ? value : "";
}
