/** Latitude and longitude: typed, or taken from the device. */
import { useState, type JSX } from "react";
import { useTranslation } from "react-i18next";
import { label } from "@/shared/i18n/label";
import { Button } from "@/shared/ui/Button";
import { useForm, useValue } from "../FormContext";
import type { FieldProps } from "./types";

type Point = { readonly latitude?: string; readonly longitude?: string };
const PARTS = ["latitude", "longitude"] as const;

export function LocationField({ field, path, inputId, aria }: FieldProps): JSX.Element {
  const { t } = useTranslation("form");
  const { store, language } = useForm();
  const value = useValue(path);
  const point: Point = value !== null && typeof value === "object" ? (value as Point) : {};
  const [state, setState] = useState<"" | "busy" | "failed">("");
  const put = (next: Point): void => store.set(path, (next.latitude ?? "") === "" && (next.longitude ?? "") === "" ? null : next);
  const locate = (): void => {
    setState("busy");
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        setState("");
        put({ latitude: String(Number(coords.latitude.toFixed(7))), longitude: String(Number(coords.longitude.toFixed(7))) });
      },
      () => setState("failed"),
      { enableHighAccuracy: true, timeout: 15_000 },
    );
  };
  return (
    <span className="location" role="group" aria-label={label(field.name, language, field.key)}>
      {PARTS.map((part, index) => (
        <input
          key={part}
          id={index === 0 ? inputId : `${inputId}-${part}`}
          className="input input-number"
          type="text"
          inputMode="decimal"
          autoComplete="off"
          placeholder={t(`location.${part}`)}
          aria-label={t(`location.${part}`)}
          {...(index === 0 ? { "aria-invalid": aria["aria-invalid"] === true, "aria-describedby": aria["aria-describedby"] as string | undefined } : {})}
          value={point[part] ?? ""}
          onChange={(event) => put({ ...point, [part]: event.target.value.trim() })}
        />
      ))}
      {"geolocation" in navigator ? (
        <Button icon="globe" isBusy={state === "busy"} aria-label={t("location.take")} title={t("location.take")} onClick={locate} />
      ) : null}
      {state === "failed" ? (
        <span className="form-error" role="alert">
          {t("location.failed")}
        </span>
      ) : null}
    </span>
  );
}
