/** Inputs for a date and for an instant: typed in many ways and shown in one; the calendar is the browser's own. */
import { useState, type JSX } from "react";
import { instantToLocal, localToInstant } from "@/shared/format/times";
import { DateInput } from "@/shared/ui/DateInput";
import { useForm, useValue } from "../FormContext";
import { zoneOf } from "../types";
import type { FieldProps } from "./types";

export function DateField(props: FieldProps): JSX.Element {
  const { isCompact } = useForm();
  return isCompact ? <NativeDate {...props} /> : <TypedDate {...props} />;
}

function NativeDate({ path, inputId, aria }: FieldProps): JSX.Element {
  const { store } = useForm();
  const value = useValue(path);
  return (
    <input
      id={inputId}
      className="input"
      type="date"
      max="9999-12-31"
      {...aria}
      value={typeof value === "string" ? value : ""}
      onChange={(event) => store.set(path, event.target.value === "" ? null : event.target.value)}
    />
  );
}

function TypedDate({ path, inputId, aria }: FieldProps): JSX.Element {
  const { store } = useForm();
  const value = useValue(path);
  return <DateInput inputId={inputId} aria={aria} value={typeof value === "string" ? value : ""} onChange={(next) => store.set(path, next === "" ? null : next)} />;
}

export function DateTimeField({ path, inputId, aria }: FieldProps): JSX.Element {
  const { store, model } = useForm();
  const zone = zoneOf(model);
  const value = useValue(path);
  const [typed, setTyped] = useState<string | null>(null);
  return (
    <input
      id={inputId}
      className="input"
      type="datetime-local"
      max="9999-12-31T23:59"
      {...aria}
      value={typed ?? (typeof value === "string" ? instantToLocal(value, zone) : "")}
      onChange={(event) => {
        setTyped(event.target.value);
        store.set(path, localToInstant(event.target.value, zone));
      }}
      onBlur={() => setTyped(null)}
    />
  );
}
