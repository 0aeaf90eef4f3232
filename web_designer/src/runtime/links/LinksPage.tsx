/** Every public link one looks after, whatever app it is of: for administrators all there are. */
import { type JSX } from "react";
import { useTranslation } from "react-i18next";
import { Page } from "@/shared/ui/Page";
import { LinkList } from "./LinkList";

export default function LinksPage(): JSX.Element {
  const { t } = useTranslation("links");
  return (
    <Page title={t("title")} look="links-page">
      <div className="page-body" tabIndex={0} role="region" aria-label={t("title")}>
        <LinkList which={{}} isOfMany />
      </div>
    </Page>
  );
}
