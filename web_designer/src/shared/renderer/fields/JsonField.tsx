/** A box for a JSON value as text; what is no JSON yet is kept as typed, so that the check can point at it. */
import { useState, type JSX } from "react";
import { Typed } from "../fieldValues";
import { useForm, useValue } from "../FormContext";
import type { FieldProps } from "./types";

const written = (value: unknown): string => (value instanceof Typed ? value.text : value === null || value === undefined ? "" : JSON.stringify(value, null, 2));

export function JsonField({ path, inputId, variant, aria }: FieldProps): JSX.Element {
  const { store } = useForm();
  const value = useValue(path);
  const [typed, setTyped] = useState<string | null>(null);
  const text = typed ?? written(value);
  const onType = (next: string): void => {
    setTyped(next);
    if (next.trim() === "") return store.set(path, null);
    try {
      store.set(path, JSON.parse(next));
    } catch {
      store.set(path, new Typed(next));
    }
  };
  return (
    <textarea
      id={inputId}
      className="input textarea input-code"
      rows={variant === "cell" ? 1 : Math.min(Math.max(text.split("\n").length, 3), 16)}
      spellCheck={false}
      autoComplete="off"
      {...aria}
      value={text}
      onChange={(event) => onType(event.target.value)}
      onBlur={() => setTyped(null)}
    />
  );
}
