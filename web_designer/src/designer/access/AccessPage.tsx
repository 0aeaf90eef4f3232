/** The page of roles and permissions: opens the draft of the app in the address, shows its roles, and what each may do with what. */
import { useQuery } from "@tanstack/react-query";
import { type JSX, useMemo, useState } from "react";
import { useNavigate } from "react-router";
import { lintAccess } from "@/shared/api/access";
import { useApi } from "@/shared/api/context";
import { Problem } from "@/shared/api/problem";
import { label } from "@/shared/i18n/label";
import { Button, ButtonLink } from "@/shared/ui/Button";
import { Notice } from "@/shared/ui/Notice";
import { Conflicts } from "../core/Conflicts";
import { type Design, DesignContext, useDesign, useDesignState, useDocument } from "../core/DesignContext";
import type { Pointer } from "../core/doc";
import { Editors } from "../core/Editors";
import { SaveState } from "../core/SaveState";
import { ToPublish } from "../core/ToPublish";
import type { OpenDraft } from "../core/useOpenDraft";
import { useTexts } from "../core/useTexts";
import { WithDraft } from "../core/WithDraft";
import { CellPanel } from "./CellPanel";
import { MatrixTable } from "./MatrixTable";
import { RolePanel } from "./RolePanel";
import "../designer.css";
import "../form/panel/panel.css";
import "./access.css";

/** What is looked at beside the matrix: a role, or a role and an entity. */
export type Chosen = { readonly role: string; readonly entity: string | null };

export default function AccessPage(): JSX.Element {
  return <WithDraft shown={(app, draft) => <Opened app={app} draft={draft} />} />;
}

function Opened({ app, draft }: { readonly app: string; readonly draft: OpenDraft }): JSX.Element {
  const { language } = useTexts("designer.access");
  const [said, setSaid] = useState("");
  const [proposed] = useState(() => new Set<Pointer>());
  const [triedOn] = useState<Design["triedOn"]>(() => new Map());
  const design = useMemo<Design>(() => ({ app, ...draft, labels: language, proposed, triedOn, announce: setSaid }), [app, draft, language, proposed, triedOn]);
  return (
    <DesignContext value={design}>
      <Page />
      <p className="hidden" role="status" aria-live="polite">
        {said}
      </p>
    </DesignContext>
  );
}

function Page(): JSX.Element {
  const { t } = useTexts("designer.access");
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const warnings = useWarnings();
  const place = chosen === null ? null : `${chosen.role}:${chosen.entity ?? ""}`;
  return (
    <div className="designer access-page">
      <Bar />
      <Conflicts />
      <div className="access-parts">
        <div className="access-main">
          <MatrixTable chosen={chosen} onChoose={setChosen} />
          <Warnings found={warnings} />
        </div>
        {chosen === null ? null : (
          <aside className="access-side" aria-label={t("side")}>
            <Button look="text" icon="close" aria-label={t("close")} onClick={() => setChosen(null)} />
            {chosen.entity === null ? (
              <RolePanel key={place} role={chosen.role} onGone={() => setChosen(null)} />
            ) : (
              <CellPanel key={place} role={chosen.role} entity={chosen.entity} warnings={warnings.data ?? []} />
            )}
          </aside>
        )}
      </div>
    </div>
  );
}

function Bar(): JSX.Element {
  const { t, language } = useTexts("designer.access");
  const { app, store, autosave } = useDesign();
  const navigate = useNavigate();
  const document = useDocument();
  const hasPast = useDesignState((state) => state.history.past.length > 0);
  const hasFuture = useDesignState((state) => state.history.future.length > 0);
  const form = document.forms[0]?.key;
  const publish = async (): Promise<void> => {
    if (await autosave.flush()) await navigate(`/design/${app}/publish`);
  };
  return (
    <header className="design-bar">
      <ButtonLink look="text" to={form === undefined ? `/apps/${app}` : `/design/${app}/forms/${form}`} label={t("back")}>
        ‹ <span>{label(document.name, language, app)}</span>
      </ButtonLink>
      <h1>{t("title")}</h1>
      <div className="design-bar-group">
        <Button look="text" disabled={!hasPast} onClick={() => store.getState().undo()}>
          ↶ {t("undo")}
        </Button>
        <Button look="text" disabled={!hasFuture} onClick={() => store.getState().redo()}>
          ↷ {t("redo")}
        </Button>
      </div>
      <SaveState />
      <Editors />
      <span className="design-bar-space" />
      {(["xlsx", "csv"] as const).map((format) => (
        <a key={format} className="access-download" href={`/api/apps/${encodeURIComponent(app)}/access/matrix/export?of=draft&format=${format}`} download={`${app}-permissions.${format}`}>
          {t("download", { format: format.toUpperCase() })}
        </a>
      ))}
      <ToPublish
        app={app}
        look="primary"
        onClick={(event) => {
          // What is unsent goes first, so that the page shows all of it.
          event.preventDefault();
          void publish();
        }}
      >
        {t("to-publish")}
      </ToPublish>
    </header>
  );
}

type Found = ReturnType<typeof useWarnings>;

/** Ask what may not be meant in the draft, anew whenever another revision of it has been saved. */
function useWarnings() {
  const api = useApi();
  const { app } = useDesign();
  const revision = useDesignState((state) => state.revision);
  return useQuery({ queryKey: ["design", app, "lint", revision], queryFn: () => lintAccess(api, app), placeholderData: (before) => before, retry: false, gcTime: 0 });
}

function Warnings({ found }: { readonly found: Found }): JSX.Element | null {
  const { t, language } = useTexts("designer.access");
  const { app } = useDesign();
  if (found.error instanceof Problem && found.error.code === "definition-invalid")
    return (
      <Notice look="warning" action={<ButtonLink to={`/design/${app}/problems`}>{t("to-problems")}</ButtonLink>}>
        {t("invalid")}
      </Notice>
    );
  if (found.data === undefined) return null;
  return (
    <section className="access-warnings" aria-labelledby="access-warnings">
      <h2 id="access-warnings">{found.data.length === 0 ? t("no-warnings") : t("warnings", { count: found.data.length })}</h2>
      <ul>
        {found.data.map((one) => (
          <li key={`${one.pointer}:${one.code}:${label(one.message, "en")}`}>{label(one.message, language, one.code)}</li>
        ))}
      </ul>
    </section>
  );
}
