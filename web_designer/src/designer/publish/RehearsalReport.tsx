/** Shows what a rehearsal has found: values that would change, rules that records break, values that would be lost, and who waits for how long. */
import type { JSX } from "react";
import { showCount } from "@/shared/format/numbers";
import { label } from "@/shared/i18n/label";
import { Notice } from "@/shared/ui/Notice";
import { useTexts } from "../core/useTexts";
import type { Rehearsal, RehearsalFinding } from "./publishApi";

const MB = 1024 * 1024;

export function RehearsalReport({ rehearsal }: { readonly rehearsal: Rehearsal }): JSX.Element {
  const { t, language } = useTexts("designer.publish");
  const everybody = rehearsal.steps.filter((step) => step.waits === "everybody").length;
  return (
    <section className="rehearsal" aria-labelledby="rehearsal-title">
      <h3 id="rehearsal-title">{t("rehearsal")}</h3>
      {rehearsal.problems.length === 0 ? null : (
        <Notice look="error">
          <p>{t("rehearsal.stopped")}</p>
          <ul>
            {rehearsal.problems.map((issue) => (
              <li key={`${issue.pointer}${issue.code}`}>{label(issue.message, language, issue.code)}</li>
            ))}
          </ul>
        </Notice>
      )}
      {rehearsal.findings.length === 0 ? <p className="design-hint">{t("rehearsal.nothing")}</p> : null}
      <ul className="rehearsal-findings">
        {rehearsal.findings.map((finding) => (
          <li key={`${finding.kind}${finding.pointer}`}>
            <Finding finding={finding} />
          </li>
        ))}
      </ul>
      {rehearsal.unseen.length === 0 ? null : (
        <p className="design-hint">
          {t("rehearsal.unseen", { names: rehearsal.unseen.map((one) => label(one.name, language, one.pointer)).join(t("rehearsal.and")) })}
        </p>
      )}
      {rehearsal.sizes.length === 0 ? null : (
        <p>
          {rehearsal.sizes
            .map((size) =>
              t(size.large ? "rehearsal.size-large" : "rehearsal.size", {
                name: label(size.name, language, size.entity),
                rows: showCount(size.rows, language),
                size: (size.bytes / MB).toFixed(1),
              }),
            )
            .join(t("rehearsal.and"))}
        </p>
      )}
      <p>{t(rehearsal.is_long ? "rehearsal.time-long" : "rehearsal.time", { seconds: Math.max(1, Math.round(rehearsal.seconds)), everybody })}</p>
      {rehearsal.steps.length === 0 ? null : (
        <details className="publish-sql">
          <summary>{t("rehearsal.steps", { count: rehearsal.steps.length })}</summary>
          <div className="rehearsal-steps" tabIndex={0}>
            <table>
              <thead>
                <tr>
                  <th scope="col">{t("rehearsal.statement")}</th>
                  <th scope="col">{t("rehearsal.lock")}</th>
                  <th scope="col">{t("rehearsal.waits")}</th>
                  <th scope="col">{t("rehearsal.rows")}</th>
                </tr>
              </thead>
              <tbody>
                {rehearsal.steps.map((step) => (
                  <tr key={step.sql}>
                    <td>
                      <code>{step.sql}</code>
                    </td>
                    <td>{step.lock}</td>
                    <td>{t(`rehearsal.waits.${step.waits}`)}</td>
                    <td>{step.rows === 0 ? "" : showCount(step.rows, language)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </details>
      )}
    </section>
  );
}

function Finding({ finding }: { readonly finding: RehearsalFinding }): JSX.Element {
  const { t, language } = useTexts("designer.publish");
  const name = label(finding.name, language, finding.pointer);
  const looked = finding.whole ? "" : ` ${t("rehearsal.looked", { count: finding.looked })}`;
  return (
    <>
      <strong>{t(`rehearsal.${finding.kind}`, { name, count: finding.count })}</strong>
      {looked}
      {finding.records.length === 0 ? null : <p className="design-hint">{finding.records.join(t("rehearsal.and"))}</p>}
      {finding.examples.length === 0 ? null : (
        <table className="rehearsal-examples">
          <tbody>
            {finding.examples.map((example) => (
              <tr key={`${example.record}${example.before ?? ""}`}>
                <th scope="row">{example.record}</th>
                <td>{example.before ?? t("rehearsal.blank")}</td>
                <td aria-label={t("rehearsal.becomes")}>→</td>
                <td>{example.after ?? t("rehearsal.blank")}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}
