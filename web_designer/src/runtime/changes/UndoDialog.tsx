/** Shows what undoing a change set would do to each record, asks what happens to what was changed since, and undoes it. */
import { useQuery } from "@tanstack/react-query";
import { useState, type JSX } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useApi } from "@/shared/api/context";
import { useModel } from "@/shared/api/model";
import { label } from "@/shared/i18n/label";
import { entityOf } from "@/shared/renderer/types";
import { Button } from "@/shared/ui/Button";
import { Dialog } from "@/shared/ui/Dialog";
import { Notice } from "@/shared/ui/Notice";
import { Failed, Loading, problemText } from "@/shared/ui/States";
import { useToast } from "@/shared/ui/Toasts";
import { readChangeSet, undoChangeSet, type ChangedSince, type UndoAnswer, type Undoing } from "./changesApi";

export interface UndoDialogProps {
  readonly app: string;
  readonly changeSet: string;
  readonly onClose: () => void;
  readonly onUndone: () => void;
}

const POLICIES: readonly ChangedSince[] = ["skip", "overwrite", "refuse"];

export function UndoDialog({ app, changeSet, onClose, onUndone }: UndoDialogProps): JSX.Element {
  const { t } = useTranslation("changes");
  const api = useApi();
  const toast = useToast();
  const [policy, setPolicy] = useState<ChangedSince>("skip");
  const [isBusy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState("");
  const [undone, setUndone] = useState<UndoAnswer | null>(null);
  const detail = useQuery({ queryKey: ["change-set", app, changeSet], queryFn: ({ signal }) => readChangeSet(api, app, changeSet, signal), gcTime: 0 });
  const isTouched = detail.data?.records.some((one) => one.is_changed_since) ?? false;
  const run = async (): Promise<void> => {
    setBusy(true);
    setRefusal("");
    try {
      const answer = await undoChangeSet(api, app, changeSet, policy);
      toast(t("undone", { count: answer.undone }));
      onUndone();
      if (answer.left_count === 0) onClose();
      else setUndone(answer);
    } catch (error) {
      setRefusal(problemText(error, t));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={undone === null ? t("undoTitle", { count: detail.data?.record_count ?? 0 }) : t("leftTitle", { count: undone.left_count })}
      onClose={onClose}
      footer={
        undone === null ? (
          <>
            <Button onClick={onClose}>{t("common:cancel")}</Button>
            <Button look="primary" icon="undo" isBusy={isBusy} disabled={detail.data === undefined} onClick={() => void run()}>
              {t("undo")}
            </Button>
          </>
        ) : (
          <Button look="primary" data-first="" onClick={onClose}>
            {t("close")}
          </Button>
        )
      }
    >
      {detail.isPending ? <Loading /> : null}
      {detail.isError ? <Failed error={detail.error} onRetry={() => void detail.refetch()} /> : null}
      {refusal === "" ? null : <Notice look="warning">{refusal}</Notice>}
      {undone === null && isTouched ? (
        <fieldset className="undo-policy">
          <legend>{t("changedSince")}</legend>
          {POLICIES.map((one) => (
            <label key={one}>
              <input type="radio" name="undo-policy" checked={policy === one} onChange={() => setPolicy(one)} />
              {t(`policy.${one}`)}
            </label>
          ))}
        </fieldset>
      ) : null}
      <ul className="undo-records">
        {(undone === null ? (detail.data?.records ?? []) : undone.left).map((one) => (
          <Record key={one.entity + one.id} app={app} one={one} isDone={undone !== null} />
        ))}
      </ul>
      {undone === null && detail.data !== undefined && detail.data.record_count > detail.data.records.length ? <p>{t("undoMore", { count: detail.data.record_count - detail.data.records.length })}</p> : null}
    </Dialog>
  );
}

function Record({ app, one, isDone }: { readonly app: string; readonly one: Undoing; readonly isDone: boolean }): JSX.Element {
  const { t, i18n } = useTranslation("changes");
  const model = useModel();
  const entity = entityOf(model, one.entity);
  const kept = one.kept.map((key) => label(entity?.fields.find((field) => field.key === key)?.name, i18n.language, key)).join(t("comma"));
  const title = one.title === "" ? one.id.slice(0, 8) : one.title;
  return (
    <li>
      <span className="changes-what">
        {one.deed === "revert" && !one.is_gone ? <Link to={`/apps/${app}/records/${one.entity}/${one.id}`}>{title}</Link> : <strong>{title}</strong>}
        <span className="changes-when">{label(entity?.name, i18n.language, one.entity)}</span>
      </span>
      <span>{one.is_gone ? t(one.deed === "restore" ? "notInTrash" : "gone") : isDone && one.errors.length === 0 ? t("stays") : t(`deed.${one.deed}`)}</span>
      {one.is_changed_since ? <span className="undo-since">{kept === "" ? t("since") : t("sinceFields", { fields: kept })}</span> : null}
      {one.errors.map((error) => (
        <span key={error.code} className="undo-since">
          {error.detail}
        </span>
      ))}
    </li>
  );
}
