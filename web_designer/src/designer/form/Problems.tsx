/** Lists what is wrong with the draft; a problem of this form and its entity leads to where it can be mended. */
import type { JSX } from "react";
import { Link, useNavigate } from "react-router";
import { label } from "@/shared/i18n/label";
import { useDesign, useDesignState, useDocument } from "../core/DesignContext";
import { describe } from "../core/describe";
import type { Pointer } from "../core/doc";
import { useTexts } from "../core/useTexts";
import { placeIssues } from "./issuePlaces";

export function Problems({ formKey, onShow }: { readonly formKey: string; readonly onShow: (place: Pointer) => void }): JSX.Element {
  const { t, language } = useTexts("designer.form");
  const { app, autosave, labels } = useDesign();
  const navigate = useNavigate();
  const document = useDocument();
  const issues = useDesignState((state) => state.issues);
  const placed = placeIssues(document, formKey, issues);
  return (
    <section className="design-panel" aria-label={t("problems")}>
      <h2>{t("problems")}</h2>
      {placed.length === 0 ? <p className="design-hint">{t("problems.none")}</p> : null}
      <ul className="problem-list">
        {placed.map(({ issue, place }) => (
          <li key={`${issue.pointer}:${issue.code}:${issue.span?.join("-") ?? ""}`}>
            <button type="button" disabled={place === null} onClick={() => place !== null && onShow(place)}>
              <strong>{describe(document, issue.pointer, labels)}</strong>
              <span>{label(issue.message, language, issue.code)}</span>
            </button>
          </li>
        ))}
      </ul>
      <Link
        to={`/design/${app}/problems`}
        onClick={(event) => {
          event.preventDefault();
          void autosave.flush().then(() => navigate(`/design/${app}/problems`));
        }}
      >
        {t("problems.all")}
      </Link>
    </section>
  );
}
