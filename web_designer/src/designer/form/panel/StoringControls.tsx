/** What may be done with the values of a field: written or only read, unique or not, found fast, taken from another record. */
import type { JSX } from "react";
import { label } from "@/shared/i18n/label";
import { useDesign, useDocument } from "../../core/DesignContext";
import type { FieldDefinition } from "../../core/doc";
import { useTexts } from "../../core/useTexts";
import { copySources } from "../copySources";
import type { KindRow } from "../kinds";
import type { FieldPlace } from "../usage";
import { SelectControl, SwitchControl } from "./controls";
import type { Edit } from "./useEdit";

type StoringProps = {
  readonly place: FieldPlace;
  readonly field: FieldDefinition;
  readonly row: KindRow;
  readonly edit: Edit;
  readonly faultsOf: (property: string) => readonly string[];
};

export function CopyControl({ place, field, edit, faultsOf }: StoringProps): JSX.Element | null {
  const { t } = useTexts("designer.form");
  const { labels } = useDesign();
  const sources = copySources(useDocument(), place, field);
  const value = field.copy ?? "";
  if (sources.length === 0 && value === "") return null;
  const listed = sources.map((one) => ({ value: one.value, text: `${label(one.reference.name, labels, one.reference.key)} › ${label(one.source.name, labels, one.source.key)}` }));
  const isKnown = value === "" || listed.some((one) => one.value === value);
  return (
    <SelectControl
      title={t("property.copy")}
      value={value}
      options={[{ value: "", text: t("none") }, ...(isKnown ? [] : [{ value, text: value }]), ...listed]}
      isDisabled={field.formula !== undefined}
      hint={t("copy.hint")}
      faults={faultsOf("copy")}
      onChange={(chosen) => edit.choose("copy", chosen === "" ? undefined : chosen)}
    />
  );
}

/** A switch is offered where the kind allows it, and shown wherever it is on, so that it can be turned off. */
export function StoringSwitches({ place, field, row, edit, faultsOf }: StoringProps): JSX.Element {
  const { t } = useTexts("designer.form");
  const isInRows = place.entity.includes(".");
  const offered = {
    read_only: row.hasDefault,
    unique: row.hasUnique && !isInRows,
    indexed: row.hasIndex,
    sensitive: true,
  };
  return (
    <>
      {(["read_only", "unique", "indexed", "sensitive"] as const).map((property) =>
        offered[property] || field[property] === true ? (
          <SwitchControl
            key={property}
            title={t(`property.${property}`)}
            value={field[property] === true}
            isDisabled={property === "read_only" && field.formula !== undefined}
            hint={t(`${property}.hint`)}
            faults={faultsOf(property)}
            onChange={(value) => edit.choose(property, value || undefined)}
          />
        ) : null,
      )}
    </>
  );
}
