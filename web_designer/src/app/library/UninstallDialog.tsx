/** Asks for the key of an app before it is removed for good, having said what goes with it. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type JSX } from "react";
import { useTranslation } from "react-i18next";
import { useApi } from "@/shared/api/context";
import { keys } from "@/shared/api/model";
import { label } from "@/shared/i18n/label";
import { Button } from "@/shared/ui/Button";
import { Dialog } from "@/shared/ui/Dialog";
import { Failed, Loading } from "@/shared/ui/States";
import { useToast } from "@/shared/ui/Toasts";
import { ProblemNotice } from "./ProblemList";
import { libraryKeys, readLeaving, uninstallApp, type Leaving } from "./libraryApi";

export function UninstallDialog({ app, onClose, onGone }: { readonly app: string; readonly onClose: () => void; readonly onGone: () => void }): JSX.Element {
  const { t, i18n } = useTranslation("library");
  const api = useApi();
  const client = useQueryClient();
  const toast = useToast();
  const leaving = useQuery({ queryKey: libraryKeys.leaving(app), queryFn: () => readLeaving(api, app), gcTime: 0 });
  const [typed, setTyped] = useState("");
  const [isBusy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<unknown>(null);
  const name = label(leaving.data?.name, i18n.language, app);
  const uninstall = async (): Promise<void> => {
    if (typed !== app || isBusy) return;
    setBusy(true);
    setRefusal(null);
    try {
      await uninstallApp(api, app, typed);
      toast(t("uninstalled", { name }));
      for (const key of [keys.apps, keys.library, keys.session]) await client.invalidateQueries({ queryKey: key });
      onGone();
    } catch (problem) {
      setRefusal(problem);
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={t("uninstallTitle", { name })}
      role="alertdialog"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t("common:cancel")}</Button>
          <Button look="danger" isBusy={isBusy} disabled={typed !== app} onClick={() => void uninstall()}>
            {t("uninstall")}
          </Button>
        </>
      }
    >
      {refusal === null ? null : <ProblemNotice error={refusal} />}
      {leaving.isError ? <Failed error={leaving.error} /> : leaving.data === undefined ? <Loading /> : <Going leaving={leaving.data} />}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void uninstall();
        }}
      >
        <label className="library-typed">
          <span>{t("typeKey", { app })}</span>
          <input className="input" value={typed} autoComplete="off" spellCheck={false} onChange={(event) => setTyped(event.target.value)} />
        </label>
      </form>
    </Dialog>
  );
}

function Going({ leaving }: { readonly leaving: Leaving }): JSX.Element {
  const { t, i18n } = useTranslation("library");
  const filled = leaving.entities.filter((one) => one.records > 0);
  return (
    <>
      <p>{t("goes", { records: leaving.records, versions: leaving.versions, roles: leaving.roles, people: leaving.people, files: leaving.files })}</p>
      {filled.length === 0 ? null : (
        <ul className="library-counts">
          {filled.map((one) => (
            <li key={one.key}>
              {label(one.name, i18n.language, one.key)}: {one.records}
            </li>
          ))}
        </ul>
      )}
      <p>{t("noWayBack")}</p>
    </>
  );
}
