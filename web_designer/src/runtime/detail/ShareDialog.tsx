/** Shows whom a record is shared with, shares it with a person or a department, and takes a share back. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useId, useState, type JSX } from "react";
import { useTranslation } from "react-i18next";
import { useApi, useSession } from "@/shared/api/context";
import { localToInstant, showInstant } from "@/shared/format/times";
import { label } from "@/shared/i18n/label";
import { RecordPicker } from "@/shared/renderer/fields/RecordPicker";
import type { Labels } from "@/shared/renderer/types";
import { Button } from "@/shared/ui/Button";
import { DateInput } from "@/shared/ui/DateInput";
import { Dialog } from "@/shared/ui/Dialog";
import { later } from "@/shared/ui/later";
import { Notice } from "@/shared/ui/Notice";
import { Failed, Loading, problemText } from "@/shared/ui/States";
import { useToast } from "@/shared/ui/Toasts";
import type { RecordLinksProps } from "../links/RecordLinks";
import "./share.css";

/** The public links of the record: whoever may share it may open it to those without an account. */
const RecordLinks = later<RecordLinksProps>(async () => (await import("../links/RecordLinks")).default, () => <></>);

export interface ShareProps {
  readonly app: string;
  readonly entity: string;
  readonly record: string;
  readonly title: string;
  readonly mayUpdate: boolean;
  readonly onClose: () => void;
}

interface Share {
  readonly id: string;
  readonly title: string | Labels | null;
  readonly may_update: boolean;
  readonly expires_at: string | null;
}

const TARGETS = { to_user: "organization.user", to_department: "organization.department" } as const;
type Target = keyof typeof TARGETS;

export default function ShareDialog({ app, entity, record, title, mayUpdate, onClose }: ShareProps): JSX.Element {
  const { t, i18n } = useTranslation("detail");
  const api = useApi();
  const zone = useSession().time_zone;
  const client = useQueryClient();
  const toast = useToast();
  const inputId = useId();
  const [target, setTarget] = useState<Target>("to_user");
  const [picked, setPicked] = useState<{ readonly id: string; readonly title: string } | null>(null);
  const [isChanging, setChanging] = useState(false);
  const [until, setUntil] = useState("");
  const [isBusy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState("");
  const path = `/api/apps/${app}/records/${entity}/${record}/shares`;
  const key = ["shares", app, entity, record];
  const shares = useQuery({ queryKey: key, queryFn: ({ signal }) => api.json<{ readonly shares: readonly Share[] }>(path, { signal }) });
  const run = async (deed: () => Promise<unknown>, said: string): Promise<void> => {
    setBusy(true);
    setRefusal("");
    try {
      await deed();
      toast(said);
      setPicked(null);
      // Whom it is shared with next may change it, or has until then, only where that is said again.
      setChanging(false);
      setUntil("");
      await client.invalidateQueries({ queryKey: key });
    } catch (error) {
      setRefusal(problemText(error, t));
    } finally {
      setBusy(false);
    }
  };
  const share = (): void => {
    if (picked === null) return;
    const body = { [target]: picked.id, may_update: isChanging, ...(until === "" ? {} : { expires_at: localToInstant(`${until}T23:59:59`, zone) }) };
    void run(() => api.json(path, { method: "POST", body }), t("share.done", { name: picked.title }));
  };
  const called = (one: Share): string => (typeof one.title === "string" ? one.title : one.title === null ? t("share.unknown") : label(one.title, i18n.language, ""));
  return (
    <Dialog title={t("share.title", { name: title })} onClose={onClose} footer={<Button onClick={onClose}>{t("share.close")}</Button>}>
      {refusal === "" ? null : <Notice look="warning">{refusal}</Notice>}
      <div className="share-form">
        <select className="input" aria-label={t("share.with")} value={target} onChange={(event) => { setTarget(event.target.value as Target); setPicked(null); }}>
          <option value="to_user">{t("share.user")}</option>
          <option value="to_department">{t("share.department")}</option>
        </select>
        <RecordPicker
          key={target}
          app={app}
          field={{ to: TARGETS[target], to_title: "name", where: null }}
          inputId={inputId}
          listLabel={t("share.with")}
          text={picked?.title ?? ""}
          fields={["name"]}
          canClear
          aria={{ "aria-label": t("share.with") }}
          onPick={(found) => setPicked(found === null ? null : { id: found.id, title: found.title })}
        />
        {mayUpdate ? (
          <label className="share-change">
            <input type="checkbox" checked={isChanging} onChange={(event) => setChanging(event.target.checked)} />
            {t("share.mayUpdate")}
          </label>
        ) : null}
        <label className="share-until">
          <span>{t("share.until")}</span>
          <DateInput inputId={`${inputId}-until`} value={until} onChange={setUntil} aria={{}} />
        </label>
        <Button look="primary" isBusy={isBusy} disabled={picked === null} onClick={share}>
          {t("share.add")}
        </Button>
      </div>
      {shares.isPending ? <Loading /> : null}
      {shares.isError ? <Failed error={shares.error} onRetry={() => void shares.refetch()} /> : null}
      {shares.data?.shares.length === 0 ? <p className="share-none">{t("share.none")}</p> : null}
      <ul className="share-list">
        {(shares.data?.shares ?? []).map((one) => (
          <li key={one.id}>
            <span>
              <strong>{called(one)}</strong>
              <span className="share-what">
                {one.may_update ? t("share.canUpdate") : t("share.canRead")}
                {one.expires_at === null ? "" : ` · ${t("share.ends", { day: showInstant(one.expires_at, i18n.language, zone) })}`}
              </span>
            </span>
            <Button look="text" icon="close" disabled={isBusy} aria-label={t("share.remove", { name: called(one) })} title={t("share.remove", { name: called(one) })} onClick={() => void run(() => api.json(`${path}/${one.id}`, { method: "DELETE" }), t("share.gone", { name: called(one) }))} />
          </li>
        ))}
      </ul>
      <RecordLinks app={app} entity={entity} record={record} title={title} />
    </Dialog>
  );
}
