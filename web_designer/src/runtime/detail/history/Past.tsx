/** The past of a record: its changes, or the record as it was at one revision of it, from which one may take values back. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo, useState, type JSX } from "react";
import { useTranslation } from "react-i18next";
import { useApi } from "@/shared/api/context";
import { keys, useModel } from "@/shared/api/model";
import { updateRecord, type RecordJson } from "@/shared/api/records";
import { newId } from "@/shared/format/ids";
import { showInstant } from "@/shared/format/times";
import { label } from "@/shared/i18n/label";
import { FormModel } from "@/shared/renderer/formModel";
import { FormView } from "@/shared/renderer/FormView";
import { entityOf, fieldOf, zoneOf, type EntityModel, type FormDefinition } from "@/shared/renderer/types";
import { Button } from "@/shared/ui/Button";
import { Confirm } from "@/shared/ui/Dialog";
import { Notice } from "@/shared/ui/Notice";
import { Failed, Loading, problemText } from "@/shared/ui/States";
import { useToast } from "@/shared/ui/Toasts";
import HistoryTab from "./HistoryTab";
import { readRevision } from "./historyApi";

export interface PastProps {
  readonly entity: EntityModel;
  readonly record: RecordJson;
  readonly form: FormDefinition;
  /** The revision to show; 0 shows the changes. */
  readonly revision: number;
  readonly isCompact: boolean;
  /** Shows a revision, null the changes again. */
  readonly onShow: (revision: number | null) => void;
}

/** A value of then that is to hold again. */
interface Taking {
  readonly field: string;
  readonly value: unknown;
}

export default function Past(props: PastProps): JSX.Element {
  const { entity, record, revision, onShow } = props;
  const { t, i18n } = useTranslation("history");
  const model = useModel();
  const api = useApi();
  const client = useQueryClient();
  const toast = useToast();
  const [taking, setTaking] = useState<Taking | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const name = taking === null ? "" : label(fieldOf(entity, taking.field)?.name, i18n.language, taking.field);
  const take = async (): Promise<void> => {
    if (taking === null) return;
    setBusy(true);
    setRefusal(null);
    try {
      await updateRecord(api, model.app, entity.key, record.id, { revision: record.revision, [taking.field]: taking.value }, newId());
      toast(t("taken", { name }));
      setTaking(null);
    } catch (error) {
      setRefusal(problemText(error, t));
    }
    setBusy(false);
    await client.invalidateQueries({ queryKey: keys.record(model.app, entity.key, record.id) });
  };
  if (revision > 0) return <Then {...props} />;
  return (
    <>
      <HistoryTab
        entity={entity}
        record={record}
        onShow={onShow}
        onTake={entity.actions.includes("update") ? (field, value) => setTaking({ field, value }) : undefined}
      />
      {taking === null ? null : (
        <Confirm title={t("takeTitle", { name })} confirmText={t("take")} isBusy={isBusy} onConfirm={() => void take()} onClose={() => setTaking(null)}>
          {refusal === null ? null : <Notice look="error">{refusal}</Notice>}
          <p>{t("takeText")}</p>
        </Confirm>
      )}
    </>
  );
}

function Then({ entity, record, form, revision, isCompact, onShow }: PastProps): JSX.Element {
  const { t, i18n } = useTranslation("history");
  const model = useModel();
  const api = useApi();
  const language = i18n.language;
  const found = useQuery({
    queryKey: [...keys.record(model.app, entity.key, record.id), "then", revision],
    queryFn: ({ signal }) => readRevision(api, model.app, entity.key, record.id, revision, signal),
  });
  const past = found.data;
  const store = useMemo(
    () => (past === undefined ? null : new FormModel({ entity, entities: (key) => entityOf(model, key), record: past, user: null, now: new Date(), zone: zoneOf(model) })),
    [entity, model, past],
  );
  const back = <Button onClick={() => onShow(null)}>{t("backToChanges")}</Button>;
  if (found.isError) {
    return (
      <>
        <Failed error={found.error} />
        {back}
      </>
    );
  }
  if (past === undefined || store === null) return <Loading />;
  const unknown = (past["unknown"] as readonly string[]).map((key) => label(fieldOf(entity, key)?.name, language, key));
  const when = typeof past["updated_at"] === "string" ? showInstant(past["updated_at"], language, zoneOf(model)) : "";
  return (
    <>
      <div className="history-then">
        <Notice look="warning">
          {t("then", { when, revision, who: past["updated_by__title"] ?? "" })}
          {unknown.length > 0 ? ` ${t("thenUnknown", { names: unknown.join(t("comma")) })}` : ""}
        </Notice>
        {back}
      </div>
      <FormView model={model} entity={entity} form={form} mode="view" language={language} isCompact={isCompact} store={store} />
    </>
  );
}
