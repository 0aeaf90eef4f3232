/** The audit log: who administered what and who read sensitive fields, the latest first; filtered, exported, and looked through for tampering. */
import { useQuery } from "@tanstack/react-query";
import { useDeferredValue, useState, type JSX } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { type ApiClient, asViewed } from "@/shared/api/client";
import { useApi, useSession } from "@/shared/api/context";
import type { components } from "@/shared/api/schema";
import { showInstant } from "@/shared/format/times";
import { Button } from "@/shared/ui/Button";
import { Notice } from "@/shared/ui/Notice";
import { Page } from "@/shared/ui/Page";
import { Empty, Failed, Loading, problemText } from "@/shared/ui/States";
import "./organization.css";

type Entry = components["schemas"]["AuditEntry"];
type Verdict = components["schemas"]["VerifyAnswer"];

const FORMATS = ["xlsx", "csv", "jsonl"] as const;

/** What is asked for; times are days on the reader's clock. */
interface Asked {
  readonly deed: string;
  readonly text: string;
  readonly since: string;
  readonly until: string;
}

const NOTHING: Asked = { deed: "", text: "", since: "", until: "" };

function queryOf(asked: Asked): { deed?: string[]; text?: string; since?: string; until?: string } {
  return {
    ...(asked.deed === "" ? {} : { deed: [asked.deed] }),
    ...(asked.text === "" ? {} : { text: asked.text }),
    ...(asked.since === "" ? {} : { since: new Date(`${asked.since}T00:00:00`).toISOString() }),
    ...(asked.until === "" ? {} : { until: new Date(`${asked.until}T23:59:59.999`).toISOString() }),
  };
}

async function readEntries(api: ApiClient, asked: Asked, before: number | null): Promise<components["schemas"]["AuditAnswer"]> {
  const found = await api.platform.GET("/api/audit", { params: { query: { ...queryOf(asked), ...(before === null ? {} : { before }) } } });
  return found.data as components["schemas"]["AuditAnswer"];
}

export default function AuditPage(): JSX.Element {
  const { t, i18n } = useTranslation("audit");
  const api = useApi();
  const [asked, setAsked] = useState(NOTHING);
  const settled = useDeferredValue(asked);
  const deeds = useQuery({ queryKey: ["audit", "deeds", i18n.language], queryFn: async () => (await api.platform.GET("/api/audit/deeds")).data?.deeds ?? [] });
  const change = (part: Partial<Asked>): void => setAsked((now) => ({ ...now, ...part }));
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(queryOf(settled))) for (const one of Array.isArray(value) ? value : [value]) parameters.append(name, one);
  return (
    <Page
      title={t("title")}
      look="page-audit"
      acts={FORMATS.map((format) => (
        <a key={format} className="audit-export" href={asViewed(`/api/audit/export?${new URLSearchParams([...parameters, ["format", format]])}`)} download={`audit.${format}`}>
          {t(`export.${format}`)}
        </a>
      ))}
    >
      <div className="audit-parts">
        <form className="audit-filters" onSubmit={(event) => event.preventDefault()}>
          <label>
            {t("deed")}
            <select className="input" value={asked.deed} onChange={(event) => change({ deed: event.target.value })}>
              <option value="">{t("all")}</option>
              {(deeds.data ?? []).map((one) => (
                <option key={one.key} value={one.key}>
                  {one.name}
                </option>
              ))}
            </select>
          </label>
          <label>
            {t("text")}
            <input className="input" type="search" value={asked.text} onChange={(event) => change({ text: event.target.value })} />
          </label>
          <label>
            {t("since")}
            <input className="input" type="date" value={asked.since} onChange={(event) => change({ since: event.target.value })} />
          </label>
          <label>
            {t("until")}
            <input className="input" type="date" value={asked.until} onChange={(event) => change({ until: event.target.value })} />
          </label>
        </form>
        <Verify />
        <Entries key={JSON.stringify(settled)} asked={settled} before={null} />
      </div>
    </Page>
  );
}

