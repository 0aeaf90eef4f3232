/** A text box for a date: typed in many ways, shown in one; the calendar beside it is the browser's own. */
import { useRef, useState, type JSX, type KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import { parseDate } from "@/shared/format/times";
import { Icon } from "./Icon";

export interface DateInputProps {
  readonly inputId: string | undefined;
  /** An ISO date, or what was typed and is none. */
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly aria: Readonly<Record<string, string | boolean | undefined>>;
}

export function DateInput({ inputId, value, onChange, aria }: DateInputProps): JSX.Element {
  const { t } = useTranslation();
  const [typed, setTyped] = useState<string | null>(null);
  const calendar = useRef<HTMLInputElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const open = (): void => calendar.current?.showPicker();
  return (
    <div className="date">
      <input
        id={inputId}
        ref={input}
        className="input"
        type="text"
        inputMode="numeric"
        autoComplete="off"
        placeholder={t("datePattern")}
        {...aria}
        value={typed ?? value}
        onFocus={(event) => event.target.select()}
        onChange={(event) => {
          setTyped(event.target.value);
          const text = event.target.value.trim();
          // What is no date stays as typed, so that a check can point at it.
          onChange(parseDate(text, new Date().getFullYear()) ?? text);
        }}
        onBlur={() => setTyped(null)}
        onKeyDown={(event: KeyboardEvent) => {
          if (!event.altKey || event.key !== "ArrowDown" || event.currentTarget.closest("[data-cell]")) return;
          event.preventDefault();
          open();
        }}
      />
      <button type="button" className="date-open" tabIndex={-1} aria-label={t("calendar")} onMouseDown={(event) => event.preventDefault()} onClick={open}>
        <Icon name="calendar" />
      </button>
      <input
        ref={calendar}
        className="date-calendar"
        type="date"
        tabIndex={-1}
        aria-hidden="true"
        value={parseDate(value) ?? ""}
        onChange={(event) => {
          onChange(event.target.value);
          input.current?.focus();
        }}
      />
    </div>
  );
}
