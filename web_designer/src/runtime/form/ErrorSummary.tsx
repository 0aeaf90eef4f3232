/** Says above the form what must be put right, with a way to each place; what has no place on the form is said in full. */
import type { JSX } from "react";
import { useTranslation } from "react-i18next";
import { label } from "@/shared/i18n/label";
import { errorText } from "@/shared/renderer/errorText";
import type { FormModel } from "@/shared/renderer/formModel";
import { fieldOf } from "@/shared/renderer/types";
import { Notice } from "@/shared/ui/Notice";

const SHOWN = 5;

export function ErrorSummary({ store, text }: { readonly store: FormModel; readonly text: string | null }): JSX.Element | null {
  const { t, i18n } = useTranslation("form");
  const errors = store.allErrors();
  if (errors.length === 0 && text === null) return null;
  const place = (path: string): string => {
    const [head = "", row, key] = path.split(".");
    const name = label(fieldOf(store.entity, head)?.name, i18n.language, head);
    if (row === undefined || key === undefined) return name;
    const position = store.rows(head).findIndex((one) => one.key === row) + 1;
    return t("errorPlace", { name, position, column: label(fieldOf(store.entity, `${head}.${key}`)?.name, i18n.language, key) });
  };
  const go = (path: string): void => {
    const [head = "", row, key] = path.split(".");
    const id = row === undefined || key === undefined ? `field-${head}` : `cell-${row}-${key}`;
    const target = document.getElementById(id) ?? document.querySelector<HTMLElement>(`[data-field="${head}"] :is([data-cell] :is(input, textarea, select), .lines-add)`);
    target?.scrollIntoView({ block: "center" });
    target?.focus();
  };
  return (
    <Notice look="error">
      {text === null ? null : <p>{text}</p>}
      {errors.length === 0 ? null : (
        <>
          <p>{t("errorCount", { count: errors.length })}</p>
          <ul className="error-list">
            {errors.slice(0, SHOWN).map(([path, error]) => (
              <li key={path}>
                {path === "" ? null : (
                  <button type="button" className="link" onClick={() => go(path)}>
                    {place(path)}
                  </button>
                )}{" "}
                {errorText(error, t)}
              </li>
            ))}
            {errors.length > SHOWN ? <li>…</li> : null}
          </ul>
        </>
      )}
    </Notice>
  );
}
