/** A text box for a date, or for a date and a time: typed in many ways, shown in one, with a calendar under it; on a phone the device's own. */
import { useState, type JSX } from "react";
import { useTranslation } from "react-i18next";
import { PHONE, useMedia } from "@/shared/hooks/useMedia";
import { Icon } from "./Icon";
import { LateBox } from "./LateBox";
import { makePart } from "./later";
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

export interface DateBoxProps extends DateInputProps {
  /** What stands in the box. */
  readonly text: string;
  readonly onType: (text: string) => void;
  /** Takes what is typed no longer as typed: it was left, or a day was picked. */
  readonly onSettle: () => void;
}

const part = makePart<DateBoxProps>(async () => (await import("./DatePickerInput")).DatePickerInput);

/** The box without its calendar. */
function LightBox({ inputId, aria, hasTime = false, text, onType, onSettle }: DateBoxProps): JSX.Element {
  const { t } = useTranslation();
  return (
    <span className="box-light">
      <input
        id={inputId}
        className="input"
        type="text"
        inputMode="numeric"
        autoComplete="off"
        placeholder={t(hasTime ? "timePattern" : "datePattern")}
        {...aria}
        value={text}
        onFocus={(event) => event.target.select()}
        onChange={(event) => onType(event.target.value)}
        onBlur={onSettle}
      />
      <Icon name="calendar" />
    </span>
  );
}

export function DateInput(props: DateInputProps): JSX.Element {
  const isPhone = useMedia(PHONE);
  const { inputId, value, onChange, aria, hasTime = false, isCompact = false } = props;
  const [typed, setTyped] = useState<string | null>(null);
  if (!isPhone && !isCompact) {
    const onType = (text: string): void => {
      setTyped(text);
      onChange(typedValue(text, hasTime));
    };
    return <LateBox part={part} Light={LightBox} given={{ ...props, text: typed ?? showTyped(value), onType, onSettle: () => setTyped(null) }} />;
  }
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
