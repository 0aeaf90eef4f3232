/** A box for a secret: what is typed is never shown; one that is kept already is a mask, which typing replaces. */
import { useState, type JSX } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/shared/ui/Button";
import { useForm, useValue } from "../FormContext";
import { isHandle, MASK } from "../values/masks";
import type { FieldProps } from "./types";

export function SecretField({ field, path, inputId, aria }: FieldProps): JSX.Element {
  const { t } = useTranslation("form");
  const { store } = useForm();
  const value = useValue(path);
  const [isShown, setShown] = useState(false);
  // What is kept stays when what was typed over it is taken back.
  const [kept, setKept] = useState(() => (isHandle(value) ? value : null));
  const isKept = isHandle(value);
  const typed = typeof value === "string" && !isKept ? value : "";
  return (
    <span className="with-acts">
      <input
        id={inputId}
        className="input"
        type={isShown ? "text" : "password"}
        autoComplete="new-password"
        spellCheck={false}
        maxLength={(field.max_length ?? 1000) + 1}
        placeholder={isKept ? MASK : undefined}
        {...aria}
        value={typed}
        onChange={(event) => store.set(path, event.target.value === "" ? kept : event.target.value)}
      />
      {typed === "" ? null : (
        <Button look="text" aria-pressed={isShown} onClick={() => setShown(!isShown)}>
          {t(isShown ? "secretHide" : "secretShow")}
        </Button>
      )}
      {isKept && field.required !== true ? (
        <Button look="text" icon="trash" aria-label={t("secretRemove")} title={t("secretRemove")} onClick={() => {
          setKept(null);
          store.set(path, null);
        }} />
      ) : null}
    </span>
  );
}
