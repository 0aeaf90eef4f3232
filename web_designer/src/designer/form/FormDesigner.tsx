/** The page of the form designer: opens the draft of the app in the address and hands it to the workbench. */
import { type JSX, useEffect, useMemo, useState } from "react";
import { useNavigate, useParams, useSearchParams } from "react-router";
import { useApi, useSession } from "@/shared/api/context";
import type { Language } from "@/shared/i18n/label";
import { Empty, Loading } from "@/shared/ui/States";
import { type Design, DesignContext } from "../core/DesignContext";
import { type Pointer, find, formOf, pointerOf } from "../core/doc";
import { NotOpened } from "../core/NotOpened";
import { type OpenDraft, useOpenDraft } from "../core/useOpenDraft";
import { useTexts } from "../core/useTexts";
import { Workbench } from "./Workbench";
import "../designer.css";
import "./canvas.css";
import "./panel/panel.css";

export default function FormDesigner(): JSX.Element {
  const { app = "" } = useParams();
  const [attempt, setAttempt] = useState(0);
  return <OpenApp key={`${app}:${attempt}`} app={app} onRetry={() => setAttempt(attempt + 1)} />;
}

function OpenApp({ app, onRetry }: { readonly app: string; readonly onRetry: () => void }): JSX.Element {
  const opening = useOpenDraft(useApi(), useSession().user.id, app);
  if (opening.state === "failed") return <NotOpened app={app} error={opening.error} onRetry={onRetry} />;
  if (opening.state === "opening") return <Loading />;
  return <OpenForm app={app} draft={opening.draft} />;
}

function OpenForm({ app, draft }: { readonly app: string; readonly draft: OpenDraft }): JSX.Element {
  const { form = "" } = useParams();
  const [places] = useSearchParams();
  const navigate = useNavigate();
  const { t, language } = useTexts("designer.form");
  const [labels, setLabels] = useState<Language>(language);
  const [said, setSaid] = useState("");
  const [proposed] = useState(() => new Set<Pointer>());
  const [triedOn] = useState<Design["triedOn"]>(() => new Map());
  const design = useMemo<Design>(() => ({ app, ...draft, labels, proposed, triedOn, announce: setSaid }), [app, draft, labels, proposed, triedOn]);
  useEffect(() => {
    // Who comes from a list of problems looks at the place at once.
    const at = places.get("at");
    if (at !== null && at !== pointerOf("forms", form) && find(draft.store.getState().history.document, at) !== undefined) draft.store.getState().select(at);
  }, [draft, form, places]);
  const publish = async (): Promise<void> => {
    if (await draft.autosave.flush()) await navigate(`/design/${app}/publish`, { state: { form } });
  };
  if (!formOf(draft.store.getState().history.document, form)) return <Empty icon="design" title={t("no-form", { form })} />;
  return (
    <DesignContext value={design}>
      <Workbench
        formKey={form}
        onLabels={setLabels}
        onForm={(other) => void navigate(`/design/${app}/forms/${other}`)}
        onPublish={() => void publish()}
      />
      <p className="hidden" role="status" aria-live="polite">
        {said}
      </p>
    </DesignContext>
  );
}
