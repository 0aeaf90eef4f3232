/** A switch for yes and no; blank counts as no. */
import type { JSX } from "react";
import { Switch } from "@/shared/ui/Switch";
import { useForm, useValue } from "../FormContext";
import type { FieldProps } from "./types";

export function BooleanField({ path, inputId, aria }: FieldProps): JSX.Element {
  const { store } = useForm();
  const value = useValue(path);
  return <Switch inputId={inputId} aria={aria} isOn={value === true} onChange={(isOn) => store.set(path, isOn)} />;
}
