/** What the parts of the property panel for one kind of field share: what they are given, and a limit of a number. */
import type { JSX } from "react";
import type { FieldDefinition, Pointer } from "../../core/doc";
import type { DraftIssue } from "../../core/store";
import type { Texts } from "../../core/useTexts";
import { TextControl } from "./controls";
import type { Edit } from "./useEdit";

export type KindPanelProps = { readonly pointer: Pointer; readonly field: FieldDefinition; readonly isFixed: boolean; readonly issues: readonly DraftIssue[] };
export type Part = (props: KindPanelProps & { readonly edit: Edit; readonly t: Texts }) => JSX.Element;

/** A number as text in plain notation; nothing means no limit. */
export function Limit({ property, value, edit, t }: { readonly property: "min" | "max"; readonly value?: string | undefined; readonly edit: Edit; readonly t: Texts }): JSX.Element {
  const isNumber = value === undefined || /^-?\d+(\.\d+)?$/.test(value);
  return (
    <TextControl
      title={t(`property.${property}`)}
      name={property}
      value={value ?? ""}
      faults={isNumber ? [] : [t("not-a-number")]}
      onChange={(text) => edit.type(property, text.trim() === "" ? undefined : text.trim())}
      onLeave={edit.leave}
    />
  );
}
