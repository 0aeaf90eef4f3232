/** The page on which a record is made or changed; which one and with which form is in the address. */
import { useQuery } from "@tanstack/react-query";
import { useMemo, type JSX } from "react";
import { useTranslation } from "react-i18next";
import { useParams, useSearchParams } from "react-router";
import { useApi, useSession } from "@/shared/api/context";
import { keys, useModel } from "@/shared/api/model";
import { readRecord, type RecordJson } from "@/shared/api/records";
import { readCalendar } from "@/shared/api/platform";
import { isPrepared, prepare, readsCalendar, type Calendar } from "@/shared/formula";
import { FormModel } from "@/shared/renderer/formModel";
import { treesOf } from "@/shared/renderer/formulaGraph";
import { entityOf, zoneOf, type EntityModel } from "@/shared/renderer/types";
import { Empty, Failed, Loading } from "@/shared/ui/States";
import { FormEditor } from "./FormEditor";

export default function FormPage(): JSX.Element {
  const { t } = useTranslation("form");
  const model = useModel();
  const api = useApi();
  const { entity: entityKey = "", id } = useParams();
  const [parameters] = useSearchParams();
  const entity = entityOf(model, entityKey);
  const record = useQuery({
    queryKey: [...keys.record(model.app, entityKey, id ?? "new"), "edit"],
    queryFn: ({ signal }) => readRecord(api, model.app, entityKey, id ?? "", signal),
    enabled: id !== undefined && entity !== undefined,
    // What is being edited must not change under the hands; a conflict is found when saving.
    staleTime: 0,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
  const trees = useMemo(() => (entity === undefined ? [] : treesOf(entity)), [entity]);
  // Functions that only some formulas call come with the first form that has one.
  const formulas = useQuery({
    queryKey: ["formulas", model.app, model.version, entityKey],
    queryFn: async () => {
      await prepare(trees);
      return true;
    },
    enabled: !isPrepared(trees),
    gcTime: 0,
  });
  const hasCalendar = readsCalendar(trees);
  const calendar = useQuery({ queryKey: keys.calendar, queryFn: () => readCalendar(api), enabled: hasCalendar });
  if (entity === undefined || !entity.actions.includes(id === undefined ? "create" : "update")) return <Empty icon="warning" title={t("notAllowed")} />;
  if (id !== undefined && record.isError) return <Failed error={record.error} onRetry={() => void record.refetch()} />;
  for (const needed of [formulas, calendar]) {
    if (needed.isError) return <Failed error={needed.error} onRetry={() => void needed.refetch()} />;
  }
  // Asking for `isSuccess` makes the page drawn again once they are there.
  const hasFormulas = isPrepared(trees) || formulas.isSuccess;
  if ((id !== undefined && !record.data) || !hasFormulas || (hasCalendar && !calendar.data)) return <Loading />;
  const key = `${model.version} ${entityKey} ${id ?? `new ${parameters.get("n") ?? ""}`} ${record.dataUpdatedAt}`;
  return <Ready key={key} entity={entity} record={record.data ?? null} calendar={calendar.data} onReload={() => void record.refetch()} />;
}

interface ReadyProps {
  readonly entity: EntityModel;
  readonly record: RecordJson | null;
  readonly calendar: Calendar | undefined;
  readonly onReload: () => void;
}

function Ready({ entity, record, calendar, onReload }: ReadyProps): JSX.Element {
  const model = useModel();
  const { user } = useSession();
  const store = useMemo(() => {
    const made = new FormModel({ entity, entities: (key) => entityOf(model, key), record, user, app: model.app, now: new Date(), zone: zoneOf(model), calendar });
    if (record === null) {
      for (const field of entity.fields) if (field.kind === "lines" && field.required === true && made.rows(field.key).length === 0) made.addRow(field.key);
    }
    return made;
    // The editor lives as long as its key; a model that changes below gives a new key.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);
  return <FormEditor store={store} onReload={onReload} />;
}
