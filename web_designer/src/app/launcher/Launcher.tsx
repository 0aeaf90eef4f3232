/** The first page after signing in: the apps one may use. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, type JSX } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useApi, useSession } from "@/shared/api/context";
import { keys } from "@/shared/api/model";
import { readApps } from "@/shared/api/platform";
import { label } from "@/shared/i18n/label";
import { ButtonLink } from "@/shared/ui/Button";
import { Empty, Failed, Loading } from "@/shared/ui/States";
import { AppMark } from "../shell/AppMark";
import "./launcher.css";

export default function Launcher(): JSX.Element {
  const { t, i18n } = useTranslation("launcher");
  const api = useApi();
  const session = useSession();
  const apps = useQuery({ queryKey: keys.apps, queryFn: () => readApps(api), staleTime: 60_000 });
  const canInstall = session.may.includes("install");
  useEffect(() => {
    document.title = t("title");
  }, [t]);
  if (apps.isPending) return <Loading />;
  if (apps.isError) return <Failed error={apps.error} onRetry={() => void apps.refetch()} />;
  const library = canInstall ? (
    <ButtonLink icon="library" to="/library">
      {t("library")}
    </ButtonLink>
  ) : null;
  return (
    <div className="page page-apps">
      <header className="page-head">
        <div className="page-title">
          <h1>{t("title")}</h1>
          <span className="page-kind">{t("hello", { name: session.user.name })}</span>
        </div>
        <div className="page-acts">{library}</div>
      </header>
      {apps.data.length === 0 ? (
        <Empty icon="apps" title={t("none")}>
          <p className="state-quiet">{canInstall ? t("noneInstall") : t("noneAsk")}</p>
          {library}
        </Empty>
      ) : (
        <ul className="tiles">
          {apps.data.map((app) => (
            <li key={app.key}>
              <Link className="tile" to={`/apps/${app.key}`}>
                <AppMark icon={app.icon} name={app.key} size={44} />
                <span className="tile-text">
                  <strong>{label(app.name, i18n.language, app.key)}</strong>
                  <span>{label(app.description, i18n.language)}</span>
                </span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
