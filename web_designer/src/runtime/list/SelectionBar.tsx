/** What can be done with the selected records: changed, deleted, each as one step that can be undone. */
import { useState, type JSX } from "react";
import { useTranslation } from "react-i18next";
import { useApi } from "@/shared/api/context";
import { newId } from "@/shared/format/ids";
import { showCount } from "@/shared/format/numbers";
import type { EntityModel } from "@/shared/renderer/types";
import { Button } from "@/shared/ui/Button";
import { Confirm } from "@/shared/ui/Dialog";
import { problemText } from "@/shared/ui/States";
import { useToast } from "@/shared/ui/Toasts";
import { changeMany, refusalsOf, undoChangeSet, type BulkAnswer, type BulkRefusal, type Chosen, type Deed } from "../changes/changesApi";
import { BulkEditDialog } from "./BulkEditDialog";
import { RefusalsDialog } from "./RefusalsDialog";

export interface SelectionBarProps {
  readonly app: string;
  readonly entity: EntityModel;
  readonly chosen: Chosen;
  /** How many records are selected; null when that is not known exactly. */
  readonly count: number | null;
  /** How many match in all, and whether all of them are selected. */
  readonly total: number | null;
  readonly isAll: boolean;
  readonly titleOf: (id: string) => string;
  readonly onAll: () => void;
  readonly onClear: () => void;
  readonly onChanged: () => void;
}

export function SelectionBar(props: SelectionBarProps): JSX.Element {
  const { t, i18n } = useTranslation("changes");
  const api = useApi();
  const toast = useToast();
  const [step, setStep] = useState<"none" | "edit" | "delete">("none");
  const [isBusy, setBusy] = useState(false);
  const [refusals, setRefusals] = useState<readonly BulkRefusal[]>([]);
  const { app, entity, chosen } = props;
  const shown = props.count === null ? t("many") : showCount(props.count, i18n.language);

  const undo = (answer: BulkAnswer): void => {
    undoChangeSet(api, app, answer.change_set, "skip").then(
      (undone) => {
        toast(t("undone", { count: undone.undone }));
        props.onChanged();
      },
      (error: unknown) => toast(problemText(error, t), "failed"),
    );
  };
  const run = async (deed: Deed): Promise<void> => {
    setBusy(true);
    try {
      const answer = await changeMany(api, app, entity.key, chosen, deed, newId());
      const done = t(deed.action === "delete" ? "deleted" : "changed", { count: answer.saved });
      if (answer.saved > 0) toast(done, "done", { text: t("undo"), onPick: () => undo(answer) });
      setRefusals(refusalsOf(answer));
      setStep("none");
      if (answer.refused === 0) props.onClear();
      props.onChanged();
    } catch (error) {
      toast(problemText(error, t), "failed");
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="selection-bar" role="region" aria-label={t("selection")}>
      <span className="selection-count" role="status">
        {props.isAll ? t("allSelected", { shown }) : t("selected", { count: props.count ?? 0, shown })}
      </span>
      {props.isAll || props.total === null || props.count === null || props.total <= props.count ? null : (
        <Button look="text" onClick={props.onAll}>
          {t("takeAll", { shown: showCount(props.total, i18n.language) })}
        </Button>
      )}
      <span className="selection-acts">
        {entity.actions.includes("update") ? (
          <Button icon="edit" onClick={() => setStep("edit")}>
            {t("edit")}
          </Button>
        ) : null}
        {entity.actions.includes("delete") ? (
          <Button icon="trash" onClick={() => setStep("delete")}>
            {t("delete")}
          </Button>
        ) : null}
        <Button look="text" icon="close" aria-label={t("clear")} title={t("clear")} onClick={props.onClear} />
      </span>
      {step === "edit" ? <BulkEditDialog entity={entity} shown={shown} isBusy={isBusy} onClose={() => setStep("none")} onRun={(deed) => void run(deed)} /> : null}
      {step === "delete" ? (
        <Confirm title={t("deleteTitle", { shown })} confirmText={t("delete")} isDanger isBusy={isBusy} onConfirm={() => void run({ action: "delete" })} onClose={() => setStep("none")}>
          <p>{t("deleteText")}</p>
        </Confirm>
      ) : null}
      {refusals.length > 0 ? <RefusalsDialog app={app} entity={entity.key} refusals={refusals} titleOf={props.titleOf} onClose={() => setRefusals([])} /> : null}
    </div>
  );
}
