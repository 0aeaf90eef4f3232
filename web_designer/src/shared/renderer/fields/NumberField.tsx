/** An input for exact decimals: grouped while read, plain while edited; the value is a text and never a float. */
import { useState, type JSX } from "react";
import { parseNumber, showNumber } from "@/shared/format/numbers";
import { useForm, useValue } from "../FormContext";
import type { FieldProps } from "./types";

export function NumberField({ field, path, inputId, aria }: FieldProps): JSX.Element {
  const { store, language } = useForm();
  const value = useValue(path);
  const [typed, setTyped] = useState<string | null>(null);
  const exact = typeof value === "string" ? value : "";
  const number = parseNumber(exact);
  const shown = number === null ? exact : showNumber(number, language, field.kind === "money" ? field.scale : null);
  return (
    <input
      id={inputId}
      className="input input-number"
      type="text"
      inputMode="decimal"
      autoComplete="off"
      {...aria}
      value={typed ?? shown}
      onFocus={(event) => {
        setTyped(exact);
        // The value has not been drawn yet: select once it is.
        requestAnimationFrame(() => event.target.select());
      }}
      onChange={(event) => {
        setTyped(event.target.value);
        const text = event.target.value.trim();
        // What is no number stays as typed, so that the check can point at it.
        store.set(path, text === "" ? null : (parseNumber(text) ?? text));
      }}
      onBlur={() => setTyped(null)}
    />
  );
}
