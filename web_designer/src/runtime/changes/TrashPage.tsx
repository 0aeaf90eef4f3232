/** What is in the trash, an entity at a time, the last deleted first; what is picked comes back. */
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState, type JSX } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate, useParams } from "react-router";
import { useApi } from "@/shared/api/context";
import { useModel } from "@/shared/api/model";
import type { RecordJson } from "@/shared/api/records";
import { newId } from "@/shared/format/ids";
import { showInstant } from "@/shared/format/times";
import { label } from "@/shared/i18n/label";
import { zoneOf, type EntityModel } from "@/shared/renderer/types";
import { Button } from "@/shared/ui/Button";
import { Empty, Failed, Loading, problemText } from "@/shared/ui/States";
import { useToast } from "@/shared/ui/Toasts";
import { useListMemory } from "../listMemory";
import { RefusalsDialog } from "../list/RefusalsDialog";
import { changeMany, readTrash, refusalsOf, titleOfRow, type BulkRefusal } from "./changesApi";
import "./changes.css";

const PAGE_RECORDS = 50;

export default function TrashPage(): JSX.Element {
  const { t, i18n } = useTranslation("changes");
  const model = useModel();
  const navigate = useNavigate();
  const { entity: key = "" } = useParams();
  const entities = model.entities.filter((one) => one.actions.includes("delete"));
  const entity = entities.find((one) => one.key === key) ?? entities[0];
  useEffect(() => {
    document.title = t("trash");
  }, [t]);
  if (entity === undefined) return <Empty icon="trash" title={t("trashNone")} />;
  return (
    <div className="page changes-page">
      <header className="page-head">
        <h1>{t("trash")}</h1>
        <select className="input changes-choose" aria-label={t("what")} value={entity.key} onChange={(event) => void navigate(`/apps/${model.app}/trash/${event.target.value}`, { replace: true })}>
          {entities.map((one) => (
            <option key={one.key} value={one.key}>
              {label(one.name, i18n.language, one.key)}
            </option>
          ))}
        </select>
      </header>
      <Trash key={entity.key} entity={entity} />
    </div>
  );
}

function Trash({ entity }: { readonly entity: EntityModel }): JSX.Element {
  const { t, i18n } = useTranslation("changes");
  const model = useModel();
  const api = useApi();
  const toast = useToast();
  const memory = useListMemory();
  const cache = useQueryClient();
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const [isBusy, setBusy] = useState(false);
  const [refusals, setRefusals] = useState<readonly BulkRefusal[]>([]);
  const title = entity.title ?? null;
  const fields = [...(title === null ? [] : [title]), "updated_at", "updated_by.name"];
  const queryKey = ["trash", model.app, entity.key];
  const pages = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }) => readTrash(api, model.app, entity.key, { fields, sort: "-updated_at", limit: PAGE_RECORDS, ...(pageParam === "" ? {} : { after: pageParam }) }, signal),
    initialPageParam: "",
    getNextPageParam: (last) => last.next ?? undefined,
    gcTime: 0,
  });
  const rows: readonly RecordJson[] = pages.data?.pages.flatMap((page) => page.records) ?? [];
  const restore = async (ids: readonly string[]): Promise<void> => {
    setBusy(true);
    try {
      const answer = await changeMany(api, model.app, entity.key, { ids }, { action: "restore" }, newId());
      if (answer.saved > 0) toast(t("restored", { count: answer.saved }));
      setRefusals(refusalsOf(answer));
      setPicked(new Set());
      memory.forget(entity.key);
      await cache.invalidateQueries({ queryKey });
    } catch (error) {
      toast(problemText(error, t), "failed");
    } finally {
      setBusy(false);
    }
  };
  if (pages.isPending) return <Loading />;
  if (pages.isError) return <Failed error={pages.error} onRetry={() => void pages.refetch()} />;
  if (rows.length === 0) return <Empty icon="trash" title={t("trashEmpty")} />;
  const turn = (id: string, isOn: boolean): void => setPicked(new Set(isOn ? [...picked, id] : [...picked].filter((one) => one !== id)));
  return (
    <div className="changes-body">
      <p className="changes-acts">
        <label>
          <input type="checkbox" checked={picked.size === rows.length} onChange={(event) => setPicked(new Set(event.target.checked ? rows.map((row) => row.id) : []))} />
          {t("selected", { count: picked.size, shown: String(picked.size) })}
        </label>
        <Button look="primary" icon="undo" isBusy={isBusy} disabled={picked.size === 0 || !entity.actions.includes("restore")} onClick={() => void restore([...picked])}>
          {t("restore")}
        </Button>
      </p>
      <ul className="changes-list" aria-label={t("trash")}>
        {rows.map((row) => (
          <li key={row.id}>
            <label className="changes-what">
              <input type="checkbox" checked={picked.has(row.id)} onChange={(event) => turn(row.id, event.target.checked)} />
              <strong>{titleOfRow(row, title)}</strong>
            </label>
            <span className="changes-when">{t("deletedBy", { who: typeof row["updated_by.name"] === "string" ? row["updated_by.name"] : t("system"), when: showInstant(String(row["updated_at"]), i18n.language, zoneOf(model)) })}</span>
            <Button look="text" icon="undo" disabled={isBusy || !entity.actions.includes("restore")} aria-label={t("restoreOne", { title: titleOfRow(row, title) })} onClick={() => void restore([row.id])}>
              {t("restore")}
            </Button>
          </li>
        ))}
      </ul>
      {pages.hasNextPage ? (
        <Button isBusy={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
          {t("more")}
        </Button>
      ) : null}
      {refusals.length > 0 ? (
        <RefusalsDialog app={model.app} entity={entity.key} refusals={refusals} titleOf={(id) => titleOfRow(rows.find((row) => row.id === id) ?? { id }, title)} onClose={() => setRefusals([])} />
      ) : null}
    </div>
  );
}
