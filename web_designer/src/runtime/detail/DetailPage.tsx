/** The page on which a record is read: the sections of its form, who made and changed it, and what one may do with it. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useState, type JSX } from "react";
import { useTranslation } from "react-i18next";
import { useLocation, useNavigate, useParams, useSearchParams } from "react-router";
import { useApi, useSession } from "@/shared/api/context";
import { keys, useModel } from "@/shared/api/model";
import { Problem } from "@/shared/api/problem";
import { deleteRecord, readRecord, type RecordJson } from "@/shared/api/records";
import { showInstant } from "@/shared/format/times";
import { PHONE, useMedia } from "@/shared/hooks/useMedia";
import { label } from "@/shared/i18n/label";
import { FormModel } from "@/shared/renderer/formModel";
import { FormView } from "@/shared/renderer/FormView";
import { entityOf, zoneOf, formOf, type EntityModel } from "@/shared/renderer/types";
import { Button, ButtonLink } from "@/shared/ui/Button";
import { Confirm } from "@/shared/ui/Dialog";
import { Notice } from "@/shared/ui/Notice";
import { later } from "@/shared/ui/later";
import { Empty, Failed, Loading, problemText } from "@/shared/ui/States";
import { useToast } from "@/shared/ui/Toasts";
import { cameFrom, from } from "../cameFrom";
import { useListMemory } from "../listMemory";
import { keepRecent } from "../recent";
import type { AskAccessProps } from "./access/AskAccess";
import type { ReverseProps } from "./ReverseEntry";
import type { PastProps } from "./history/Past";
import type { ShareProps } from "./ShareDialog";
import type { TransitionsProps } from "./Transitions";
import "./detail.css";

/** What happened to the record and what it was: for those who ask for it. */
const Past = later<PastProps>(async () => (await import("./history/Past")).default, Loading);

/** Who may do what with the record, and why: for those who may know it of others. */
const AskAccess = later<AskAccessProps>(async () => (await import("./access/AskAccess")).default, () => <></>);

const ShareDialog = later<ShareProps>(async () => (await import("./ShareDialog")).default, () => <></>);

const ReverseEntry = later<ReverseProps>(async () => (await import("./ReverseEntry")).default, () => null);

export default function DetailPage(): JSX.Element {
  const { t } = useTranslation(["detail", "form"]);
  const model = useModel();
  const api = useApi();
  const { entity: entityKey = "", id = "" } = useParams();
  const entity = entityOf(model, entityKey);
  const record = useQuery({
    queryKey: keys.record(model.app, entityKey, id),
    queryFn: ({ signal }) => readRecord(api, model.app, entityKey, id, signal),
    enabled: entity !== undefined,
    staleTime: 0,
  });
  const memory = useListMemory();
  const isGone = record.error instanceof Problem && record.error.status === 404;
  useEffect(() => {
    // What somebody else deleted is not in the list one goes back to.
    if (isGone) memory.remove(entityKey, id);
  }, [isGone, memory, entityKey, id]);
  if (entity === undefined) return <Empty icon="warning" title={t("form:notAllowed")} />;
  if (record.isError) return <Failed error={record.error} onRetry={() => void record.refetch()} />;
  if (!record.data) return <Loading />;
  return <Detail entity={entity} record={record.data} />;
}

/** The buttons of a record that has states. */
const Transitions = later<TransitionsProps>(async () => (await import("./Transitions")).default, () => <></>);

