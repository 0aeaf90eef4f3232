/** The foot of a list: the sums of its number columns over all records that match, not only those that have come. */
import type { JSX } from "react";
import { useTranslation } from "react-i18next";
import { label } from "@/shared/i18n/label";
import { ValueText } from "@/shared/renderer/ValueText";
import type { FieldModel } from "@/shared/renderer/types";
import { useTotals } from "./useTotals";

export interface ListFootProps {
  readonly entity: string;
  readonly fields: readonly FieldModel[];
  readonly filter: string;
  readonly search: string;
  /** Long lists are summed up when somebody asks how long they are. */
  readonly isWanted: boolean;
}

export function ListFoot({ entity, fields, filter, search, isWanted }: ListFootProps): JSX.Element | null {
  const { t, i18n } = useTranslation("list");
  const totals = useTotals(entity, fields, filter, search, isWanted);
  const summed = fields.filter(({ key }) => totals[key] !== undefined);
  if (summed.length === 0) return null;
  return (
    <dl className="list-foot">
      {summed.map((field) => (
        <div key={field.key}>
          <dt>{t("sumOf", { name: label(field.name, i18n.language, field.key) })}</dt>
          <dd>
            <ValueText field={field} value={totals[field.key]} language={i18n.language} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
