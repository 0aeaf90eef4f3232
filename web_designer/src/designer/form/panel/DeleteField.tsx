/**
 * Deletes a field of the entity, not only its place on the form. It shows what uses the field first: places on forms and
 * in views go with it, formulas, rules and the like have to be changed by hand before.
 */
import { type JSX, useState } from "react";
import { label } from "@/shared/i18n/label";
import { Button } from "@/shared/ui/Button";
import { Dialog } from "@/shared/ui/Dialog";
import { useDesign, useDocument, usePublished } from "../../core/DesignContext";
import { describe } from "../../core/describe";
import { useTexts } from "../../core/useTexts";
import { deleteField } from "../gestures";
import { isPublished } from "../rename";
import { type FieldPlace, fieldAt, usesOf } from "../usage";

type DeleteFieldProps = { readonly formKey: string; readonly place: FieldPlace; readonly onDeleted: () => void };

export function DeleteField({ formKey, place, onDeleted }: DeleteFieldProps): JSX.Element | null {
  const { t } = useTexts("designer.form");
  const { store, labels } = useDesign();
  const published = usePublished();
  const document = useDocument();
  const [isAsking, setAsking] = useState(false);
  const field = fieldAt(document, place);
  if (!field || field.locked) return null;
  const uses = isAsking ? usesOf(document, place) : [];
  const isBlocked = uses.some((use) => !use.removable);
  const name = label(field.name, labels, field.key);
  return (
    <div className="danger-zone">
      <Button look="danger" icon="trash" onClick={() => setAsking(true)}>
        {t("delete-field")}
      </Button>
      {isAsking ? (
        <Dialog
          role="alertdialog"
          title={t("delete-field.title", { name })}
          onClose={() => setAsking(false)}
          footer={
            <>
              <Button onClick={() => setAsking(false)}>{t("cancel")}</Button>
              <Button
                look="danger"
                disabled={isBlocked}
                onClick={() => {
                  const { selection } = store.getState();
                  const made = deleteField(document, formKey, place, uses, selection);
                  setAsking(false);
                  if (store.getState().execute(made.gesture, made.selection) === null) onDeleted();
                }}
              >
                {t("delete-field.confirm")}
              </Button>
            </>
          }
        >
          <p>{isBlocked ? t("delete-field.blocked") : isPublished(published, place) ? t("delete-field.published") : t("delete-field.draft")}</p>
          {uses.length === 0 ? null : (
            <ul className="use-list">
              {uses.map((use) => (
                <li key={`${use.kind}:${use.pointer}`} data-blocks={!use.removable || undefined}>
                  <span className="use-kind">{t(`use.${use.kind}`)}</span> {describe(document, use.pointer, labels)}
                </li>
              ))}
            </ul>
          )}
        </Dialog>
      ) : null}
    </div>
  );
}