function Detail({ entity, record }: { readonly entity: EntityModel; readonly record: RecordJson }): JSX.Element {
  const { t, i18n } = useTranslation("detail");
  const model = useModel();
  const api = useApi();
  const session = useSession();
  const user = session.user.id;
  const client = useQueryClient();
  const memory = useListMemory();
  const navigate = useNavigate();
  const toast = useToast();
  const { state } = useLocation();
  const isFromList = cameFrom("list", state);
  const [parameters, setParameters] = useSearchParams();
  const [isAsking, setAsking] = useState(false);
  const [isSharing, setSharing] = useState(false);
  const [isDeleting, setDeleting] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const isCompact = useMedia(PHONE);
  const language = i18n.language;
  const store = useMemo(
    () => new FormModel({ entity, entities: (key) => entityOf(model, key), record, user: null, now: new Date(), zone: zoneOf(model) }),
    [entity, model, record],
  );
  const viewKey = parameters.get("view");
  const view = model.views.find((one) => one.key === viewKey) ?? model.views.find((one) => one.entity === entity.key);
  const form = formOf(model, entity, view?.form);
  const name = label(entity.name, language, entity.key);
  const shown = entity.title ? (record[`${entity.title}__title`] ?? record[entity.title]) : null;
  const title = typeof shown === "string" && shown !== "" ? shown : record.id.slice(0, 8);
  const query = viewKey === null ? "" : `?view=${encodeURIComponent(viewKey)}`;
  useEffect(() => memory.patch(entity.key, record), [memory, entity, record]);
  useEffect(() => {
    document.title = `${name} ${title}`;
    keepRecent(user, { app: model.app, path: `/apps/${model.app}/records/${entity.key}/${record.id}`, title, kind: entity.name });
  }, [user, model, entity, record.id, name, title]);

  const remove = async (): Promise<void> => {
    setDeleting(true);
    setRefusal(null);
    try {
      await deleteRecord(api, model.app, entity.key, record.id, record.revision ?? 0);
      toast(t("deleted", { name: title }));
      memory.remove(entity.key, record.id);
      if (isFromList) await navigate(-1);
      else await navigate(view ? `/apps/${model.app}/views/${view.key}` : `/apps/${model.app}`, { replace: true });
    } catch (error) {
      setRefusal(problemText(error, t));
      setDeleting(false);
      await client.invalidateQueries({ queryKey: keys.record(model.app, entity.key, record.id) });
    }
  };
  const inState = entity.states?.states.find((one) => one.key === record[entity.states?.key ?? ""]);
  const moved = (isDone: boolean, transition: string): void => {
    if (isDone) toast(t("moved", { name: transition }));
    void client.invalidateQueries({ queryKey: keys.record(model.app, entity.key, record.id) });
  };
  const lookAs = (): void => {
    api.viewAs(record.id);
    // Everything that has been loaded is one's own: the page begins anew.
    window.location.assign("/");
  };
  const ask = (): void => {
    setRefusal(null);
    setAsking(true);
  };
  const stamp = (who: unknown, when: unknown): string =>
    typeof when === "string" ? t("stamp", { who: typeof who === "string" ? who : t("system"), when: showInstant(when, language, zoneOf(model)) }) : "";
  const revision = Number(parameters.get("revision"));
  const isPast = parameters.get("tab") === "history" || revision > 0;
  /** Shows a part of the record, and of the past one state of it; the view the record was opened from stays. */
  const show = (tab: "details" | "history", then: number | null = null): void => {
    const next = new URLSearchParams(viewKey === null ? {} : { view: viewKey });
    if (tab === "history") next.set("tab", "history");
    if (then !== null) next.set("revision", String(then));
    setParameters(next, { replace: true, state });
  };
  return (
    <div className="page page-detail">
      <header className="page-head">
        {view && entity.kind !== "single" ? (
          <Button look="text" icon="back" aria-label={t("back", { name: label(view.name, language, view.key) })} onClick={() => void (isFromList ? navigate(-1) : navigate(`/apps/${model.app}/views/${view.key}`))} />
        ) : null}
        <div className="page-title">
          <span className="page-kind">{name}</span>
          <h1>{title}</h1>
        </div>
        <div className="page-acts">
          {model.app === "organization" && entity.key === "user" && session.may.includes("install") ? <ButtonLink to={`/people/${record.id}/account`}>{t("signInOf")}</ButtonLink> : null}
          {model.app === "organization" && entity.key === "user" && session.may.includes("install") && record.id !== user && !api.isViewing ? <Button onClick={lookAs}>{t("viewAs")}</Button> : null}
          {model.may.includes("design") || session.may.includes("install") ? <AskAccess entity={entity} record={record.id} title={title} /> : null}
          {entity.states ? <Transitions entity={entity} record={record} isCompact={isCompact} onMoved={moved} /> : null}
          {entity.actions.includes("reverse") && !record["reverses"] ? <ReverseEntry app={model.app} entity={entity.key} record={record} title={title} /> : null}
          {entity.actions.includes("share") ? (
            <Button icon="people" aria-label={t("share.open")} onClick={() => setSharing(true)}>
              {isCompact ? null : t("share.open")}
            </Button>
          ) : null}
          {entity.actions.includes("delete") && inState?.can_delete !== false ? (
            <Button icon="trash" aria-label={t("common:delete")} onClick={ask}>
              {isCompact ? null : t("common:delete")}
            </Button>
          ) : null}
          {entity.actions.includes("update") && inState?.read_only !== true ? (
            <Button look="primary" icon="edit" onClick={() => void navigate(`/apps/${model.app}/records/${entity.key}/${record.id}/edit${query}`, { state: from("detail") })}>
              {t("common:edit")}
            </Button>
          ) : null}
        </div>
      </header>
      <div className="segments detail-tabs" role="group" aria-label={t("tabs")}>
        <button type="button" aria-pressed={!isPast} onClick={() => show("details")}>
          {t("tabDetails")}
        </button>
        <button type="button" aria-pressed={isPast} onClick={() => show("history")}>
          {t("tabHistory")}
        </button>
      </div>
      <div className="page-body" tabIndex={0} role="region" aria-label={title}>
        {isPast ? (
          <Past entity={entity} record={record} form={form} revision={revision} isCompact={isCompact} onShow={(then) => show("history", then)} />
        ) : (
          <>
            <FormView model={model} entity={entity} form={form} mode="view" language={language} isCompact={isCompact} store={store} />
            <dl className="stamps">
              <div>
                <dt>{t("created")}</dt>
                <dd>{stamp(record["created_by__title"], record["created_at"])}</dd>
              </div>
              <div>
                <dt>{t("updated")}</dt>
                <dd>{stamp(record["updated_by__title"], record["updated_at"])}</dd>
              </div>
            </dl>
          </>
        )}
      </div>
      {isSharing ? (
        <ShareDialog app={model.app} entity={entity.key} record={record.id} title={title} mayUpdate={entity.actions.includes("update")} onClose={() => setSharing(false)} />
      ) : null}
      {isAsking ? (
        <Confirm title={t("deleteTitle", { name: title })} confirmText={t("common:delete")} isDanger isBusy={isDeleting} onConfirm={() => void remove()} onClose={() => setAsking(false)}>
          {refusal === null ? null : <Notice look="error">{refusal}</Notice>}
          <p>{t("deleteText")}</p>
        </Confirm>
      ) : null}
    </div>
  );
}
