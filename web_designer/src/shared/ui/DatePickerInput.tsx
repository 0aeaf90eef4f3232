/** The box for dates itself: antd's calendar under a text box that takes more than one way of writing and keeps what is no date. */
import { DatePicker } from "antd";
import dayjs from "dayjs";
import "dayjs/locale/zh-cn";
import { createContext, useContext, useRef, useState, type InputHTMLAttributes, type JSX, type KeyboardEvent, type Ref } from "react";
import { useTranslation } from "react-i18next";
import type { DateBoxProps } from "./DateInput";
import { Icon } from "./Icon";
import { typedValue } from "./typedDate";

interface Typing {
  readonly text: string;
  readonly onType: (text: string) => void;
  readonly onSettle: () => void;
}

const TypingContext = createContext<Typing>({ text: "", onType: () => undefined, onSettle: () => undefined });

/** The picker's text box, but with our text in it: the picker would empty it of what is no date. */
function TextBox({ onChange, onBlur, onFocus, ...rest }: InputHTMLAttributes<HTMLInputElement> & { readonly ref?: Ref<HTMLInputElement> }): JSX.Element {
  const { text, onType, onSettle } = useContext(TypingContext);
  return (
    <input
      {...rest}
      type="text"
      inputMode="numeric"
      value={text}
      onFocus={(event) => {
        event.target.select();
        onFocus?.(event);
      }}
      onChange={(event) => {
        onType(event.target.value);
        onChange?.(event);
      }}
      onBlur={(event) => {
        onSettle();
        onBlur?.(event);
      }}
    />
  );
}

const COMPONENTS = { input: TextBox };

export function DatePickerInput({ inputId, value, onChange, aria, hasTime = false, text, onType, onSettle }: DateBoxProps): JSX.Element {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const pressed = useRef("");
  const day = dayjs(typedValue(value, hasTime) === value && /^\d{4}-/.test(value) ? value : Number.NaN);
  const onKeyDownCapture = (event: KeyboardEvent): void => {
    pressed.current = event.key;
    if (!event.altKey || event.key !== "ArrowDown" || event.currentTarget.closest("[data-cell]")) return;
    event.preventDefault();
    setOpen(true);
  };
  return (
    <TypingContext value={{ text, onType, onSettle }}>
      <div className="date" onKeyDownCapture={onKeyDownCapture}>
        <DatePicker
          {...(inputId === undefined ? {} : { id: inputId })}
          {...aria}
          {...(aria["aria-invalid"] === true ? { status: "error" as const } : {})}
          styles={{ root: { width: "100%" } }}
          components={COMPONENTS}
          {...(hasTime ? { showTime: { format: "HH:mm" } } : {})}
          format={hasTime ? ["YYYY-MM-DD HH:mm", "YYYY-M-D H:mm"] : ["YYYY-MM-DD", "YYYY-M-D", "YYYY/M/D", "YYYYMMDD"]}
          placeholder={t(hasTime ? "timePattern" : "datePattern")}
          needConfirm={false}
          allowClear={false}
          suffixIcon={<Icon name="calendar" />}
          value={day.isValid() ? day : null}
          onChange={(next: dayjs.Dayjs | null) => {
            if (next === null) return;
            onSettle();
            onChange(next.format(hasTime ? "YYYY-MM-DDTHH:mm" : "YYYY-MM-DD"));
          }}
          open={isOpen}
          // Enter belongs to the form or the table around it.
          onOpenChange={(next) => setOpen(next && pressed.current !== "Enter")}
          onClick={() => (pressed.current = "")}
        />
      </div>
    </TypingContext>
  );
}
