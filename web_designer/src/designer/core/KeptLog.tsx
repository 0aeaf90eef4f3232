/** Shows the log that is kept of the drafts of an app: who did what when, the newest first; what is undone is struck out. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type JSX, useState } from "react";
import { useApi } from "@/shared/api/context";
import { showInstant } from "@/shared/format/times";
import { label } from "@/shared/i18n/label";
import { Initials } from "@/shared/renderer/Initials";
import { Button } from "@/shared/ui/Button";
import type { Logged } from "./conflicts";
import { useDesign, useDesignState } from "./DesignContext";
import { readLog } from "./draftApi";
import { entryText } from "./entryText";
import { useTexts } from "./useTexts";

const PAGE = 30;
const MOST = 500;

export function KeptLog(): JSX.Element | null {
  const { t } = useTexts("designer.form");
  const { app } = useDesign();
  const api = useApi();
  const revision = useDesignState((state) => state.revision);
  const [limit, setLimit] = useState(PAGE);
  const { data } = useQuery({
    queryKey: ["design", app, "log", revision, limit],
    queryFn: () => readLog(api, app, { limit: String(limit) }),
    placeholderData: keepPreviousData,
    gcTime: 0,
  });
  if (data === undefined || data.gestures.length === 0) return null;
  return (
    <section className="kept-log" aria-labelledby="log-title">
      <h3 id="log-title">{t("log")}</h3>
      <ol>
        {data.gestures.map((line) => (
          <Line key={line.id} line={line} all={data.gestures} />
        ))}
      </ol>
      {data.next !== null && limit < MOST ? (
        <Button look="text" onClick={() => setLimit(Math.min(limit + PAGE, MOST))}>
          {t("log.more")}
        </Button>
      ) : null}
    </section>
  );
}

function Line({ line, all }: { readonly line: Logged; readonly all: readonly Logged[] }): JSX.Element {
  const { t, language } = useTexts("designer.form");
  const isRedo = all.some((other) => line.undoes.includes(other.id) && other.undoes.length > 0);
  const what = line.undoes.length === 0 ? label(line.text, language) : t(isRedo ? "redo.what" : "undo.what", { what: entryText(line.label, t, language) });
  return (
    <li className={line.undone ? "log-undone" : line.kind === "edit" ? "" : "log-chapter"}>
      <Initials name={line.actor.name} />
      <span>
        {what}
        <small>
          {line.actor.name} · <time dateTime={line.at}>{showInstant(line.at, language)}</time>
          {line.undone ? ` · ${t("log.undone")}` : ""}
        </small>
      </span>
    </li>
  );
}
