/** A switch for yes and no; blank counts as no. */
import type { JSX } from "react";
import { useForm, useValue } from "../FormContext";
import type { FieldProps } from "./types";

export function BooleanField({ path, inputId, aria }: FieldProps): JSX.Element {
  const { store } = useForm();
  const value = useValue(path);
  return (
    <span className="switch">
      <input id={inputId} type="checkbox" role="switch" {...aria} checked={value === true} onChange={(event) => store.set(path, event.target.checked)} />
    </span>
  );
}
