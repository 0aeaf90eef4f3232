/** Somebody else saved the record meanwhile: shows both sides of what differs and lets the person choose; nothing is lost before. */
import type { JSX } from "react";
import { useTranslation } from "react-i18next";
import { useModel } from "@/shared/api/model";
import type { RecordJson } from "@/shared/api/records";
import { showInstant } from "@/shared/format/times";
import { label } from "@/shared/i18n/label";
import type { FormModel } from "@/shared/renderer/formModel";
import { zoneOf } from "@/shared/renderer/types";
import { beside, besideKey } from "@/shared/renderer/pointing";
import { ValueText } from "@/shared/renderer/ValueText";
import { Button } from "@/shared/ui/Button";
import { Dialog } from "@/shared/ui/Dialog";
import { DifferentLines, type Line } from "./DifferentLines";

export interface ConflictDialogProps {
  readonly store: FormModel;
  readonly theirs: RecordJson | null;
  readonly language: string;
  readonly onClose: () => void;
  readonly onKeepMine: (theirs: RecordJson) => void;
  readonly onTakeTheirs: () => void;
}

/** Returns the lines of a saved record as a form holds them. */
function linesOf(record: RecordJson | null, key: string): readonly Line[] {
  const lines = record?.[key];
  return Array.isArray(lines) ? (lines as RecordJson[]).map((values) => ({ id: values.id, values })) : [];
}

export function ConflictDialog({ store, theirs, language, onClose, onKeepMine, onTakeTheirs }: ConflictDialogProps): JSX.Element {
  const { t } = useTranslation("form");
  const zone = zoneOf(useModel());
  const mine = store.payload().values;
  const fields = store.entity.fields.filter((field) => field.key in mine);
  const who = theirs?.["updated_by__title"];
  const when = theirs?.["updated_at"];
  return (
    <Dialog
      title={t("conflictTitle")}
      role="alertdialog"
      onClose={onClose}
      footer={
        <>
          <Button data-first="" onClick={onClose}>
            {t("conflictBack")}
          </Button>
          <Button look="danger" onClick={onTakeTheirs}>
            {t("conflictTheirs")}
          </Button>
          {theirs === null ? null : (
            <Button look="primary" onClick={() => onKeepMine(theirs)}>
              {t("conflictMine")}
            </Button>
          )}
        </>
      }
    >
      <p>
        {typeof who === "string" && typeof when === "string"
          ? t("conflictWho", { who, when: showInstant(when, language, zone) })
          : t("conflictText")}
      </p>
      <table className="compare">
        <thead>
          <tr>
            <th scope="col">{t("conflictField")}</th>
            <th scope="col">{t("conflictYours")}</th>
            <th scope="col">{t("conflictSaved")}</th>
          </tr>
        </thead>
        <tbody>
          {fields.map((field) => (
            <tr key={field.key}>
              <th scope="row">{label(field.name, language, field.key)}</th>
              {field.kind === "lines" ? (
                <>
                  <td>
                    <DifferentLines field={field} lines={store.sentRows(field.key)} others={linesOf(theirs, field.key)} language={language} zone={zone} />
                  </td>
                  <td>
                    <DifferentLines field={field} lines={linesOf(theirs, field.key)} others={store.sentRows(field.key)} language={language} zone={zone} />
                  </td>
                </>
              ) : (
                <>
                  <td>
                    <ValueText field={field} value={store.get(field.key)} title={store.get(besideKey(field))} language={language} zone={zone} />
                  </td>
                  <td>
                    <ValueText field={field} value={theirs?.[field.key] ?? null} title={beside(theirs ?? undefined, field)} language={language} zone={zone} />
                  </td>
                </>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </Dialog>
  );
}
