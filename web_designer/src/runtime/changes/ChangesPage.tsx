/** What was done lately in the app, the newest first: each import, bulk change or save is one step that can be looked at and undone. */
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState, type JSX } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { useApi } from "@/shared/api/context";
import { useModel } from "@/shared/api/model";
import { showInstant } from "@/shared/format/times";
import { label } from "@/shared/i18n/label";
import { entityOf, zoneOf } from "@/shared/renderer/types";
import { Button } from "@/shared/ui/Button";
import { Empty, Failed, Loading } from "@/shared/ui/States";
import { useListMemory } from "../listMemory";
import { readChangeSets, type ChangeSet } from "./changesApi";
import { UndoDialog } from "./UndoDialog";
import "./changes.css";

/** Channels one can choose; the others are shown among all. */
const CHANNELS = ["bulk", "import", "api", "link", "undo"];
const ACTIONS = ["create", "update", "delete", "restore"];

export default function ChangesPage(): JSX.Element {
  const { t, i18n } = useTranslation(["changes", "history"]);
  const model = useModel();
  const api = useApi();
  const memory = useListMemory();
  const cache = useQueryClient();
  const [parameters, setParameters] = useSearchParams();
  const [open, setOpen] = useState<string | null>(null);
  const channel = parameters.get("channel") ?? "";
  const whose = parameters.get("whose") === "all" ? "all" : "mine";
  const queryKey = ["change-sets", model.app, channel, whose];
  useEffect(() => {
    document.title = t("changes");
  }, [t]);
  const pages = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }) => readChangeSets(api, model.app, { whose, channel, before: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next ?? undefined,
    gcTime: 0,
  });
  const sets = pages.data?.pages.flatMap((page) => page.change_sets) ?? [];
  const choose = (name: string, value: string): void => {
    const next = new URLSearchParams(parameters);
    if (value === "") next.delete(name);
    else next.set(name, value);
    setParameters(next, { replace: true });
  };
  const word = (one: ChangeSet["counts"][number]): string => {
    const entity = entityOf(model, one.entity);
    const did = ACTIONS.includes(one.action) ? t(`did.${one.action}`) : one.action;
    return t("counted", { did, count: one.count, name: label(entity?.name, i18n.language, one.entity) });
  };
  return (
    <div className="page changes-page">
      <header className="page-head">
        <h1>{t("changes")}</h1>
        <select className="input changes-choose" aria-label={t("channel")} value={channel} onChange={(event) => choose("channel", event.target.value)}>
          <option value="">{t("channelAny")}</option>
          {CHANNELS.map((one) => (
            <option key={one} value={one}>
              {t(`history:channel.${one}`)}
            </option>
          ))}
        </select>
        {model.may.includes("publish") ? (
          <select className="input changes-choose" aria-label={t("whose")} value={whose} onChange={(event) => choose("whose", event.target.value === "all" ? "all" : "")}>
            <option value="mine">{t("mine")}</option>
            <option value="all">{t("everybody")}</option>
          </select>
        ) : null}
      </header>
      <div className="changes-body">
        {pages.isPending ? <Loading /> : null}
        {pages.isError ? <Failed error={pages.error} onRetry={() => void pages.refetch()} /> : null}
        {pages.isSuccess && sets.length === 0 && !pages.hasNextPage ? <Empty icon="undo" title={t("changesNone")} /> : null}
        <ul className="changes-list" aria-label={t("changes")}>
          {sets.map((one) => (
            <li key={one.id}>
              <span className="changes-what">
                <strong>{one.counts.map(word).join(t("comma")) || t("nothingToSee")}</strong>
              </span>
              <span className="changes-when">
                {one.actor_title ?? t("system")} · {showInstant(one.at, i18n.language, zoneOf(model))} · {t(`history:channel.${one.channel.split("-")[0] ?? ""}`, { defaultValue: one.channel })}
              </span>
              <Button look="text" icon="undo" onClick={() => setOpen(one.id)}>
                {t("undoLook")}
              </Button>
            </li>
          ))}
        </ul>
        {pages.hasNextPage ? (
          <Button isBusy={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
            {t("more")}
          </Button>
        ) : null}
      </div>
      {open === null ? null : (
        <UndoDialog
          app={model.app}
          changeSet={open}
          onClose={() => setOpen(null)}
          onUndone={() => {
            for (const entity of model.entities) memory.forget(entity.key);
            void cache.invalidateQueries({ queryKey: ["change-sets", model.app] });
          }}
        />
      )}
    </div>
  );
}
