/** A text box for a date, or for a date and a time: typed in many ways, shown in one, with a calendar under it; on a phone the device's own. */
import { useState, type ChangeEvent, type JSX } from "react";
import { useTranslation } from "react-i18next";
import { PHONE, useMedia } from "@/shared/hooks/useMedia";
import { later } from "./later";
import { showTyped, typedValue } from "./typedDate";

export interface DateInputProps {
  readonly inputId: string | undefined;
  /** An ISO date (`2026-01-05`), with a time `2026-01-05T08:30`, or what was typed and is none. */
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly aria: Readonly<Record<string, string | boolean | undefined>>;
  readonly hasTime?: boolean;
  /** True where a phone is shown on a large screen. */
  readonly isCompact?: boolean;
}

function Waiting({ inputId, value, onChange, aria, hasTime = false }: DateInputProps): JSX.Element {
  const { t } = useTranslation();
  const [typed, setTyped] = useState<string | null>(null);
  const change = (event: ChangeEvent<HTMLInputElement>): void => {
    setTyped(event.target.value);
    onChange(typedValue(event.target.value, hasTime));
  };
  return (
    <input
      id={inputId}
      className="input"
      type="text"
      autoComplete="off"
      placeholder={t(hasTime ? "timePattern" : "datePattern")}
      {...aria}
      value={typed ?? showTyped(value)}
      onChange={change}
      onBlur={() => setTyped(null)}
    />
  );
}

/** Where the calendar comes from; a page that will need it loads it beforehand. */
export const DatePart = later<DateInputProps>(async () => (await import("./DatePickerInput")).DatePickerInput, Waiting);

export function DateInput(props: DateInputProps): JSX.Element {
  const isPhone = useMedia(PHONE);
  const { inputId, value, onChange, aria, hasTime = false, isCompact = false } = props;
  if (!isPhone && !isCompact) return <DatePart {...props} />;
  return (
    <input
      id={inputId}
      className="input"
      type={hasTime ? "datetime-local" : "date"}
      max={hasTime ? "9999-12-31T23:59" : "9999-12-31"}
      {...aria}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
