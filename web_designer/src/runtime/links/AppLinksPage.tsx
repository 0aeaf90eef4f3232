/** The public links of an app, for those who publish it: forms are opened to everybody here, and every link is looked after. */
import { useId, useState, type JSX } from "react";
import { useTranslation } from "react-i18next";
import { useModel } from "@/shared/api/model";
import { label } from "@/shared/i18n/label";
import { entityOf } from "@/shared/renderer/types";
import { Page } from "@/shared/ui/Page";
import { LinkList } from "./LinkList";
import { NewLink } from "./NewLink";

export default function AppLinksPage(): JSX.Element {
  const { t, i18n } = useTranslation("links");
  const model = useModel();
  const id = useId();
  const offered = model.entities.filter((one) => one.actions.includes("create"));
  const [key, setKey] = useState(model.forms.find((form) => offered.some((one) => one.key === form.entity))?.entity ?? offered[0]?.key ?? "");
  const entity = entityOf(model, key);
  return (
    <Page title={t("title")} look="links-page">
      <div className="page-body" tabIndex={0} role="region" aria-label={t("title")}>
        {model.may.includes("publish") && entity !== undefined ? (
          <section className="links-new" aria-label={t("newForm")}>
            <h2>{t("newForm")}</h2>
            <label htmlFor={id}>{t("entity")}</label>
            <select id={id} className="input" value={key} onChange={(event) => setKey(event.target.value)}>
              {offered.map((one) => (
                <option key={one.key} value={one.key}>
                  {label(one.name, i18n.language, one.key)}
                </option>
              ))}
            </select>
            <NewLink key={key} app={model.app} entity={entity} forms={model.forms.filter((form) => form.entity === key)} name={label(entity.name, i18n.language, key)} />
          </section>
        ) : null}
        <LinkList which={{ app: model.app }} isOfMany />
      </div>
    </Page>
  );
}
