/** The public links of a record, within the dialog it is shared in: those there are, and a new one. */
import { useState, type JSX } from "react";
import { useTranslation } from "react-i18next";
import { useModel } from "@/shared/api/model";
import { entityOf } from "@/shared/renderer/types";
import { Button } from "@/shared/ui/Button";
import { LinkList } from "./LinkList";
import { NewLink } from "./NewLink";

export interface RecordLinksProps {
  readonly app: string;
  readonly entity: string;
  readonly record: string;
  readonly title: string;
}

export default function RecordLinks({ app, entity, record, title }: RecordLinksProps): JSX.Element {
  const { t } = useTranslation("links");
  const model = useModel();
  const [isMaking, setMaking] = useState(false);
  const found = entityOf(model, entity);
  const forms = model.forms.filter((form) => form.entity === entity);
  return (
    <section className="links-part" aria-label={t("title")}>
      <h3>{t("title")}</h3>
      {found === undefined ? null : isMaking ? (
        <NewLink app={app} entity={found} record={record} forms={forms} name={title} />
      ) : (
        <Button icon="add" onClick={() => setMaking(true)}>
          {t("new")}
        </Button>
      )}
      <LinkList which={{ app, entity, record }} />
    </section>
  );
}
