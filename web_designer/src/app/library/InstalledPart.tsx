/** What can be done with an installed app as a whole: its demo data taken out or put in, and the app uninstalled. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type JSX } from "react";
import { useTranslation } from "react-i18next";
import { useApi } from "@/shared/api/context";
import { label } from "@/shared/i18n/label";
import { Button } from "@/shared/ui/Button";
import { Confirm } from "@/shared/ui/Dialog";
import { Notice } from "@/shared/ui/Notice";
import { useToast } from "@/shared/ui/Toasts";
import { ProblemNotice } from "./ProblemList";
import { UninstallDialog } from "./UninstallDialog";
import { addRecords, clearRecords, libraryKeys, readStandings, type Cleared } from "./libraryApi";

export function InstalledPart({ app, onGone }: { readonly app: string; readonly onGone: () => void }): JSX.Element {
  const { t } = useTranslation("library");
  const [isLeaving, setLeaving] = useState(false);
  return (
    <section className="library-installed">
      <h2 className="library-head">{t("app")}</h2>
      <DemoData app={app} />
      <div className="library-row">
        <span>{t("uninstallHelp")}</span>
        <Button onClick={() => setLeaving(true)}>{t("uninstall")}</Button>
      </div>
      {isLeaving ? <UninstallDialog app={app} onClose={() => setLeaving(false)} onGone={onGone} /> : null}
    </section>
  );
}

function DemoData({ app }: { readonly app: string }): JSX.Element | null {
  const { t, i18n } = useTranslation("library");
  const api = useApi();
  const client = useQueryClient();
  const toast = useToast();
  const standings = useQuery({ queryKey: libraryKeys.standings(app), queryFn: () => readStandings(api, app), gcTime: 0 });
  const [isAsking, setAsking] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [cleared, setCleared] = useState<Cleared | null>(null);
  const [refusal, setRefusal] = useState<unknown>(null);
  const demo = standings.data?.demo;
  if (demo === undefined || demo.count === 0) return null;
  const carryOut = async (work: () => Promise<void>): Promise<void> => {
    setBusy(true);
    setAsking(false);
    setRefusal(null);
    setCleared(null);
    try {
      await work();
    } catch (problem) {
      setRefusal(problem);
    }
    await client.invalidateQueries({ queryKey: libraryKeys.standings(app) });
    setBusy(false);
  };
  const remove = async (): Promise<void> => setCleared(await clearRecords(api, app, "demo"));
  const add = async (): Promise<void> => {
    const { added } = await addRecords(api, app, "demo");
    toast(t("demoAdded", { count: added }));
  };
  return (
    <>
      <div className="library-row">
        <span>{t("demoThere", { there: demo.there, count: demo.count })}</span>
        <span className="library-acts">
          {demo.there < demo.count ? (
            <Button isBusy={isBusy} onClick={() => void carryOut(add)}>
              {t("demoAdd")}
            </Button>
          ) : null}
          {demo.there > 0 ? (
            <Button isBusy={isBusy} onClick={() => setAsking(true)}>
              {t("demoRemove")}
            </Button>
          ) : null}
        </span>
      </div>
      {refusal === null ? null : <ProblemNotice error={refusal} />}
      {cleared === null ? null : (
        <Notice look={cleared.kept.length === 0 ? "info" : "warning"}>
          {t("demoRemoved", { count: cleared.removed.reduce((sum, one) => sum + one.count, 0) })}
          {cleared.kept.length === 0 ? null : (
            <>
              {" "}
              {t("demoKept", { count: cleared.kept.length })}
              <ul className="library-problems">
                {cleared.kept.slice(0, 50).map((one) => (
                  <li key={one.id}>
                    {one.title || one.key}: {label(one.reason, i18n.language)}
                  </li>
                ))}
              </ul>
            </>
          )}
        </Notice>
      )}
      {isAsking ? (
        <Confirm title={t("demoRemove")} confirmText={t("demoRemove")} isDanger onConfirm={() => void carryOut(remove)} onClose={() => setAsking(false)}>
          <p>{t("demoRemoveHelp")}</p>
        </Confirm>
      ) : null}
    </>
  );
}
