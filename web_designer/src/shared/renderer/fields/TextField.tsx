/** Inputs for text of one line and of many. */
import type { JSX } from "react";
import { useForm, useValue } from "../FormContext";
import type { FieldProps } from "./types";

export function TextField({ field, path, inputId, aria }: FieldProps): JSX.Element {
  const { store } = useForm();
  const value = useValue(path);
  return (
    <input
      id={inputId}
      className="input"
      type="text"
      autoComplete="off"
      {...aria}
      maxLength={(field.max_length ?? 4000) + 1}
      value={typeof value === "string" ? value : ""}
      onChange={(event) => store.set(path, event.target.value === "" ? null : event.target.value)}
    />
  );
}

export function LongTextField({ path, inputId, variant, aria }: FieldProps): JSX.Element {
  const { store } = useForm();
  const value = useValue(path);
  return (
    <textarea
      id={inputId}
      className="input textarea"
      rows={variant === "cell" ? 1 : 3}
      {...aria}
      value={typeof value === "string" ? value : ""}
      onChange={(event) => store.set(path, event.target.value === "" ? null : event.target.value)}
    />
  );
}
