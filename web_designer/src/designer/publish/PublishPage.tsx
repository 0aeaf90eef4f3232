/** The page on which a draft becomes a version: what will change, in words; what is wrong; a note; the versions so far. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type JSX, useCallback, useState } from "react";
import { useLocation, useParams } from "react-router";
import { useApi, useSession } from "@/shared/api/context";
import { Problem } from "@/shared/api/problem";
import { label } from "@/shared/i18n/label";
import { Button, ButtonLink } from "@/shared/ui/Button";
import { Confirm } from "@/shared/ui/Dialog";
import { Notice } from "@/shared/ui/Notice";
import { Loading, problemTitle } from "@/shared/ui/States";
import { useToast } from "@/shared/ui/Toasts";
import { type Changes, discardDraft, readChanges, readDraft } from "../core/draftApi";
import { NotOpened } from "../core/NotOpened";
import type { Draft } from "../core/store";
import { unsentLog } from "../core/unsent";
import { useMay } from "../core/useMay";
import { useTexts } from "../core/useTexts";
import { ChangeList } from "./ChangeList";
import { VersionList } from "./VersionList";
import { UnderWay } from "./UnderWay";
import { RehearsalReport } from "./RehearsalReport";
import { type Publish as PublishUnderWay, type Rehearsal, publishDraft, rehearse } from "./publishApi";
import { startOf } from "./startOf";
import "../designer.css";
import "../form/panel/panel.css";
import "./publish.css";

const draftKeys = (app: string): readonly string[] => ["design", app];

export default function PublishPage(): JSX.Element {
  const { app = "" } = useParams();
  const api = useApi();
  const found = useQuery({
    queryKey: [...draftKeys(app), "changes"],
    queryFn: async (): Promise<readonly [Draft, Changes]> => [await readDraft(api, app), await readChanges(api, app)],
    gcTime: 0,
  });
  if (found.isError) return <NotOpened app={app} error={found.error} onRetry={() => void found.refetch()} />;
  if (found.isPending) return <Loading />;
  const [draft, changes] = found.data;
  return <Publish key={app} app={app} draft={draft} changes={changes} />;
}

type Act = "publish" | "discard" | "rehearse";
type PublishProps = { readonly app: string; readonly draft: Draft; readonly changes: Changes };

function Publish({ app, draft, changes }: PublishProps): JSX.Element {
  const { t, language } = useTexts("designer.publish");
  const api = useApi();
  const cache = useQueryClient();
  const toast = useToast();
  const location = useLocation();
  const session = useSession();
  const [note, setNote] = useState("");
  const [due, setDue] = useState("");
  const [rehearsal, setRehearsal] = useState<Rehearsal | null>(null);
  const [busy, setBusy] = useState<Act | null>(null);
  const [isAsking, setAsking] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const [published, setPublished] = useState<number | null>(null);
  const mayPublish = useMay(app, "publish");
  const isBroken = changes.issues.length > 0;
  const form = formIn(location.state) ?? draft.document.forms[0]?.key;

  const act = async (what: Act, work: () => Promise<void>): Promise<void> => {
    setBusy(what);
    setFailure(null);
    try {
      await work();
    } catch (error) {
      setFailure(error);
    }
    // Whatever happened, the page shows what the server has now.
    await cache.invalidateQueries({ queryKey: draftKeys(app) });
    setBusy(null);
  };
  const publish = (): Promise<void> =>
    act("publish", async () => {
      const { version } = await publishDraft(api, app, draft.revision, note.trim(), due === "" ? null : new Date(due).toISOString());
      setPublished(version);
      setNote("");
      setDue("");
      setRehearsal(null);
      await renew();
    });
  const renew = async (): Promise<void> => {
    await Promise.all([cache.invalidateQueries({ queryKey: ["model", app] }), cache.invalidateQueries({ queryKey: ["apps"] })]);
  };
  const end = useCallback(
    (publish: PublishUnderWay): void => {
      if (publish.state === "done") setPublished(publish.version);
      void cache.invalidateQueries({ queryKey: draftKeys(app) });
      void cache.invalidateQueries({ queryKey: ["model", app] });
      void cache.invalidateQueries({ queryKey: ["apps"] });
    },
    [app, cache],
  );
  const tryOut = (): Promise<void> => act("rehearse", async () => setRehearsal(await rehearse(api, app)));
  const discard = (): Promise<void> =>
    act("discard", async () => {
      await discardDraft(api, app);
      unsentLog(window.localStorage, session.user.id, app).write([]);
      setAsking(false);
      toast(t("discarded"));
    });

  return (
    <div className="publish-page">
      <div className="publish">
        <header className="publish-head">
          <h1>{t("title", { app: label(draft.document.name, language, app) })}</h1>
          {form === undefined ? null : (
            <ButtonLink to={`/design/${app}/forms/${form}`}>
              {t("to-designer")}
            </ButtonLink>
          )}
          <ButtonLink to={`/design/${app}/upgrade`}>{t("to-upgrade")}</ButtonLink>
          <ButtonLink to={startOf(app, draft.document)}>
            {t("to-app")}
          </ButtonLink>
        </header>
        {published === null ? null : (
          <Notice
            look="info"
            action={
              <ButtonLink look="primary" to={startOf(app, draft.document)}>
                {t("open-app")}
              </ButtonLink>
            }
          >
            {t("published", { version: published })}
          </Notice>
        )}
        {failure === null ? null : (
          <Notice look="error">
            {problemTitle(failure, t)}
            {failure instanceof Problem && failure.errors.length > 0 ? (
              <ul>
                {failure.errors.map((error) => (
                  <li key={`${error.pointer ?? ""}${error.code}`}>{error.detail}</li>
                ))}
              </ul>
            ) : null}
          </Notice>
        )}
        <UnderWay app={app} mayStop={mayPublish} onEnd={end} />
        <section className="publish-part" aria-labelledby="changes-title">
          <h2 id="changes-title">{t("changes")}</h2>
          <ChangeList app={app} document={draft.document} changes={changes} />
          {changes.changes.length === 0 ? null : (
            <form
              className="publish-form"
              onSubmit={(event) => {
                event.preventDefault();
                void publish();
              }}
            >
              {mayPublish ? (
                <>
                  <div className="prop">
                    <label htmlFor="publish-note">{t("note")}</label>
                    <textarea id="publish-note" className="input" rows={2} maxLength={1000} placeholder={t("note.hint")} value={note} onChange={(event) => setNote(event.target.value)} />
                  </div>
                  <div className="prop publish-due">
                    <label htmlFor="publish-due">{t("due")}</label>
                    <input id="publish-due" className="input" type="datetime-local" value={due} onChange={(event) => setDue(event.target.value)} />
                    <span className="design-hint">{t("due.hint")}</span>
                  </div>
                </>
              ) : (
                <p className="design-hint">{t("may-not-publish")}</p>
              )}
              {changes.is_long ? <p className="design-hint">{t("long")}</p> : null}
              <div className="publish-acts">
                {mayPublish ? (
                  <>
                    <Button type="submit" look="primary" isBusy={busy === "publish"} disabled={isBroken || changes.changes.length === 0 || busy !== null}>
                      {due === "" ? t("publish") : t("schedule")}
                    </Button>
                    <Button isBusy={busy === "rehearse"} disabled={isBroken || busy !== null} onClick={() => void tryOut()}>
                      {t("rehearse")}
                    </Button>
                  </>
                ) : null}
                <Button className="publish-discard" icon="trash" disabled={busy !== null} onClick={() => setAsking(true)}>
                  {t("discard")}
                </Button>
              </div>
              {isBroken && mayPublish ? <p className="design-hint">{t("broken")}</p> : null}
              {rehearsal === null || rehearsal.revision !== draft.revision ? null : <RehearsalReport rehearsal={rehearsal} />}
            </form>
          )}
        </section>
        <section className="publish-part" aria-labelledby="versions-title">
          <h2 id="versions-title">{t("versions")}</h2>
          <VersionList app={app} />
          <div>
            <ButtonLink to={`/design/${app}/versions`}>{t("to-versions")}</ButtonLink>
          </div>
        </section>
        {isAsking ? (
          <Confirm title={t("discard.title")} confirmText={t("discard")} isDanger isBusy={busy === "discard"} onClose={() => setAsking(false)} onConfirm={() => void discard()}>
            {t("discard.text")}
          </Confirm>
        ) : null}
      </div>
    </div>
  );
}

function formIn(state: unknown): string | undefined {
  const form = (state as { form?: unknown } | null)?.form;
  return typeof form === "string" ? form : undefined;
}
