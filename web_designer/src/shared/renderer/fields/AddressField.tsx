/** The parts of an address: regions of China are chosen step by step, others are typed. */
import { useEffect, useState, type JSX } from "react";
import { useTranslation } from "react-i18next";
import { label } from "@/shared/i18n/label";
import { useForm, useValue } from "../FormContext";
import type { AddressParts } from "../values/addressText";
import type { Regions } from "./regions";
import type { FieldProps } from "./types";

type Part = keyof AddressParts;
const BELOW: Readonly<Partial<Record<Part, readonly Part[]>>> = { province: ["city", "district"], city: ["district"] };

export function AddressField({ field, path, inputId, variant, aria }: FieldProps): JSX.Element {
  const { t } = useTranslation("form");
  const { store, language } = useForm();
  const value = useValue(path);
  const parts: AddressParts = value !== null && typeof value === "object" ? (value as AddressParts) : {};
  const [regions, setRegions] = useState<Regions>({});
  const isChina = parts.country === undefined || ["中国", "China", "CN"].includes(parts.country);
  useEffect(() => {
    let isHere = true;
    // Without the list people type the names.
    import("./regions").then((found) => (isHere ? setRegions(found.regions()) : undefined), () => undefined);
    return () => {
      isHere = false;
    };
  }, []);
  const put = (part: Part, text: string): void => {
    const below: readonly string[] = BELOW[part] ?? [];
    const filled = Object.entries({ ...parts, [part]: text }).filter(([name, one]) => one !== "" && !below.includes(name));
    store.set(path, filled.length === 0 ? null : Object.fromEntries(filled));
  };
  const cities = regions[parts.province ?? ""] ?? {};
  const offered: Readonly<Partial<Record<Part, readonly string[]>>> = isChina
    ? { province: Object.keys(regions), city: Object.keys(cities), district: cities[parts.city ?? ""] ?? [] }
    : {};
  const shown: readonly Part[] = [...(field.country === true ? (["country"] as const) : []), "province", "city", "district", "street", "postcode"];
  return (
    <span className={variant === "cell" ? "address is-cell" : "address"} role="group" aria-label={label(field.name, language, field.key)}>
      {shown.map((part, index) => {
        const text = parts[part] ?? "";
        const names = offered[part] ?? [];
        const given = {
          id: index === 0 ? inputId : `${inputId}-${part}`,
          className: `input address-${part}`,
          "aria-label": t(`address.${part}`),
          ...(index === 0 ? { "aria-invalid": aria["aria-invalid"] === true, "aria-describedby": aria["aria-describedby"] as string | undefined } : {}),
          value: text,
        };
        if (names.length === 0) {
          return <input key={part} {...given} type="text" autoComplete="off" placeholder={t(`address.${part}`)} maxLength={part === "street" ? 400 : part === "postcode" ? 20 : 80} onChange={(event) => put(part, event.target.value)} />;
        }
        return (
          <select key={part} {...given} onChange={(event) => put(part, event.target.value)}>
            <option value="">{t(`address.${part}`)}</option>
            {text === "" || names.includes(text) ? null : <option value={text}>{text}</option>}
            {names.map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        );
      })}
    </span>
  );
}
