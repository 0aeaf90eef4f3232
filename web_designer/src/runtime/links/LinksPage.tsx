/** Every public link one looks after, whatever app it is of: for administrators all there are. */
import { useEffect, type JSX } from "react";
import { useTranslation } from "react-i18next";
import { LinkList } from "./LinkList";

export default function LinksPage(): JSX.Element {
  const { t } = useTranslation("links");
  useEffect(() => {
    document.title = t("title");
  }, [t]);
  return (
    <div className="page links-page">
      <header className="page-head">
        <div className="page-title">
          <h1>{t("title")}</h1>
        </div>
      </header>
      <div className="page-body" tabIndex={0} role="region" aria-label={t("title")}>
        <LinkList which={{}} isOfMany />
      </div>
    </div>
  );
}
