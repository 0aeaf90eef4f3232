/** The page of everything that is wrong with the draft of an app, by element; each leads to where it can be mended. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { JSX } from "react";
import { Link, useParams } from "react-router";
import { lintAccess } from "@/shared/api/access";
import { useApi } from "@/shared/api/context";
import { label } from "@/shared/i18n/label";
import { ButtonLink } from "@/shared/ui/Button";
import { Icon } from "@/shared/ui/Icon";
import { Loading } from "@/shared/ui/States";
import type { AppDocument } from "../core/doc";
import { type ElementProblems, readDraft, readProblems } from "../core/draftApi";
import { NotOpened } from "../core/NotOpened";
import { ToPublish } from "../core/ToPublish";
import { useTexts } from "../core/useTexts";
import { designerOf } from "./placesOf";
import "../designer.css";
import "../form/panel/panel.css";
import "../publish/publish.css";
import "./problems.css";

/** How often the page asks again while it is looked at: others may be mending. */
const EVERY_MS = 5000;

export default function ProblemsPage(): JSX.Element {
  const { app = "" } = useParams();
  const { t, language } = useTexts("designer.problems");
  const api = useApi();
  const found = useQuery({
    queryKey: ["design", app, "problems"],
    queryFn: async () => ({ problems: await readProblems(api, app), draft: await readDraft(api, app) }),
    placeholderData: keepPreviousData,
    refetchInterval: EVERY_MS,
    gcTime: 0,
  });
  if (found.isError && found.data === undefined) return <NotOpened app={app} error={found.error} onRetry={() => void found.refetch()} />;
  if (found.data === undefined) return <Loading />;
  const { problems, draft } = found.data;
  const form = Array.isArray(draft.document.forms) ? draft.document.forms[0]?.key : undefined;
  return (
    <div className="publish-page">
      <div className="publish">
        <header className="publish-head">
          <h1>{t("title", { app: label(draft.document.name, language, app) })}</h1>
          {form === undefined ? null : <ButtonLink to={`/design/${app}/forms/${form}`}>{t("to-designer")}</ButtonLink>}
          <ToPublish app={app}>{t("to-publish")}</ToPublish>
        </header>
        <section className="publish-part" aria-labelledby="problems-title">
          <h2 id="problems-title" role="status">
            {problems.count === 0 ? t("none") : t("count", { count: problems.count })}
          </h2>
          {problems.count === 0 ? (
            <p className="problems-none">
              <Icon name="check" /> {t("none.hint")}
            </p>
          ) : (
            <ul className="problem-elements">
              {problems.elements.map((element) => (
                <Element key={element.pointer} app={app} document={draft.document} element={element} />
              ))}
            </ul>
          )}
        </section>
        {problems.count === 0 ? <Warnings app={app} /> : null}
      </div>
    </div>
  );
}

/** What in the policies works and yet may not be what was meant; it keeps nobody from publishing. */
function Warnings({ app }: { readonly app: string }): JSX.Element | null {
  const { t, language } = useTexts("designer.problems");
  const api = useApi();
  const found = useQuery({ queryKey: ["design", app, "problems", "lint"], queryFn: () => lintAccess(api, app), refetchInterval: EVERY_MS, retry: false, gcTime: 0 });
  if (found.data === undefined || found.data.length === 0) return null;
  return (
    <section className="publish-part" aria-labelledby="problems-policies">
      <h2 id="problems-policies">{t("policies", { count: found.data.length })}</h2>
      <p className="design-hint">{t("policies.hint")}</p>
      <ul className="problem-warnings">
        {found.data.map((one) => (
          <li key={`${one.pointer}:${one.code}:${label(one.message, "en")}`}>{label(one.message, language, one.code)}</li>
        ))}
      </ul>
      <ButtonLink to={`/design/${app}/access`}>{t("to-access")}</ButtonLink>
    </section>
  );
}

type ElementProps = { readonly app: string; readonly document: AppDocument; readonly element: ElementProblems };

function Element({ app, document, element }: ElementProps): JSX.Element {
  const { t, language } = useTexts("designer.problems");
  return (
    <li>
      <h3>{label(element.text, language, element.pointer)}</h3>
      <ul>
        {element.issues.map((issue) => {
          const address = designerOf(document, app, issue);
          return (
            <li key={`${issue.pointer}:${issue.code}:${issue.span?.join("-") ?? ""}`}>
              <span>{label(issue.message, language, issue.code)}</span>
              {address === null ? <code>{issue.pointer}</code> : <Link to={address}>{t("mend")}</Link>}
            </li>
          );
        })}
      </ul>
    </li>
  );
}
