/** Shows the publishes that take their time: what is planned, how far one is, why the last one failed; each can be called off until its version is in use. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type JSX, useEffect, useRef, useState } from "react";
import { useApi, useSession } from "@/shared/api/context";
import { showInstant } from "@/shared/format/times";
import { label } from "@/shared/i18n/label";
import { Button } from "@/shared/ui/Button";
import { Notice } from "@/shared/ui/Notice";
import { problemTitle } from "@/shared/ui/States";
import { useTexts } from "../core/useTexts";
import { type Publish, callOff, readPublishes } from "./publishApi";

const LOOK_MS = 1000;
const STAGES = ["fill", "index", "catch-up", "switch"];

/** `onEnd` is told when one that was under way is over; `mayStop` says whether the person may call one off. */
export function UnderWay({ app, mayStop, onEnd }: { readonly app: string; readonly mayStop: boolean; readonly onEnd: (publish: Publish) => void }): JSX.Element | null {
  const api = useApi();
  const found = useQuery({
    queryKey: ["design", app, "publishes"],
    queryFn: () => readPublishes(api, app),
    refetchInterval: (query) => (query.state.data?.some(isUnderWay) ? LOOK_MS : false),
  });
  const watched = useRef(new Set<string>());
  useEffect(() => {
    for (const publish of found.data ?? []) {
      if (isUnderWay(publish)) watched.current.add(publish.id);
      else if (watched.current.delete(publish.id)) onEnd(publish);
    }
  }, [found.data, onEnd]);
  const shown = (found.data ?? []).filter((publish, place) => isUnderWay(publish) || (place === 0 && publish.state === "failed"));
  if (shown.length === 0) return null;
  return (
    <div className="publish-under-way" aria-live="polite">
      {shown.map((publish) => (
        <OnePublish key={publish.id} app={app} publish={publish} mayStop={mayStop} />
      ))}
    </div>
  );
}

function isUnderWay(publish: Publish): boolean {
  return publish.ended_at === null;
}

function OnePublish({ app, publish, mayStop }: { readonly app: string; readonly publish: Publish; readonly mayStop: boolean }): JSX.Element {
  const { t, language } = useTexts("designer.publish");
  const api = useApi();
  const cache = useQueryClient();
  const { time_zone: zone } = useSession();
  const [failure, setFailure] = useState<unknown>(null);
  const stop = async (): Promise<void> => {
    setFailure(null);
    try {
      await callOff(api, app, publish.id);
    } catch (error) {
      setFailure(error);
    }
    await cache.invalidateQueries({ queryKey: ["design", app, "publishes"] });
  };
  if (publish.state === "failed") {
    return (
      <Notice look="error">
        <h3>{t("failed-publish", { when: showInstant(publish.ended_at ?? publish.created_at, language, zone) })}</h3>
        <ul>
          {publish.issues.map((issue) => (
            <li key={`${issue.pointer}${issue.code}`}>{label(issue.message, language, issue.code)}</li>
          ))}
          {publish.reason === null ? null : <li>{publish.reason}</li>}
        </ul>
      </Notice>
    );
  }
  const canStop = mayStop && (publish.state === "scheduled" || (publish.state === "filling" && !publish.cancelling));
  return (
    <Notice
      look="info"
      action={
        canStop ? (
          <Button onClick={() => void stop()}>{t("call-off")}</Button>
        ) : undefined
      }
    >
      <p>
        {publish.state === "scheduled"
          ? t("scheduled", { when: showInstant(publish.due_at ?? publish.created_at, language, zone), author: publish.author })
          : t("under-way", { version: publish.version ?? "", author: publish.author })}
        {publish.note ? ` ${publish.note}` : ""}
      </p>
      {publish.state === "scheduled" ? null : (
        <>
          <p id={`at-${publish.id}`}>{publish.cancelling ? t("cancelling") : t(`stage.${stageOf(publish)}`, { done: publish.done, total: publish.total })}</p>
          <progress aria-labelledby={`at-${publish.id}`} max={1} {...(publish.total > 0 ? { value: publish.done / publish.total } : {})} />
        </>
      )}
      {failure === null ? null : <p role="alert">{problemTitle(failure, t)}</p>}
    </Notice>
  );
}

function stageOf(publish: Publish): string {
  if (publish.state === "finishing") return "finish";
  return STAGES.includes(publish.stage) ? publish.stage : "begin";
}
