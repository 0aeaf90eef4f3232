/** The page of the form designer: opens the draft of the app in the address and hands it to the workbench. */
import { type JSX, useEffect, useMemo, useState } from "react";
import { useNavigate, useParams, useSearchParams } from "react-router";
import type { Language } from "@/shared/i18n/label";
import { Empty } from "@/shared/ui/States";
import { type Design, DesignContext } from "../core/DesignContext";
import { type Pointer, find, formOf, pointerOf } from "../core/doc";
import type { OpenDraft } from "../core/useOpenDraft";
import { useTexts } from "../core/useTexts";
import { WithDraft } from "../core/WithDraft";
import { Workbench } from "./Workbench";
import "../designer.css";
import "./canvas.css";
import "./panel/panel.css";

export default function FormDesigner(): JSX.Element {
  return <WithDraft shown={(app, draft) => <OpenForm app={app} draft={draft} />} />;
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
