/** The bar above the canvas: where one is, undo and redo, what is saved, how the canvas is shown, and the way to publish. */
import type { JSX } from "react";
import { LANGUAGES, type Language, label } from "@/shared/i18n/label";
import { Button, ButtonLink } from "@/shared/ui/Button";
import { useDesign, useDesignState } from "../core/DesignContext";
import { type AppDocument, formOf } from "../core/doc";
import { Editors } from "../core/Editors";
import { entryText } from "../core/entryText";
import { SaveState } from "../core/SaveState";
import { ToPublish } from "../core/ToPublish";
import { useTexts } from "../core/useTexts";
import type { Preview } from "./Canvas";

type ToolbarProps = {
  readonly formKey: string;
  readonly preview: Preview;
  readonly onPreview: (preview: Preview) => void;
  readonly onLabels: (language: Language) => void;
  readonly onForm: (form: string) => void;
  readonly onPublish: () => void;
};

export function Toolbar({ formKey, preview, onPreview, onLabels, onForm, onPublish }: ToolbarProps): JSX.Element {
  const { t, language } = useTexts("designer.form");
  const { app, store, labels } = useDesign();
  const document = useDesignState((state) => state.history.document);
  const last = useDesignState((state) => state.history.past.at(-1));
  const next = useDesignState((state) => state.history.future[0]);
  const undoText = last ? t("undo.what", { what: entryText(last.label, t, language) }) : t("undo");
  const redoText = next ? t("redo.what", { what: entryText(next.label, t, language) }) : t("redo");
  return (
    <header className="design-bar">
      <ButtonLink look="text" to={backTo(app, document, formKey)} label={t("back")}>
        ‹ <span>{label(document.name, language, app)}</span>
      </ButtonLink>
      <h1>
        <select className="input" aria-label={t("form")} value={formKey} onChange={(event) => onForm(event.target.value)}>
          {document.forms.map((form) => (
            <option key={form.key} value={form.key}>
              {label(form.name, language, form.key)}
            </option>
          ))}
        </select>
      </h1>
      <div className="design-bar-group">
        <Button look="text" title={`${undoText} (Ctrl+Z)`} aria-label={undoText} disabled={!last} onClick={() => store.getState().undo()}>
          ↶ {t("undo")}
        </Button>
        <Button look="text" title={`${redoText} (Ctrl+Y)`} aria-label={redoText} disabled={!next} onClick={() => store.getState().redo()}>
          ↷ {t("redo")}
        </Button>
      </div>
      <SaveState />
      <Editors />
      <span className="design-bar-space" />
      <Choice
        title={t("preview")}
        value={preview}
        options={[
          { value: "desktop", text: t("preview.desktop") },
          { value: "phone", text: t("preview.phone") },
        ]}
        onChoose={onPreview}
      />
      <Choice title={t("labels")} value={labels} options={LANGUAGES.map((value) => ({ value, text: value === "en" ? "EN" : "中" }))} onChoose={onLabels} />
      <ButtonLink to={`/design/${app}/access`}>{t("to-access")}</ButtonLink>
      <ToPublish
        app={app}
        look="primary"
        onClick={(event) => {
          // What is unsent goes first, so that the page shows all of it.
          event.preventDefault();
          onPublish();
        }}
      >
        {t("to-publish")}
      </ToPublish>
    </header>
  );
}

type ChoiceProps<T extends string> = {
  readonly title: string;
  readonly value: T;
  readonly options: readonly { readonly value: T; readonly text: string }[];
  readonly onChoose: (value: T) => void;
};

function Choice<T extends string>({ title, value, options, onChoose }: ChoiceProps<T>): JSX.Element {
  return (
    <div className="segments" role="group" aria-label={title}>
      {options.map((option) => (
        <button key={option.value} type="button" aria-pressed={option.value === value} onClick={() => onChoose(option.value)}>
          {option.text}
        </button>
      ))}
    </div>
  );
}

/** The list of the records this form is for, else the first page of the app. */
function backTo(app: string, document: AppDocument, formKey: string): string {
  const view = document.views?.find((other) => other.form === formKey) ?? document.views?.find((other) => other.entity === formOf(document, formKey)?.entity);
  return view ? `/apps/${app}/views/${view.key}` : "/";
}
