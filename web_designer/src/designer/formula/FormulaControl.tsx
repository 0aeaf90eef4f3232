/** The control for an expression in a property panel: the formula editor, and a plain text box until that has been loaded. */
import type { ComponentType, JSX } from "react";
import { getI18n } from "react-i18next";
import { later } from "@/shared/ui/later";
import type { FieldDefinition } from "../core/doc";
import type { DraftIssue } from "../core/store";
import { useTexts } from "../core/useTexts";
import { TextControl, faultTexts } from "../form/panel/controls";
import type { Subject } from "./expressionApi";

export type FormulaControlProps = {
  readonly title: string;
  readonly name: string;
  readonly value: string;
  readonly subject: Subject;
  /** The field that is to hold what the expression gives. */
  readonly field?: FieldDefinition;
  readonly hint: string;
  readonly isDisabled?: boolean;
  /** What is wrong with the expression in the draft as it was last saved. */
  readonly issues: readonly DraftIssue[];
  readonly onChange: (text: string) => void;
  readonly onLeave: () => void;
};

function PlainFormula(props: FormulaControlProps): JSX.Element {
  const { language } = useTexts("designer.form");
  const { title, name, value, hint, isDisabled = false, issues, onChange, onLeave } = props;
  return (
    <TextControl
      title={title}
      name={name}
      isCode
      rows={3}
      value={value}
      hint={hint}
      isDisabled={isDisabled}
      faults={faultTexts(issues, language, value)}
      onChange={onChange}
      onLeave={onLeave}
    />
  );
}

/** Loads the editor with its texts: a part that had to wait for texts would take the whole page away for a moment, and the focus with it. */
async function loadEditor(): Promise<ComponentType<FormulaControlProps>> {
  try {
    const [found] = await Promise.all([import("./FormulaEditor"), getI18n().loadNamespaces("designer.formula")]);
    return found.FormulaEditor;
  } catch {
    // An expression can be written without its editor, too.
    return PlainFormula;
  }
}

export const FormulaControl = later<FormulaControlProps>(loadEditor, PlainFormula);
