/** The page on which an app is upgraded: the packages it is made of, what a newer version would change, and the way into the draft. */
import { useQuery } from "@tanstack/react-query";
import { type JSX, useState } from "react";
import { useParams, useSearchParams } from "react-router";
import { useApi, useSession } from "@/shared/api/context";
import { showInstant } from "@/shared/format/times";
import { label } from "@/shared/i18n/label";
import { Button, ButtonLink } from "@/shared/ui/Button";
import { Loading } from "@/shared/ui/States";
import { Tag } from "@/shared/ui/Tag";
import { NotOpened } from "../core/NotOpened";
import { ToPublish } from "../core/ToPublish";
import { useTexts } from "../core/useTexts";
import { AddPackage } from "./AddPackage";
import { Origins } from "./Origins";
import { PlannedUpgrade } from "./PlannedUpgrade";
import { type PackageStand, readStands } from "./upgradeApi";
import "../designer.css";
import "../publish/publish.css";
import "./upgrade.css";

export default function UpgradePage(): JSX.Element {
  const { app = "" } = useParams();
  const api = useApi();
  const found = useQuery({ queryKey: ["design", app, "upgrade"], queryFn: () => readStands(api, app), gcTime: 0 });
  if (found.isError) return <NotOpened app={app} error={found.error} onRetry={() => void found.refetch()} />;
  if (found.isPending) return <Loading />;
  return <Upgrades key={app} app={app} stands={found.data} />;
}

function Upgrades({ app, stands }: { readonly app: string; readonly stands: readonly PackageStand[] }): JSX.Element {
  const { t, language } = useTexts("designer.upgrade");
  const session = useSession();
  const [asked] = useSearchParams();
  const newer = stands.filter((stand) => stand.newest !== null && stand.newest !== stand.draft_version);
  const first = newer.find((stand) => stand.package === asked.get("package")) ?? (newer.length === 1 ? newer[0] : undefined);
  const [chosen, setChosen] = useState(first?.package ?? null);
  const [leaving, setLeaving] = useState<string | null>(null);
  const stand = newer.find((one) => one.package === chosen);
  const going = stands.find((one) => one.package === leaving);
  const mayRemove = (one: PackageStand): boolean => session.may.includes("install") && one.package !== app && !one.leaves;
  const own = stands.find((one) => one.package === app);
  return (
    <div className="publish-page">
      <div className="publish">
        <header className="publish-head">
          <h1>{t("title", { app: label(own?.name, language, app) })}</h1>
          <ToPublish app={app}>{t("to-publish")}</ToPublish>
          <ButtonLink to={`/apps/${app}`}>{t("to-app")}</ButtonLink>
        </header>
        <section className="publish-part" aria-labelledby="packages-title">
          <h2 id="packages-title">{t("packages")}</h2>
          <ul className="upgrade-stands">
            {stands.map((one) => (
              <Stand
                key={one.package}
                stand={one}
                isChosen={one.package === chosen && leaving === null}
                onChoose={() => {
                  setChosen(one.package);
                  setLeaving(null);
                }}
                isLeaving={one.package === leaving}
                onLeave={mayRemove(one) ? () => setLeaving(one.package) : null}
              />
            ))}
          </ul>
        </section>
        {going ? <PlannedUpgrade key={going.package} app={app} act="packages/removal" package={going.package} version={going.version} /> : null}
        {going === undefined && stand?.newest ? <PlannedUpgrade key={`${stand.package} ${stand.newest}`} app={app} act="upgrade" package={stand.package} version={stand.newest} /> : null}
        {session.may.includes("install") && own !== undefined ? <AddPackage app={app} there={stands.map((one) => one.package)} /> : null}
        <Origins app={app} />
      </div>
    </div>
  );
}

interface StandProps {
  readonly stand: PackageStand;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
  readonly isLeaving: boolean;
  /** Null where the package is not to be taken out by this person. */
  readonly onLeave: (() => void) | null;
}

function Stand({ stand, isChosen, onChoose, isLeaving, onLeave }: StandProps): JSX.Element {
  const { t, language } = useTexts("designer.upgrade");
  const { time_zone: zone } = useSession();
  return (
    <li className="upgrade-stand">
      <span className="upgrade-stand-text">
        <strong>{label(stand.name, language, stand.package)}</strong>
        <span className="upgrade-stand-when">{t("installed", { version: stand.version, when: showInstant(stand.installed_at, language, zone) })}</span>
      </span>
      {stand.leaves ? <Tag color="orange">{t("leaves")}</Tag> : null}
      {stand.draft_version === null ? null : <Tag color="blue">{t("in-draft", { version: stand.draft_version })}</Tag>}
      {stand.newest === null ? <Tag color="green">{t("newest")}</Tag> : <Tag color="orange">{t("available", { version: stand.newest })}</Tag>}
      {stand.newest === null || stand.newest === stand.draft_version ? null : (
        <Button aria-pressed={isChosen} onClick={onChoose}>
          {t("look")}
        </Button>
      )}
      {onLeave === null || stand.required_by.length > 0 ? null : (
        <Button aria-pressed={isLeaving} onClick={onLeave}>
          {t("remove")}
        </Button>
      )}
      {onLeave === null || stand.required_by.length === 0 ? null : (
        <span className="upgrade-stand-when">{t("required-by", { packages: stand.required_by.join(", ") })}</span>
      )}
    </li>
  );
}
