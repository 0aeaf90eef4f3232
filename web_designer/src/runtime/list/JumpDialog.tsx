/** Asks for a value of the field the list is sorted by, and jumps there. */
import { useState, type JSX } from "react";
import { useTranslation } from "react-i18next";
import { parseDuration, parsePercent } from "@/shared/format/measures";
import { parseNumber } from "@/shared/format/numbers";
import { parseDate } from "@/shared/format/times";
import { label } from "@/shared/i18n/label";
import { isNumberKind } from "@/shared/renderer/kinds";
import type { FieldModel } from "@/shared/renderer/types";
import { Button } from "@/shared/ui/Button";
import { DateInput } from "@/shared/ui/DateInput";
import { Dialog } from "@/shared/ui/Dialog";

export interface JumpDialogProps {
  readonly field: FieldModel;
  readonly onJump: (from: string) => void;
  readonly onClose: () => void;
}

/** Returns the value as the server takes it: JSON text; null when it does not fit the field. */
export function jumpValue(field: Pick<FieldModel, "kind">, typed: string): string | null {
  const text = typed.trim();
  if (text === "") return null;
  if (field.kind === "percent") {
    const fraction = parsePercent(text);
    return fraction === null ? null : JSON.stringify(fraction);
  }
  if (field.kind === "duration") {
    const minutes = parseDuration(text);
    return minutes === null ? null : JSON.stringify(minutes);
  }
  if (isNumberKind(field.kind)) {
    const number = parseNumber(text);
    return number === null ? null : JSON.stringify(number);
  }
  if (field.kind === "datetime") {
    const at = new Date(text);
    return Number.isNaN(at.getTime()) ? null : JSON.stringify(at.toISOString());
  }
  if (field.kind === "date") {
    const day = parseDate(text);
    return day === null ? null : JSON.stringify(day);
  }
  return JSON.stringify(text);
}

export function JumpDialog({ field, onJump, onClose }: JumpDialogProps): JSX.Element {
  const { t, i18n } = useTranslation("list");
  const [typed, setTyped] = useState("");
  const name = label(field.name, i18n.language, field.key);
  const value = jumpValue(field, typed);
  return (
    <Dialog
      title={t("jumpTitle", { name })}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t("common:cancel")}</Button>
          <Button look="primary" type="submit" form="jump-form" disabled={value === null}>
            {t("jumpGo")}
          </Button>
        </>
      }
    >
      <form
        id="jump-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (value !== null) onJump(value);
        }}
      >
        <label className="form-label" htmlFor="jump-value">
          {t("jumpLabel", { name })}
        </label>
        {field.kind === "date" || field.kind === "datetime" ? (
          <DateInput inputId="jump-value" aria={{}} hasTime={field.kind === "datetime"} value={typed} onChange={setTyped} />
        ) : (
          <input id="jump-value" className="input" type="text" autoComplete="off" value={typed} onChange={(event) => setTyped(event.target.value)} />
        )}
        <p className="form-help">{t("jumpHelp")}</p>
      </form>
    </Dialog>
  );
}
