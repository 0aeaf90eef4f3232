/** An input for exact decimals: grouped while read, plain while edited; the value is a text and never a float. */
import { useLayoutEffect, useRef, useState, type JSX } from "react";
import { parseNumber, showNumber } from "@/shared/format/numbers";
import { useForm, useValue } from "../FormContext";
import type { FieldProps } from "./types";

export function NumberField({ field, path, inputId, aria }: FieldProps): JSX.Element {
  const { store, language } = useForm();
  const value = useValue(path);
  const [typed, setTyped] = useState<string | null>(null);
  const box = useRef<HTMLInputElement>(null);
  const isEntered = useRef(false);
  // Selected as soon as the plain text is drawn; later the focus may be elsewhere, and selecting would take it back.
  useLayoutEffect(() => {
    if (isEntered.current && document.activeElement === box.current) box.current?.select();
    isEntered.current = false;
  }, [typed]);
  const exact = typeof value === "string" ? value : "";
  const number = parseNumber(exact);
  const shown = number === null ? exact : showNumber(number, language, field.kind === "money" ? field.scale : null);
  return (
    <input
      ref={box}
      id={inputId}
      className="input input-number"
      type="text"
      inputMode="decimal"
      autoComplete="off"
      {...aria}
      value={typed ?? shown}
      onFocus={() => {
        isEntered.current = true;
        setTyped(exact);
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