/** A block of rows, and the next one once it is asked for. */
function Entries({ asked, before }: { readonly asked: Asked; readonly before: number | null }): JSX.Element {
  const { t, i18n } = useTranslation("audit");
  const api = useApi();
  const [isMore, setMore] = useState(false);
  const entries = useQuery({ queryKey: ["audit", asked, before, i18n.language], queryFn: () => readEntries(api, asked, before) });
  if (entries.isPending) return <Loading />;
  if (entries.isError) return <Failed error={entries.error} onRetry={() => void entries.refetch()} />;
  const { entries: found, next } = entries.data;
  if (found.length === 0) return <Empty icon="list" title={t("nothing")} />;
  return (
    <>
      <ol className="audit-entries">
        {found.map((one) => (
          <EntryLine key={one.id} entry={one} />
        ))}
      </ol>
      {next === null ? null : isMore ? <Entries asked={asked} before={next} /> : <Button onClick={() => setMore(true)}>{t("more")}</Button>}
    </>
  );
}

function EntryLine({ entry }: { readonly entry: Entry }): JSX.Element {
  const { t, i18n } = useTranslation("audit");
  const zone = useSession().time_zone;
  const details = Object.entries(entry.details).filter(([, value]) => value !== "" && value !== null && !(Array.isArray(value) && value.length === 0));
  return (
    <li className="audit-entry">
      <div className="audit-line">
        <span className="audit-quiet">{showInstant(entry.at, i18n.language, zone)}</span>
        <strong>{entry.actor_name === "" ? t("unknown") : entry.actor_name}</strong>
        <span className="audit-deed">{entry.name}</span>
        <span className="audit-sentence">
          {entry.record_id !== null && entry.app !== "" && entry.entity !== "" ? <Link to={`/apps/${entry.app}/records/${entry.entity}/${entry.record_id}`}>{entry.sentence}</Link> : entry.sentence}
        </span>
      </div>
      <details>
        <summary>{t("details")}</summary>
        <dl className="audit-details">
          {[["#", entry.id] as const, [t("address"), entry.address] as const, ...details].map(([name, value]) =>
            value === "" ? null : (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{typeof value === "object" ? JSON.stringify(value) : String(value)}</dd>
              </div>
            ),
          )}
          <div>
            <dt>{t("seal")}</dt>
            <dd>{entry.seal === null ? t("notSealed") : `${entry.seal}:${entry.digest ?? ""}`}</dd>
          </div>
        </dl>
      </details>
    </li>
  );
}

function Verify(): JSX.Element {
  const { t } = useTranslation("audit");
  const api = useApi();
  const [seal, setSeal] = useState("");
  const [verdict, setVerdict] = useState<Verdict | null>(null);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const run = async (): Promise<void> => {
    setBusy(true);
    setRefusal(null);
    try {
      setVerdict((await api.platform.POST("/api/audit/verify", { body: { seal } })).data ?? null);
    } catch (problem) {
      setVerdict(null);
      setRefusal(problemText(problem, t));
    }
    setBusy(false);
  };
  return (
    <details className="audit-verify">
      <summary>{t("verify")}</summary>
      <p className="audit-quiet">{t("verifyHelp")}</p>
      <div className="audit-verify-line">
        <input className="input" aria-label={t("keptSeal")} placeholder={t("keptSeal")} value={seal} onChange={(event) => setSeal(event.target.value)} />
        <Button isBusy={isBusy} onClick={() => void run()}>
          {t("verify")}
        </Button>
      </div>
      {refusal === null ? null : <Notice look="error">{refusal}</Notice>}
      {verdict === null ? null : verdict.faults.length === 0 ? (
        <Notice look="info">
          {t("whole")} <code className="audit-seal">{verdict.seal}</code>
        </Notice>
      ) : (
        <Notice look="error">
          <ul>
            {verdict.faults.map((fault) => (
              <li key={`${fault.kind} ${fault.row}`}>{t(`fault.${fault.kind}`, { row: fault.row })}</li>
            ))}
          </ul>
        </Notice>
      )}
    </details>
  );
}
