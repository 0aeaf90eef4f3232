/** An input for exact decimals: grouped while read, plain while edited; the value is a text and never a float. */
import { useLayoutEffect, useRef, useState, type JSX } from "react";
import { parseNumber, showNumber } from "@/shared/format/numbers";
import { useForm, useValue } from "../FormContext";
import type { FieldProps } from "./types";
import { useUnit } from "./useUnit";

export function NumberField({ field, path, inputId, aria }: FieldProps): JSX.Element {
  const { store, language } = useForm();
  const value = useValue(path);
  const unit = useUnit(field, path);
  const exact = typeof value === "string" ? value : "";
  const number = parseNumber(exact);
  const shown = number === null ? exact : showNumber(number, language, field.kind === "money" ? field.scale : null);
  return (
    <NumberBox
      inputId={inputId}
      aria={aria}
      plain={exact}
      shown={shown}
      unit={unit}
      // What is no number stays as typed, so that the check can point at it.
      onType={(text) => store.set(path, text === "" ? null : (parseNumber(text) ?? text))}
    />
  );
}

export interface NumberBoxProps extends Pick<FieldProps, "inputId" | "aria"> {
  /** What stands in the box while it is edited, and while it is read. */
  readonly plain: string;
  readonly shown: string;
  readonly unit: string;
  /** Whether more than digits is typed. */
  readonly isText?: boolean;
  readonly onType: (text: string) => void;
}

export function NumberBox({ inputId, aria, plain, shown, unit, isText = false, onType }: NumberBoxProps): JSX.Element {
  const [typed, setTyped] = useState<string | null>(null);
  const box = useRef<HTMLInputElement>(null);
  const isEntered = useRef(false);
  // Selected as soon as the plain text is drawn; later the focus may be elsewhere, and selecting would take it back.
  useLayoutEffect(() => {
    if (isEntered.current && document.activeElement === box.current) box.current?.select();
    isEntered.current = false;
  }, [typed]);
  const input = (
    <input
      ref={box}
      id={inputId}
      className="input input-number"
      type="text"
      inputMode={isText ? "text" : "decimal"}
      autoComplete="off"
      {...aria}
      value={typed ?? shown}
      onFocus={() => {
        isEntered.current = true;
        setTyped(plain);
      }}
      onChange={(event) => {
        setTyped(event.target.value);
        onType(event.target.value.trim());
      }}
      onBlur={() => setTyped(null)}
    />
  );
  return unit === "" ? (
    input
  ) : (
    <span className="with-unit">
      {input}
      <span className="unit">{unit}</span>
    </span>
  );
}
