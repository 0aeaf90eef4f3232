/** What became of an import: how many records are written, and the way to them, to undoing it, and to another. */
import { useState, type JSX, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useApi } from "@/shared/api/context";
import { undoChangeSet, type ImportState } from "@/shared/api/imports";
import { useModel } from "@/shared/api/model";
import { showCount } from "@/shared/format/numbers";
import { Button, ButtonLink } from "@/shared/ui/Button";
import { Confirm } from "@/shared/ui/Dialog";
import { Notice } from "@/shared/ui/Notice";
import { Empty, problemText } from "@/shared/ui/States";

export function Done({ found, app, again }: { readonly found: ImportState; readonly app: string; readonly again: ReactNode }): JSX.Element {
  const { t, i18n } = useTranslation("import");
  const api = useApi();
  const model = useModel();
  const [isAsking, setAsking] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [said, setSaid] = useState<{ readonly look: "info" | "warning" | "error"; readonly text: string } | null>(null);
  const [isUndone, setUndone] = useState(false);
  const view = model.views.find((one) => one.entity === found.mapping.entity);
  const show = (count: number): string => showCount(count, i18n.language);
  const undo = async (): Promise<void> => {
    setBusy(true);
    try {
      const answer = await undoChangeSet(api, app, found.change_set);
      setUndone(true);
      setSaid({
        look: answer.left_count > 0 ? "warning" : "info",
        text: `${t("undone", { count: answer.undone, shown: show(answer.undone) })}${answer.left_count > 0 ? ` ${t("undoLeft", { count: answer.left_count, shown: show(answer.left_count) })}` : ""}`,
      });
    } catch (problem) {
      setSaid({ look: "error", text: problemText(problem, t) });
    }
    setBusy(false);
    setAsking(false);
  };
  return (
    <section className="import-part">
      {said === null ? null : <Notice look={said.look}>{said.text}</Notice>}
      <Empty icon={found.state === "done" ? "check" : "warning"} title={t(`end.${found.state}`, { count: found.written, shown: show(found.written) })}>
        <div className="import-acts">
          {view === undefined ? null : (
            <ButtonLink look="primary" icon="list" to={`/apps/${app}/views/${view.key}`}>
              {t("toList")}
            </ButtonLink>
          )}
          {found.written > 0 && !isUndone ? (
            <Button icon="undo" onClick={() => setAsking(true)}>
              {t("undo")}
            </Button>
          ) : null}
          {again}
        </div>
      </Empty>
      {isAsking ? (
        <Confirm title={t("undoTitle", { count: found.written, shown: show(found.written) })} confirmText={t("undo")} isDanger isBusy={isBusy} onConfirm={() => void undo()} onClose={() => setAsking(false)}>
          {t("undoHelp")}
        </Confirm>
      ) : null}
    </section>
  );
}
