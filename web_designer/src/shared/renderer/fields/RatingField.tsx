/** Stars to choose from: a group of radio buttons, so that the arrow keys choose; the chosen star pressed again takes them off. */
import type { JSX } from "react";
import { useTranslation } from "react-i18next";
import { label } from "@/shared/i18n/label";
import { useForm, useValue } from "../FormContext";
import { Star } from "../values/Stars";
import type { FieldProps } from "./types";

export function RatingField({ field, path, inputId, aria }: FieldProps): JSX.Element {
  const { t } = useTranslation("form");
  const { store, language } = useForm();
  const value = Number(useValue(path) ?? 0);
  const most = Number(field.max ?? 5);
  return (
    <span className="stars" role="radiogroup" aria-label={label(field.name, language, field.key)} {...aria}>
      {Array.from({ length: most }, (_, index) => index + 1).map((count) => (
        <label key={count} className={count <= value ? "star is-on" : "star"}>
          <input
            id={count === Math.max(value, 1) ? inputId : undefined}
            type="radio"
            name={inputId}
            aria-label={t("stars", { count })}
            checked={count === value}
            onChange={() => store.set(path, String(count))}
            onClick={() => (count === value && field.required !== true ? store.set(path, null) : undefined)}
          />
          <Star isOn={count <= value} />
        </label>
      ))}
    </span>
  );
}
