/** The library of packages: what can be installed, with or without demo data. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState, type JSX } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { useApi, useSession } from "@/shared/api/context";
import { keys } from "@/shared/api/model";
import { installPackage, readLibrary, type PackageSummary } from "@/shared/api/platform";
import { Problem } from "@/shared/api/problem";
import { label } from "@/shared/i18n/label";
import { Button } from "@/shared/ui/Button";
import { Dialog } from "@/shared/ui/Dialog";
import { Notice } from "@/shared/ui/Notice";
import { Empty, Failed, Loading, problemTitle } from "@/shared/ui/States";
import { Tag } from "@/shared/ui/Tag";
import { useToast } from "@/shared/ui/Toasts";
import { AppMark } from "../shell/AppMark";
import "../launcher/launcher.css";

export default function Library(): JSX.Element {
  const { t, i18n } = useTranslation("launcher");
  const api = useApi();
  const session = useSession();
  const packages = useQuery({ queryKey: keys.library, queryFn: () => readLibrary(api), enabled: session.may.includes("install") });
  const [chosen, setChosen] = useState<PackageSummary | null>(null);
  useEffect(() => {
    document.title = t("library");
  }, [t]);
  if (!session.may.includes("install")) return <Empty icon="warning" title={t("mayNotInstall")} />;
  if (packages.isPending) return <Loading />;
  if (packages.isError) return <Failed error={packages.error} onRetry={() => void packages.refetch()} />;
  return (
    <div className="page page-apps">
      <header className="page-head">
        <div className="page-title">
          <h1>{t("library")}</h1>
          <span className="page-kind">{t("libraryHelp")}</span>
        </div>
      </header>
      <ul className="tiles">
        {packages.data.map((one) => (
          <li key={one.key} className="tile tile-package">
            <AppMark icon={one.icon} name={one.key} size={44} />
            <span className="tile-text">
              <strong>{label(one.name, i18n.language, one.key)}</strong>
              <span>{label(one.description, i18n.language)}</span>
              <span className="tile-note">{t("version", { version: one.version })}</span>
            </span>
            {one.installed ? (
              <span className="tile-act">
                <Tag color="green">{t("installed")}</Tag>
                <Link className="link" to={`/apps/${one.key}`}>
                  {t("open")}
                </Link>
              </span>
            ) : (
              <Button className="tile-act" onClick={() => setChosen(one)}>
                {t("install")}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {chosen === null ? null : <InstallDialog chosen={chosen} onClose={() => setChosen(null)} />}
    </div>
  );
}

function InstallDialog({ chosen, onClose }: { readonly chosen: PackageSummary; readonly onClose: () => void }): JSX.Element {
  const { t, i18n } = useTranslation("launcher");
  const api = useApi();
  const client = useQueryClient();
  const navigate = useNavigate();
  const toast = useToast();
  const [hasDemo, setDemo] = useState(true);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const name = label(chosen.name, i18n.language, chosen.key);
  const install = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      const { key } = await installPackage(api, chosen.key, hasDemo);
      toast(t("installDone", { name }));
      await client.invalidateQueries({ queryKey: keys.apps });
      await client.invalidateQueries({ queryKey: keys.library, refetchType: "none" });
      await client.invalidateQueries({ queryKey: keys.session });
      await navigate(`/apps/${key}`);
    } catch (problem) {
      const details = problem instanceof Problem ? [problem.detail, ...problem.errors.map((one) => one.detail)].filter(Boolean).join(" ") : "";
      setError(details || problemTitle(problem, t));
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={t("installTitle", { name })}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose} disabled={isBusy}>
            {t("common:cancel")}
          </Button>
          <Button look="primary" isBusy={isBusy} onClick={() => void install()}>
            {t("install")}
          </Button>
        </>
      }
    >
      {error === null ? null : <Notice look="error">{error}</Notice>}
      <p>{label(chosen.description, i18n.language)}</p>
      <label className="check">
        <input type="checkbox" checked={hasDemo} onChange={(event) => setDemo(event.target.checked)} /> <span>{t("withDemo")}</span>
      </label>
    </Dialog>
  );
}
