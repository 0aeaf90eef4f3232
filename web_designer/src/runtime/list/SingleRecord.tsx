/** Takes a view of an entity that has one record, such as settings, and goes to that record. */
import { useQuery } from "@tanstack/react-query";
import type { JSX } from "react";
import { useTranslation } from "react-i18next";
import { Navigate } from "react-router";
import { useApi } from "@/shared/api/context";
import { useModel } from "@/shared/api/model";
import { readPage } from "@/shared/api/records";
import type { EntityModel, ViewDefinition } from "@/shared/renderer/types";
import { Empty, Failed, Loading } from "@/shared/ui/States";

export function SingleRecord({ view, entity }: { readonly view: ViewDefinition; readonly entity: EntityModel }): JSX.Element {
  const { t } = useTranslation("list");
  const model = useModel();
  const api = useApi();
  const page = useQuery({
    queryKey: ["single", model.app, entity.key],
    queryFn: ({ signal }) => readPage(api, model.app, entity.key, { fields: ["id"], limit: 1 }, signal),
  });
  if (page.isError) return <Failed error={page.error} onRetry={() => void page.refetch()} />;
  if (!page.data) return <Loading />;
  const [record] = page.data.records;
  if (record === undefined) return <Empty icon="warning" title={t("noView")} />;
  return <Navigate replace to={`/apps/${model.app}/records/${entity.key}/${record.id}?view=${encodeURIComponent(view.key)}`} />;
}
