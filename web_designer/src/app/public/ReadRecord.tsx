/** The record of a public link, as its form shows it: to read and to print. */
import { useMemo, type JSX } from "react";
import { useTranslation } from "react-i18next";
import type { RecordJson } from "@/shared/api/records";
import { PHONE, useMedia } from "@/shared/hooks/useMedia";
import { FormModel } from "@/shared/renderer/formModel";
import { FormView } from "@/shared/renderer/FormView";
import { entityOf, formOf, zoneOf, type EntityModel } from "@/shared/renderer/types";
import { Button } from "@/shared/ui/Button";
import type { Opened } from "./linkClient";

export function ReadRecord({ opened, entity, record }: { readonly opened: Opened; readonly entity: EntityModel; readonly record: RecordJson }): JSX.Element {
  const { t, i18n } = useTranslation("open");
  const isCompact = useMedia(PHONE);
  const model = opened.model;
  const store = useMemo(
    () => new FormModel({ entity, entities: (key) => entityOf(model, key), record, user: null, now: new Date(), zone: zoneOf(model) }),
    [entity, model, record],
  );
  return (
    <>
      <FormView model={model} entity={entity} form={formOf(model, entity, opened.form)} mode="view" language={i18n.language} isCompact={isCompact} store={store} isOutside />
      <div className="open-acts">
        <Button onClick={() => window.print()}>{t("print")}</Button>
      </div>
    </>
  );
}
