/** What can be done with the selected records: changed, moved to another state, deleted, each as one step that can be undone. */
import { useState, type JSX } from "react";
import { useTranslation } from "react-i18next";
import { useApi } from "@/shared/api/context";
import { newId } from "@/shared/format/ids";
import { showCount } from "@/shared/format/numbers";
import { label } from "@/shared/i18n/label";
import type { EntityModel } from "@/shared/renderer/types";
import { Button } from "@/shared/ui/Button";
import { Confirm } from "@/shared/ui/Dialog";
import { problemText } from "@/shared/ui/States";
import { useToast } from "@/shared/ui/Toasts";
import { changeMany, refusalsOf, undoChangeSet, warnedOf, type BulkAnswer, type BulkRefusal, type Chosen, type Deed } from "../changes/changesApi";
import { BulkTransitions } from "./BulkTransitions";
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

/** What was to be done to records that stayed as they were. isPart: others were changed. */
interface Refused {
  readonly deed: Deed;
  readonly refusals: readonly BulkRefusal[];
  readonly isPart: boolean;
}

export function SelectionBar(props: SelectionBarProps): JSX.Element {
  const { t, i18n } = useTranslation("changes");
  const api = useApi();
  const toast = useToast();
  const [step, setStep] = useState<"none" | "edit" | "delete">("none");
  const [isBusy, setBusy] = useState(false);
  const [refused, setRefused] = useState<Refused | null>(null);
  const [round, setRound] = useState(0);
  const { app, entity, chosen } = props;
  // Of how many is not known: more than one.
  const count = props.count ?? 2;
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
  const doneText = (deed: Deed, saved: number): string => {
    if (deed.action !== "move") return t(deed.action === "delete" ? "deleted" : "changed", { count: saved });
    const transition = entity.states?.transitions.find((one) => one.key === deed.transition);
    return t("moved", { name: label(transition?.name, i18n.language, deed.transition), count: saved });
  };
  const run = async (deed: Deed, which = chosen, isConfirmed = false): Promise<void> => {
    setBusy(true);
    try {
      const answer = await changeMany(api, app, entity.key, which, deed, newId(), isConfirmed);
      if (answer.saved > 0) toast(doneText(deed, answer.saved), "done", { text: t("undo"), onPick: () => undo(answer) });
      setRefused(answer.refused === 0 ? null : { deed, refusals: refusalsOf(answer), isPart: answer.saved > 0 });
      setRound((now) => now + 1);
      setStep("none");
      if (answer.refused === 0) props.onClear();
      props.onChanged();
    } catch (error) {
      toast(problemText(error, t), "failed");
    } finally {
      setBusy(false);
    }
  };
  const warned = warnedOf(refused?.refusals ?? []);
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
        {(entity.states?.transitions.length ?? 0) > 0 ? (
          <BulkTransitions
            app={app}
            entity={entity}
            chosen={chosen}
            count={count}
            shown={shown}
            isBusy={isBusy}
            round={round}
            onTake={(transition) => run({ action: "move", transition: transition.key })}
          />
        ) : null}
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
      {step === "edit" ? <BulkEditDialog entity={entity} count={count} shown={shown} isBusy={isBusy} onClose={() => setStep("none")} onRun={(deed) => void run(deed)} /> : null}
      {step === "delete" ? (
        <Confirm title={t("deleteTitle", { count, shown })} confirmText={t("delete")} isDanger isBusy={isBusy} onConfirm={() => void run({ action: "delete" })} onClose={() => setStep("none")}>
          <p>{t("deleteText")}</p>
        </Confirm>
      ) : null}
      {refused === null ? null : (
        <RefusalsDialog
          app={app}
          entity={entity.key}
          refusals={refused.refusals}
          isPart={refused.isPart}
          titleOf={props.titleOf}
          onClose={() => setRefused(null)}
          anyway={warned.length === 0 ? undefined : { count: warned.length, isBusy, onPick: () => void run(refused.deed, { ids: warned }, true) }}
        />
      )}
    </div>
  );
}
