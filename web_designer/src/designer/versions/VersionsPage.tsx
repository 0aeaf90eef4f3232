/** The page of an app's versions: what each changed, any two compared, the draft included, and the way back to an earlier one. */
import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { type JSX, useState } from "react";
import { useParams, useSearchParams } from "react-router";
import { useApi, useSession } from "@/shared/api/context";
import { showInstant } from "@/shared/format/times";
import { Button, ButtonLink } from "@/shared/ui/Button";
import { Notice } from "@/shared/ui/Notice";
import { Failed, Loading } from "@/shared/ui/States";
import { Tag } from "@/shared/ui/Tag";
import { NotOpened } from "../core/NotOpened";
import { ToPublish } from "../core/ToPublish";
import { useMay } from "../core/useMay";
import { useTexts } from "../core/useTexts";
import { UnderWay } from "../publish/UnderWay";
import { Differences } from "./Differences";
import { RestoreDialog } from "./RestoreDialog";
import { RetiredPart } from "./RetiredPart";
import { type Version, compareVersions, readVersionPage } from "./versionApi";
import "../designer.css";
import "../form/panel/panel.css";
import "../publish/publish.css";
import "./versions.css";

const DRAFT = "draft";

export default function VersionsPage(): JSX.Element {
  const { app = "" } = useParams();
  const { t } = useTexts("designer.versions");
  const api = useApi();
  const cache = useQueryClient();
  const [search, setSearch] = useSearchParams();
  const mayPublish = useMay(app, "publish");
  const [restored, setRestored] = useState<number | null>(null);
  const [back, setBack] = useState<number | null>(null);
  const found = useInfiniteQuery({
    queryKey: ["design", app, "version-pages"],
    queryFn: ({ pageParam }) => readVersionPage(api, app, pageParam),
    initialPageParam: null as number | null,
    getNextPageParam: (last) => (last.more ? (last.versions.at(-1)?.number ?? null) : null),
  });
  if (found.isError) return <NotOpened app={app} error={found.error} onRetry={() => void found.refetch()} />;
  if (found.isPending) return <Loading />;
  const versions = found.data.pages.flatMap((page) => page.versions);
  const active = versions.find((version) => version.active)?.number ?? versions[0]?.number ?? 1;
  const from = search.get("from") ?? String(active);
  const to = search.get("to") ?? DRAFT;
  const choose = (wanted: { from?: string; to?: string }): void => setSearch({ from, to, ...wanted }, { replace: true });
  const refresh = (): void => {
    for (const queryKey of [["design", app], ["model", app], ["apps"]]) void cache.invalidateQueries({ queryKey });
  };
  return (
    <div className="publish-page">
      <div className="publish">
        <header className="publish-head">
          <h1>{t("title")}</h1>
          <ButtonLink to={`/design/${app}/problems`}>{t("to-problems")}</ButtonLink>
          <ToPublish app={app}>{t("to-publish")}</ToPublish>
        </header>
        {restored === null ? null : <Notice look="info">{t("restored", { version: restored })}</Notice>}
        <UnderWay app={app} mayStop={mayPublish} onEnd={refresh} />
        <section className="publish-part" aria-labelledby="versions-title">
          <h2 id="versions-title">{t("versions")}</h2>
          {mayPublish ? null : <p className="design-hint">{t("may-not-restore")}</p>}
          <ol className="version-list">
            {versions.map((version, place) => (
              <Entry
                key={version.number}
                version={version}
                onCompare={() => {
                  choose({ from: String(versions[place + 1]?.number ?? version.number), to: String(version.number) });
                  document.getElementById("compare-title")?.scrollIntoView({ block: "start" });
                }}
                onRestore={mayPublish ? () => setBack(version.number) : null}
              />
            ))}
          </ol>
          {found.hasNextPage ? (
            <Button isBusy={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
              {t("older")}
            </Button>
          ) : null}
        </section>
        <section className="publish-part" aria-labelledby="compare-title">
          <h2 id="compare-title">{t("compare")}</h2>
          <div className="compare-sides">
            <Side label={t("from")} id="compare-from" value={from} versions={versions} onChange={(value) => choose({ from: value })} />
            <span aria-hidden="true">→</span>
            <Side label={t("to")} id="compare-to" value={to} versions={versions} onChange={(value) => choose({ to: value })} />
          </div>
          <Comparison key={`${from}:${to}`} app={app} from={from} to={to} />
        </section>
        <section className="publish-part" aria-labelledby="retired-title">
          <h2 id="retired-title">{t("retired")}</h2>
          {mayPublish ? <RetiredPart app={app} /> : <p className="design-hint">{t("may-not-purge")}</p>}
        </section>
        {back === null ? null : (
          <RestoreDialog
            app={app}
            number={back}
            onClose={() => setBack(null)}
            onDone={(version) => {
              setBack(null);
              setRestored(version);
              refresh();
            }}
          />
        )}
      </div>
    </div>
  );
}

type EntryProps = { readonly version: Version; readonly onCompare: () => void; readonly onRestore: (() => void) | null };

function Entry({ version, onCompare, onRestore }: EntryProps): JSX.Element {
  const { t, language } = useTexts("designer.versions");
  const { time_zone: zone } = useSession();
  const name = t("version", { number: version.number });
  return (
    <li value={version.number} className="version-entry">
      <div>
        <strong>{name}</strong> {version.active ? <Tag color="green">{t("active")}</Tag> : null}
        <span className="version-when">
          {showInstant(version.published_at, language, zone)} {version.author}
        </span>
        {version.note ? <p>{version.note}</p> : null}
      </div>
      <div className="version-acts">
        {version.number === 1 ? null : (
          <Button look="text" aria-label={t("show-of", { version: name })} onClick={onCompare}>
            {t("changes", { count: version.changes })}
          </Button>
        )}
        {version.active || onRestore === null ? null : (
          <Button icon="undo" aria-label={t("restore-of", { version: name })} onClick={onRestore}>
            {t("restore")}
          </Button>
        )}
      </div>
    </li>
  );
}

type SideProps = { readonly id: string; readonly label: string; readonly value: string; readonly versions: readonly Version[]; readonly onChange: (value: string) => void };

function Side({ id, label, value, versions, onChange }: SideProps): JSX.Element {
  const { t } = useTexts("designer.versions");
  const isListed = value === DRAFT || versions.some((version) => String(version.number) === value);
  return (
    <div className="prop">
      <label htmlFor={id}>{label}</label>
      <select id={id} className="input" value={value} onChange={(event) => onChange(event.target.value)}>
        <option value={DRAFT}>{t("draft")}</option>
        {isListed ? null : <option value={value}>{t("version", { number: value })}</option>}
        {versions.map((version) => (
          <option key={version.number} value={version.number}>
            {t("version", { number: version.number })}
            {version.active ? ` · ${t("active")}` : ""}
            {version.note ? ` · ${version.note.slice(0, 40)}` : ""}
          </option>
        ))}
      </select>
    </div>
  );
}

function Comparison({ app, from, to }: { readonly app: string; readonly from: string; readonly to: string }): JSX.Element {
  const api = useApi();
  const found = useQuery({ queryKey: ["design", app, "compare", from, to], queryFn: () => compareVersions(api, app, from, to), gcTime: 0 });
  if (found.isError) return <Failed error={found.error} onRetry={() => void found.refetch()} />;
  return found.isPending ? <Loading /> : <Differences app={app} from={from} to={to} compared={found.data} />;
}
