/** What happened to a record, the newest first: who changed which field from what to what, and ways back to what it was. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState, type JSX } from "react";
import { useTranslation } from "react-i18next";
import { useApi } from "@/shared/api/context";
import { keys, useModel } from "@/shared/api/model";
import type { RecordJson } from "@/shared/api/records";
import { label } from "@/shared/i18n/label";
import type { EntityModel } from "@/shared/renderer/types";
import { Button } from "@/shared/ui/Button";
import { Empty, Failed, Loading } from "@/shared/ui/States";
import { ChangeEntry } from "./ChangeEntry";
import { readHistory } from "./historyApi";
import "./history.css";

export interface HistoryTabProps {
  readonly entity: EntityModel;
  readonly record: RecordJson;
  /** Shows the record as it was at a revision. */
  readonly onShow: (revision: number) => void;
  /** Takes a value of then into the form, for somebody who may change the record. */
  readonly onTake?: ((field: string, value: unknown, title: unknown) => void) | undefined;
}

export default function HistoryTab({ entity, record, onShow, onTake }: HistoryTabProps): JSX.Element {
  const { t, i18n } = useTranslation("history");
  const model = useModel();
  const api = useApi();
  const [field, setField] = useState("");
  const pages = useInfiniteQuery({
    queryKey: [...keys.record(model.app, entity.key, record.id), "history", record.revision, field],
    queryFn: ({ pageParam, signal }) => readHistory(api, model.app, entity.key, record.id, field, pageParam, signal),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
  });
  if (pages.isError) return <Failed error={pages.error} onRetry={() => void pages.refetch()} />;
  const changes = pages.data?.pages.flatMap((page) => page.changes) ?? [];
  return (
    <section className="history" aria-label={t("title")}>
      <label className="history-filter">
        <span>{t("field")}</span>
        <select className="input" value={field} onChange={(event) => setField(event.target.value)}>
          <option value="">{t("allFields")}</option>
          {entity.fields.map((one) => (
            <option key={one.key} value={one.key}>
              {label(one.name, i18n.language, one.key)}
            </option>
          ))}
        </select>
      </label>
      {pages.isPending ? <Loading /> : null}
      {pages.isSuccess && changes.length === 0 ? <Empty title={t("none")} /> : null}
      <ol className="history-changes">
        {changes.map((change) => (
          <ChangeEntry key={change.id} change={change} entity={entity} record={record} isPresent={change.revision === record.revision} onShow={onShow} onTake={onTake} />
        ))}
      </ol>
      {pages.hasNextPage ? (
        <Button isBusy={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
          {t("more")}
        </Button>
      ) : null}
    </section>
  );
}
