/** What a check found: how many records there will be, every error and apart from them every warning with its cell, and the way on or back. */
import { useQuery } from "@tanstack/react-query";
import { useState, type JSX, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useApi } from "@/shared/api/context";
import { markedSheet, readImportIssues, type ImportIssue, type ImportMapping, type ImportState } from "@/shared/api/imports";
import { showCount } from "@/shared/format/numbers";
import { label } from "@/shared/i18n/label";
import { Button } from "@/shared/ui/Button";
import { Notice } from "@/shared/ui/Notice";
import { Failed, Loading } from "@/shared/ui/States";

export interface CheckedProps {
  readonly found: ImportState;
  readonly app: string;
  readonly again: ReactNode;
  readonly onBack: () => void;
  readonly onChange: (mapping: ImportMapping) => Promise<void>;
  readonly onRun: () => Promise<void>;
}

export function Checked({ found, app, again, onBack, onChange, onRun }: CheckedProps): JSX.Element {
  const { t, i18n } = useTranslation("import");
  const [isBusy, setBusy] = useState(false);
  const { counts } = found;
  const good = counts.records - counts.wrong;
  const isSkipping = found.mapping.errors === "skip";
  const show = (count: number): string => showCount(count, i18n.language);
  const run = async (): Promise<void> => {
    setBusy(true);
    await onRun();
    setBusy(false);
  };
  return (
    <section className="import-part">
      <Notice look={counts.errors > 0 ? "warning" : "info"}>
        {counts.errors === 0
          ? t("good", { count: counts.records, shown: show(counts.records) })
          : t("wrong", { count: counts.errors, shown: show(counts.errors), records: show(counts.wrong), good: show(good) })}
        {counts.there > 0 ? ` ${t("there", { count: counts.there, shown: show(counts.there) })}` : ""}
      </Notice>
      {counts.errors > 0 ? <Issues found={found} app={app} severity="error" /> : null}
      {counts.warnings > 0 ? (
        <>
          <Notice look="warning">{t("warned", { count: counts.warnings, shown: show(counts.warnings) })}</Notice>
          <Issues found={found} app={app} severity="warning" />
        </>
      ) : null}
      <footer className="import-acts">
        {again}
        <Button icon="back" onClick={onBack}>
          {t("back")}
        </Button>
        <span className="top-space" />
        {counts.errors > 0 && good > 0 && !isSkipping ? (
          <Button onClick={() => void onChange({ errors: "skip" })}>{t("skip", { shown: show(good) })}</Button>
        ) : null}
        {counts.errors === 0 || (isSkipping && good > 0) ? (
          <Button look="primary" isBusy={isBusy} onClick={() => void run()}>
            {t(counts.warnings > 0 ? "runAllTheSame" : "run", { shown: show(good) })}
          </Button>
        ) : null}
      </footer>
    </section>
  );
}

interface IssuesProps {
  readonly found: ImportState;
  readonly app: string;
  readonly severity: ImportIssue["severity"];
}

function Issues({ found, app, severity }: IssuesProps): JSX.Element {
  const { t, i18n } = useTranslation("import");
  const api = useApi();
  const [column, setColumn] = useState<number | null>(null);
  const [after, setAfter] = useState(0);
  const issues = useQuery({ queryKey: ["import-issues", found.id, severity, after, column], queryFn: () => readImportIssues(api, app, found.id, severity, after, column), gcTime: 0 });
  if (issues.isPending) return <Loading />;
  if (issues.isError) return <Failed error={issues.error} onRetry={() => void issues.refetch()} />;
  const next = issues.data.next ?? null;
  return (
    <>
      <div className="import-options">
        <label className="import-option">
          <span>{t(severity === "error" ? "errorsOf" : "warningsOf")}</span>
          <select
            className="input"
            value={column ?? ""}
            onChange={(event) => {
              setColumn(event.target.value === "" ? null : Number(event.target.value));
              setAfter(0);
            }}
          >
            <option value="">{t("allColumns")}</option>
            {found.columns.map((one) => (
              <option key={one.column} value={one.column}>
                {one.letters} {one.header}
              </option>
            ))}
          </select>
        </label>
        <a className="link import-download" href={markedSheet(app, found.id)} download>
          {t(severity === "error" ? "download" : "downloadWarnings")}
        </a>
      </div>
      <div className="import-scroll">
        <table className="import-table">
          <thead>
            <tr>
              <th scope="col">{t("cell")}</th>
              <th scope="col">{t(severity)}</th>
            </tr>
          </thead>
          <tbody>
            {issues.data.issues.map((one) => (
              <tr key={`${one.cell} ${one.code} ${label(one.message, "en", "")}`}>
                <th scope="row">{one.cell}</th>
                <td>{label(one.message, i18n.language, one.code)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {after > 0 || next !== null ? (
        <div className="import-acts">
          <Button disabled={after === 0} onClick={() => setAfter(Math.max(0, after - 200))}>
            {t("earlier")}
          </Button>
          <Button disabled={next === null} onClick={() => setAfter(next ?? 0)}>
            {t("later")}
          </Button>
        </div>
      ) : null}
    </>
  );
}
