/** Asks before going back to a version: what changes, what it means for data there is, what stands in the way, and a note. */
import { useQuery } from "@tanstack/react-query";
import { type JSX, useState } from "react";
import { useApi } from "@/shared/api/context";
import { Problem } from "@/shared/api/problem";
import { label } from "@/shared/i18n/label";
import { Button } from "@/shared/ui/Button";
import { Dialog } from "@/shared/ui/Dialog";
import { Notice } from "@/shared/ui/Notice";
import { Failed, Loading, problemTitle } from "@/shared/ui/States";
import type { DraftIssue } from "../core/store";
import { useTexts } from "../core/useTexts";
import { Differences } from "./Differences";
import { BROKEN, type RestorePlan, planRestore, restoreVersion } from "./versionApi";

type Props = {
  readonly app: string;
  readonly number: number;
  readonly onClose: () => void;
  /** Told the version that is in use now, null where the publish goes on in the background. */
  readonly onDone: (version: number | null) => void;
};

export function RestoreDialog({ app, number, onClose, onDone }: Props): JSX.Element {
  const { t } = useTexts("designer.versions");
  const api = useApi();
  const [leaveOut, setLeaveOut] = useState(false);
  const [note, setNote] = useState("");
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const found = useQuery({ queryKey: ["design", app, "restore", number, leaveOut], queryFn: () => planRestore(api, app, number, leaveOut), gcTime: 0, staleTime: 0 });
  const plan = found.data;
  const restore = async (revision: number): Promise<void> => {
    setBusy(true);
    setFailure(null);
    try {
      onDone((await restoreVersion(api, app, number, revision, note.trim(), leaveOut)).version);
    } catch (error) {
      setFailure(error);
      await found.refetch();
    }
    setBusy(false);
  };
  return (
    <Dialog
      title={t("restore.title", { number })}
      place="side"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose} data-first="">
            {t("cancel")}
          </Button>
          <Button look="primary" icon="undo" isBusy={isBusy} disabled={plan === undefined || plan.issues.length > 0} onClick={() => plan && void restore(plan.revision)}>
            {t("restore")}
          </Button>
        </>
      }
    >
      <div className="restore">
        <p>{t("restore.text", { number })}</p>
        {failure === null ? null : (
          <Notice look="error">
            {problemTitle(failure, t)}
            {failure instanceof Problem ? <Lines texts={failure.errors.map((error) => error.detail)} /> : null}
          </Notice>
        )}
        {found.isError ? <Failed error={found.error} onRetry={() => void found.refetch()} /> : null}
        {plan === undefined ? <Loading /> : <Plan app={app} number={number} plan={plan} leaveOut={leaveOut} onLeaveOut={setLeaveOut} />}
        <div className="prop">
          <label htmlFor="restore-note">{t("note")}</label>
          <textarea id="restore-note" className="input" rows={2} maxLength={1000} placeholder={t("restore.note", { number })} value={note} onChange={(event) => setNote(event.target.value)} />
        </div>
      </div>
    </Dialog>
  );
}

type PlanProps = { readonly app: string; readonly number: number; readonly plan: RestorePlan; readonly leaveOut: boolean; readonly onLeaveOut: (yes: boolean) => void };

function Plan({ app, number, plan, leaveOut, onLeaveOut }: PlanProps): JSX.Element {
  const { t } = useTexts("designer.versions");
  const canGoOn = leaveOut || (plan.issues.length > 0 && plan.issues.every((issue) => issue.code === BROKEN));
  return (
    <>
      {plan.draft_changes === 0 ? null : <Notice look="warning">{t("restore.draft", { count: plan.draft_changes })}</Notice>}
      {plan.issues.length === 0 ? null : (
        <Notice look="error">
          <h3>{t("restore.issues")}</h3>
          <Issues issues={plan.issues} />
        </Notice>
      )}
      {canGoOn ? (
        <label className="restore-leave-out">
          <input type="checkbox" checked={leaveOut} onChange={(event) => onLeaveOut(event.target.checked)} /> {t("restore.leave-out")}
        </label>
      ) : null}
      {plan.left_out.length === 0 ? null : (
        <Notice look="warning">
          <h3>{t("restore.left-out")}</h3>
          <Issues issues={plan.left_out} />
        </Notice>
      )}
      {plan.warnings.length === 0 ? null : (
        <Notice look="warning">
          <h3>{t("restore.warnings")}</h3>
          <Issues issues={plan.warnings} />
        </Notice>
      )}
      {plan.is_long ? <p className="design-hint">{t("restore.long")}</p> : null}
      <details className="restore-changes" open={plan.count <= 10}>
        <summary>{t("restore.changes", { count: plan.count })}</summary>
        <Differences app={app} from="active" to={String(number)} compared={plan} />
      </details>
      {plan.statements.length === 0 ? null : (
        <details className="publish-sql">
          <summary>{t("statements", { count: plan.statements.length })}</summary>
          <pre tabIndex={0}>{plan.statements.join(";\n\n")}</pre>
        </details>
      )}
    </>
  );
}

function Issues({ issues }: { readonly issues: readonly DraftIssue[] }): JSX.Element {
  const { language } = useTexts("designer.versions");
  return <Lines texts={issues.map((issue) => label(issue.message, language, issue.code))} />;
}

function Lines({ texts }: { readonly texts: readonly string[] }): JSX.Element {
  return (
    <ul className="publish-warnings">
      {texts.map((text) => (
        <li key={text}>{text}</li>
      ))}
    </ul>
  );
}
