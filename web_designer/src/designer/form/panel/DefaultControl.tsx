/** The default of a field: picked from a list for choices and yes or no, a formula for all else and for what a list cannot say. */
import type { JSX } from "react";
import { label } from "@/shared/i18n/label";
import { useDesign } from "../../core/DesignContext";
import type { FieldDefinition } from "../../core/doc";
import { useTexts } from "../../core/useTexts";
import type { DraftIssue } from "../../core/store";
import { FormulaControl } from "../../formula/FormulaControl";
import { typeOf } from "../kinds";
import type { FieldPlace } from "../usage";
import { SelectControl } from "./controls";
import type { Edit } from "./useEdit";

type DefaultControlProps = {
  readonly place: FieldPlace;
  readonly field: FieldDefinition;
  readonly edit: Edit;
  readonly isDisabled: boolean;
  readonly issues: readonly DraftIssue[];
};

export function DefaultControl({ place, field, edit, isDisabled, issues }: DefaultControlProps): JSX.Element {
  const { t } = useTexts("designer.form");
  const { app, labels } = useDesign();
  const value = field.default ?? "";
  const listed =
    field.kind === "boolean"
      ? [
          { value: "TRUE", text: t("yes") },
          { value: "FALSE", text: t("no") },
        ]
      : field.kind === "choice"
        ? (field.options ?? []).map((option) => ({ value: `"${option.key}"`, text: label(option.name, labels, option.key) }))
        : [];
  if (listed.length > 0 && (value === "" || listed.some((option) => option.value === value))) {
    return (
      <SelectControl
        title={t("property.default")}
        value={value}
        isDisabled={isDisabled}
        options={[{ value: "", text: t("none") }, ...listed]}
        onChange={(chosen) => edit.choose("default", chosen === "" ? undefined : chosen)}
      />
    );
  }
  return (
    <FormulaControl
      title={t("property.default")}
      name="default"
      value={value}
      subject={{ app, entity: place.entity, use: "default", wanted: typeOf(field) }}
      field={field}
      hint={t("default.hint")}
      isDisabled={isDisabled}
      issues={issues}
      onChange={(text) => edit.type("default", text === "" ? undefined : text)}
      onLeave={edit.leave}
    />
  );
}
