/** Asks for one field and its new value, or a formula that gives it from each record, for all selected records. */
import { useMemo, useState, type JSX } from "react";
import { useTranslation } from "react-i18next";
import { useModel } from "@/shared/api/model";
import { PHONE, useMedia } from "@/shared/hooks/useMedia";
import { label } from "@/shared/i18n/label";
import { FIELDS } from "@/shared/renderer/fields/registry";
import { FormModel } from "@/shared/renderer/formModel";
import { isWritable } from "@/shared/renderer/formRows";
import { FormView } from "@/shared/renderer/FormView";
import { entityOf, zoneOf, type EntityModel, type FieldModel } from "@/shared/renderer/types";
import { Button } from "@/shared/ui/Button";
import { Dialog } from "@/shared/ui/Dialog";
import type { Deed } from "../changes/changesApi";
import "../changes/changes.css";

export interface BulkEditDialogProps {
  readonly entity: EntityModel;
  /** How many records are changed, as a number for the form of words and as people read it. */
  readonly count: number;
  readonly shown: string;
  readonly isBusy: boolean;
  readonly onClose: () => void;
  readonly onRun: (deed: Deed) => void;
}

/** Kinds whose value a formula may give. */
const BY_FORMULA = ["text", "long_text", "number", "money", "boolean", "date", "datetime", "choice", "percent", "quantity"];

export function BulkEditDialog({ entity, count, shown, isBusy, onClose, onRun }: BulkEditDialogProps): JSX.Element {
  const { t, i18n } = useTranslation(["changes", "form"]);
  const fields = entity.fields.filter((field) => isWritable(field) && field.kind !== "lines" && field.kind in FIELDS);
  const [key, setKey] = useState(fields[0]?.key ?? "");
  const [isFormula, setFormula] = useState(false);
  const [formula, setFormulaText] = useState("");
  const field = fields.find((one) => one.key === key);
  const canFormula = field !== undefined && BY_FORMULA.includes(field.kind);
  const store = useStore(entity, field);
  const isByFormula = isFormula && canFormula;
  const run = (): void => {
    if (field === undefined) return;
    if (isByFormula) onRun({ action: "update", values: {}, formulas: { [field.key]: formula } });
    else onRun({ action: "update", values: { [field.key]: null, ...store.payload().values } });
  };
  return (
    <Dialog
      title={t("editTitle", { count, shown })}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t("common:cancel")}</Button>
          <Button look="primary" isBusy={isBusy} disabled={field === undefined || (isByFormula && formula.trim() === "")} onClick={run}>
            {t("editRun", { shown })}
          </Button>
        </>
      }
    >
      <div className="bulk-edit">
        <label className="form-label" htmlFor="bulk-field">
          {t("field")}
        </label>
        <select id="bulk-field" className="input" value={key} onChange={(event) => setKey(event.target.value)}>
          {fields.map((one) => (
            <option key={one.key} value={one.key}>
              {label(one.name, i18n.language, one.key)}
            </option>
          ))}
        </select>
        {canFormula ? (
          <fieldset className="bulk-how">
            <legend>{t("how")}</legend>
            {[false, true].map((one) => (
              <label key={String(one)}>
                <input type="radio" name="bulk-how" checked={isByFormula === one} onChange={() => setFormula(one)} />
                {t(one ? "byFormula" : "byValue")}
              </label>
            ))}
          </fieldset>
        ) : null}
        {isByFormula ? (
          <>
            <label className="form-label" htmlFor="bulk-formula">
              {t("formula")}
            </label>
            <textarea id="bulk-formula" className="input" rows={3} spellCheck={false} value={formula} onChange={(event) => setFormulaText(event.target.value)} />
            <p className="form-help">{t("formulaHelp", { example: `${field.key} * 1.1` })}</p>
          </>
        ) : field === undefined ? null : (
          <Value key={field.key} entity={entity} field={field} store={store} language={i18n.language} />
        )}
        <p className="form-help">{t("editHelp")}</p>
      </div>
    </Dialog>
  );
}

/** Returns a form of the one field, blank. */
function useStore(entity: EntityModel, field: FieldModel | undefined): FormModel {
  const model = useModel();
  return useMemo(
    () => new FormModel({ entity: { ...entity, rules: [], fields: field === undefined ? [] : [{ ...field, required: false }] }, entities: (one) => entityOf(model, one), record: { id: "", revision: 1 }, user: null, now: new Date(), zone: zoneOf(model) }),
    [entity, field, model],
  );
}

interface ValueProps {
  readonly entity: EntityModel;
  readonly field: FieldModel;
  readonly store: FormModel;
  readonly language: string;
}

function Value({ entity, field, store, language }: ValueProps): JSX.Element {
  const model = useModel();
  const isCompact = useMedia(PHONE);
  const form = useMemo(() => ({ nodes: [{ key: "value", kind: "input" as const, field: field.key }] }), [field]);
  return <FormView model={model} entity={{ ...entity, fields: store.entity.fields }} form={form} mode="edit" language={language} isCompact={isCompact} store={store} />;
}
