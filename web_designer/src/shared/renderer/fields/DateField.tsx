/** Inputs for a date and for an instant on the clock of the app. */
import type { JSX } from "react";
import { instantToLocal, localToInstant, parseLocal } from "@/shared/format/times";
import { DateInput } from "@/shared/ui/DateInput";
import { useForm, useValue } from "../FormContext";
import { zoneOf } from "../types";
import type { FieldProps } from "./types";

export function DateField({ path, inputId, aria }: FieldProps): JSX.Element {
  const { store, isCompact } = useForm();
  const value = useValue(path);
  return <DateInput inputId={inputId} aria={aria} isCompact={isCompact} value={typeof value === "string" ? value : ""} onChange={(next) => store.set(path, next === "" ? null : next)} />;
}

export function DateTimeField({ path, inputId, aria }: FieldProps): JSX.Element {
  const { store, model, isCompact } = useForm();
  const zone = zoneOf(model);
  const value = useValue(path);
  return (
    <DateInput
      inputId={inputId}
      aria={aria}
      hasTime
      isCompact={isCompact}
      value={typeof value === "string" ? (instantToLocal(value, zone) ?? value) : ""}
      // What is no time stays as typed, so that a check can point at it.
      onChange={(next) => store.set(path, next === "" ? null : parseLocal(next) === next ? localToInstant(next, zone) : next)}
    />
  );
}
