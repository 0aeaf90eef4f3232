/** Shows in words what a publish would change, what is in its way and what it means for values there are; the statements for the database are there to unfold. */
import type { JSX } from "react";
import { Link } from "react-router";
import { label } from "@/shared/i18n/label";
import { Icon } from "@/shared/ui/Icon";
import { Notice } from "@/shared/ui/Notice";
import { describe } from "../core/describe";
import type { AppDocument } from "../core/doc";
import type { Changes } from "../core/draftApi";
import { useTexts } from "../core/useTexts";

const SIGNS = { added: "add", changed: "edit", removed: "trash" } as const;

export function ChangeList({ app, document, changes }: { readonly app: string; readonly document: AppDocument; readonly changes: Changes }): JSX.Element {
  const { t, language } = useTexts("designer.publish");
  if (changes.changes.length === 0 && changes.issues.length === 0) return <p className="design-hint">{t("changes.none")}</p>;
  return (
    <>
      {changes.issues.length === 0 ? null : (
        <div className="publish-issues" role="alert">
          <h3>{t("issues", { count: changes.issues.length })}</h3>
          <ul>
            {changes.issues.map((issue) => (
              <li key={`${issue.pointer}:${issue.code}`}>
                <strong>{describe(document, issue.pointer, language)}</strong>: {label(issue.message, language, issue.code)} <IssueLink app={app} pointer={issue.pointer} document={document} />
              </li>
            ))}
          </ul>
        </div>
      )}
      {changes.warnings.length === 0 ? null : (
        <Notice look="warning">
          <h3>{t("warnings")}</h3>
          <ul className="publish-warnings">
            {changes.warnings.map((warning) => (
              <li key={`${warning.pointer}:${warning.code}:${label(warning.message, language)}`}>{label(warning.message, language, warning.code)}</li>
            ))}
          </ul>
        </Notice>
      )}
      <ul className="change-list">
        {changes.changes.map((change) => (
          <li key={`${change.kind}:${change.pointer}:${label(change.text, language)}`} data-kind={change.kind}>
            <span className={`change-sign change-${change.kind}`}>
              <Icon name={SIGNS[change.kind]} size={14} /> {t(`change.${change.kind}`)}
            </span>
            <span>{label(change.text, language, change.pointer)}</span>
          </li>
        ))}
      </ul>
      {changes.statements.length === 0 ? null : (
        <details className="publish-sql">
          <summary>{t("statements", { count: changes.statements.length })}</summary>
          <pre tabIndex={0}>{changes.statements.join(";\n\n")}</pre>
        </details>
      )}
    </>
  );
}

/** The way to the form on which an issue can be mended. */
function IssueLink({ app, pointer, document }: { readonly app: string; readonly pointer: string; readonly document: AppDocument }): JSX.Element | null {
  const { t } = useTexts("designer.publish");
  const [, list, key] = pointer.split("/");
  const form = document.forms.find((other) => (list === "forms" ? other.key === key : list === "entities" && other.entity === key));
  return form ? <Link to={`/design/${app}/forms/${form.key}`}>{t("mend")}</Link> : null;
}
