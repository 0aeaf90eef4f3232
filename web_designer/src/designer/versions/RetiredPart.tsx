/** Lists data that no version in use shows, when it is asked for, and purges what is chosen once the app's key has been typed. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type JSX, useState } from "react";
import { useApi, useSession } from "@/shared/api/context";
import { Problem } from "@/shared/api/problem";
import { showInstant } from "@/shared/format/times";
import { label } from "@/shared/i18n/label";
import { Button } from "@/shared/ui/Button";
import { Dialog } from "@/shared/ui/Dialog";
import { Notice } from "@/shared/ui/Notice";
import { Failed, Loading, problemTitle } from "@/shared/ui/States";
import { useToast } from "@/shared/ui/Toasts";
import { useTexts } from "../core/useTexts";
import { type Retired, purgeRetired, readRetired } from "./versionApi";

const UNITS = ["B", "kB", "MB", "GB", "TB"];

export function RetiredPart({ app }: { readonly app: string }): JSX.Element {
  const { t } = useTexts("designer.versions");
  const [isShown, setShown] = useState(false);
  return (
    <>
      <p className="design-hint">{t("retired.text")}</p>
      {isShown ? (
        <RetiredList app={app} />
      ) : (
        <div>
          <Button onClick={() => setShown(true)}>{t("retired.show")}</Button>
        </div>
      )}
    </>
  );
}

function RetiredList({ app }: { readonly app: string }): JSX.Element {
  const { t, language } = useTexts("designer.versions");
  const api = useApi();
  const { time_zone: zone } = useSession();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [isAsking, setAsking] = useState(false);
  const found = useQuery({ queryKey: ["design", app, "retired"], queryFn: () => readRetired(api, app), gcTime: 0 });
  if (found.isError) return <Failed error={found.error} onRetry={() => void found.refetch()} />;
  if (found.isPending) return <Loading />;
  const { retired, purged } = found.data;
  const choose = (name: string, isChosen: boolean): void => setChosen(new Set(isChosen ? [...chosen, name] : [...chosen].filter((one) => one !== name)));
  return (
    <>
      {retired.length === 0 ? <p>{t("retired.none")}</p> : null}
      <div className="retired-list">
        {retired.map((one) => (
          <label key={one.name}>
            <input type="checkbox" checked={chosen.has(one.name)} onChange={(event) => choose(one.name, event.target.checked)} />
            <span>
              {label(one.label, language, one.name)}
              <small>{t("retired.of", { count: one.count, size: sizeOf(one.size), version: one.version, since: showInstant(one.since, language, zone) })}</small>
            </span>
          </label>
        ))}
      </div>
      {retired.length === 0 ? null : (
        <div>
          <Button icon="trash" disabled={chosen.size === 0} onClick={() => setAsking(true)}>
            {t("purge")}
          </Button>
        </div>
      )}
      {purged.length === 0 ? null : (
        <details>
          <summary>{t("purged")}</summary>
          <ul className="publish-warnings">
            {purged.map((one) => (
              <li key={`${one.name}${one.purged_at}`}>
                {label(one.label, language, one.name)}: {t("purged.of", { count: one.count, when: showInstant(one.purged_at, language, zone), who: one.purged_by })}
              </li>
            ))}
          </ul>
        </details>
      )}
      {isAsking ? (
        <PurgeDialog
          app={app}
          retired={retired.filter((one) => chosen.has(one.name))}
          onClose={() => setAsking(false)}
          onDone={() => {
            setAsking(false);
            setChosen(new Set());
          }}
        />
      ) : null}
    </>
  );
}

type DialogProps = { readonly app: string; readonly retired: readonly Retired[]; readonly onClose: () => void; readonly onDone: () => void };

function PurgeDialog({ app, retired, onClose, onDone }: DialogProps): JSX.Element {
  const { t, language } = useTexts("designer.versions");
  const api = useApi();
  const cache = useQueryClient();
  const toast = useToast();
  const [typed, setTyped] = useState("");
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const purge = async (): Promise<void> => {
    setBusy(true);
    setFailure(null);
    try {
      cache.setQueryData(["design", app, "retired"], await purgeRetired(api, app, retired.map((one) => one.name), typed));
      toast(t("purge.done", { count: retired.length }));
      onDone();
    } catch (error) {
      setFailure(error);
    }
    setBusy(false);
  };
  return (
    <Dialog
      title={t("purge.title")}
      role="alertdialog"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t("cancel")}</Button>
          <Button look="danger" isBusy={isBusy} disabled={typed !== app} onClick={() => void purge()}>
            {t("purge.confirm")}
          </Button>
        </>
      }
    >
      <div className="restore">
        {failure === null ? null : (
          <Notice look="error">
            {problemTitle(failure, t)}
            {failure instanceof Problem ? (
              <ul>
                {failure.errors.map((error) => (
                  <li key={`${error.pointer ?? ""}${error.code}`}>{error.detail}</li>
                ))}
              </ul>
            ) : null}
          </Notice>
        )}
        <p>{t("purge.text")}</p>
        <ul className="publish-warnings">
          {retired.map((one) => (
            <li key={one.name}>
              {label(one.label, language, one.name)} ({one.count})
            </li>
          ))}
        </ul>
        <p className="design-hint">{t("purge.kept")}</p>
        <div className="prop">
          <label htmlFor="purge-typed">{t("purge.type", { app })}</label>
          <input id="purge-typed" className="input" autoComplete="off" spellCheck={false} value={typed} onChange={(event) => setTyped(event.target.value)} />
        </div>
      </div>
    </Dialog>
  );
}

/** Return a number of bytes as people read it. */
function sizeOf(bytes: number): string {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  return `${Number((bytes / 1000 ** power).toPrecision(3))} ${UNITS[power]}`;
}
