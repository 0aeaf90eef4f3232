/** Shows the value at a path of a form to read: on the detail page, and what nobody types (computed, numbered). */
import type { JSX } from "react";
import { useTranslation } from "react-i18next";
import { later } from "@/shared/ui/later";
import { useForm, useIsAhead, useValue } from "./FormContext";
import { besideKey } from "./pointing";
import { zoneOf, type FieldModel } from "./types";
import { isNumeric, ValueText } from "./ValueText";

const RevealSecret = later<{ readonly field: FieldModel }>(async () => (await import("./values/RevealSecret")).RevealSecret, () => <>••••••</>);
const ExplainValue = later<{ readonly field: FieldModel }>(async () => (await import("./values/ExplainValue")).ExplainValue, () => <></>);

export function ReadValue({ field, path, labelledBy }: { readonly field: FieldModel; readonly path: string; readonly labelledBy?: string }): JSX.Element {
  const { t } = useTranslation("form");
  const { language, store, mode, model, isOutside } = useForm();
  const value = useValue(path);
  const title = useValue(path.slice(0, path.length - field.key.length) + besideKey(field));
  const error = useValue(`${path}__error`);
  const isComing = field.kind === "sequence" && value === null && mode !== "view" && store.isNew;
  const isFar = field.is_far === true;
  const isAhead = useIsAhead(isFar && mode === "edit");
  const isLive = field.formula != null && mode === "edit";
  // Of a record as it was the server can tell no more than its values; of rows it tells nothing.
  const hasReasons = mode === "view" && !isOutside && (field.formula != null || isFar) && path === field.key && store.get("unknown") === null;
  return (
    <output
      className={`form-value ${isNumeric(field) ? "is-number" : ""} ${field.kind === "long_text" ? "is-long" : ""} ${field.formula != null || isFar ? "is-computed" : ""}`}
      aria-labelledby={labelledBy}
      aria-live={isLive ? "polite" : "off"}
    >
      {field.kind === "secret" && value !== null && mode === "view" ? (
        isOutside ? "••••••" : <RevealSecret field={field} />
      ) : isComing || isAhead ? (
        <span className="form-coming">{t(isAhead ? "computedLater" : "numbered")}</span>
      ) : (
        <ValueText field={field} value={value} title={title} error={error} isLinked language={language} zone={zoneOf(model)} isWhole />
      )}
      {hasReasons ? <ExplainValue field={field} /> : null}
    </output>
  );
}

