/** A text of an element in both languages, side by side. */
import type { JSX } from "react";
import { LANGUAGES, label } from "@/shared/i18n/label";
import { useDesignState } from "../../core/DesignContext";
import { type Labels, type Pointer, find, under } from "../../core/doc";
import { useTexts } from "../../core/useTexts";
import { TextControl } from "./controls";
import { useEdit } from "./useEdit";

type LabelledProps = {
  readonly pointer: Pointer;
  readonly property: "name" | "help" | "pattern_message";
  /** Called in place of ending the entry of typing, which is then the caller's. */
  readonly onLeave?: (language: string) => void;
  readonly onType?: (language: string) => void;
};

export function Labelled({ pointer, property, onLeave, onType }: LabelledProps): JSX.Element {
  const { t } = useTexts("designer.form");
  const edit = useEdit(pointer);
  const texts = useDesignState((state) => find(state.history.document, under(pointer, property)) as Labels | undefined);
  return (
    <div className="prop-pair">
      {LANGUAGES.map((language) => (
        <TextControl
          key={language}
          name={`${property}-${language}`}
          title={t(`property.${property}.${language}`)}
          language={language}
          value={texts?.[language] ?? ""}
          placeholder={label(texts, language)}
          onChange={(text) => {
            edit.typeLabel(property, language, text);
            onType?.(language);
          }}
          onLeave={() => (onLeave ? onLeave(language) : edit.leave())}
        />
      ))}
    </div>
  );
}
