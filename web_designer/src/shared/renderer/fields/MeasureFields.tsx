/** Inputs for numbers that are written with a sign: percentages, quantities with their unit, spans of time. */
import type { JSX } from "react";
import { parseNumber, showNumber } from "@/shared/format/numbers";
import { parseDuration, parsePercent, percentOf, showDuration } from "@/shared/format/measures";
import { useForm, useValue } from "../FormContext";
import { NumberBox } from "./NumberField";
import type { FieldProps } from "./types";
import { useUnit } from "./useUnit";

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

export function PercentField({ path, inputId, aria }: FieldProps): JSX.Element {
  const { store, language } = useForm();
  const exact = textOf(useValue(path));
  const percent = percentOf(exact);
  return (
    <NumberBox
      inputId={inputId}
      aria={aria}
      plain={percent ?? exact}
      shown={percent === null ? exact : `${showNumber(percent, language)}%`}
      unit=""
      onType={(text) => store.set(path, text === "" ? null : (parsePercent(text) ?? text))}
    />
  );
}

export function QuantityField({ field, path, inputId, aria }: FieldProps): JSX.Element {
  const { store, language } = useForm();
  const unit = useUnit(field, path);
  const exact = textOf(useValue(path));
  const number = parseNumber(exact);
  return (
    <NumberBox
      inputId={inputId}
      aria={aria}
      plain={exact}
      shown={number === null ? exact : showNumber(number, language)}
      unit={unit}
      onType={(text) => store.set(path, text === "" ? null : (parseNumber(text) ?? text))}
    />
  );
}

export function DurationField({ field, path, inputId, aria }: FieldProps): JSX.Element {
  const { store, language } = useForm();
  const exact = textOf(useValue(path));
  return (
    <NumberBox
      inputId={inputId}
      aria={{ placeholder: "0:00", ...aria }}
      plain={showDuration(exact, "hours", language) ?? exact}
      shown={showDuration(exact, field.show, language) ?? exact}
      unit=""
      isText
      onType={(text) => store.set(path, text === "" ? null : (parseDuration(text) ?? text))}
    />
  );
}
