/** Takes the lines of one side of a conflict and those of the other, shows what of the one the other does not have. */
import type { JSX } from "react";
import { useTranslation } from "react-i18next";
import { label } from "@/shared/i18n/label";
import { isBlank, sameValue, type Values } from "@/shared/renderer/fieldValues";
import { isWritable } from "@/shared/renderer/formRows";
import type { FieldModel } from "@/shared/renderer/types";
import { beside } from "@/shared/renderer/pointing";
import { ValueText } from "@/shared/renderer/ValueText";

export interface Line {
  readonly id: string | null;
  readonly values: Values;
}

const SHOWN = 5;
/** Of a line the other side does not have at all, the first columns say enough. */
const COLUMNS_OF_NEW = 2;

export function DifferentLines({ field, lines, others, language, zone }: { readonly field: FieldModel; readonly lines: readonly Line[]; readonly others: readonly Line[]; readonly language: string; readonly zone: string }): JSX.Element {
  const { t } = useTranslation("form");
  const different = lines.flatMap(({ id, values }, index) => {
    const other = others.find((one) => id !== null && one.id === id)?.values;
    const columns = (field.fields ?? []).filter((column) => isWritable(column) && !isBlank(values[column.key]) && !sameValue(values[column.key] ?? null, other?.[column.key] ?? null));
    return columns.length === 0 ? [] : [{ position: index + 1, values, columns: other === undefined ? columns.slice(0, COLUMNS_OF_NEW) : columns }];
  });
  return (
    <>
      {t("lineCount", { count: lines.length })}
      <ul>
        {different.slice(0, SHOWN).map(({ position, values, columns }) => (
          <li key={position}>
            {t("lineName", { position })}
            {columns.map((column) => (
              <span key={column.key}>
                {" · "}
                {label(column.name, language, column.key)} <ValueText field={column} value={values[column.key]} title={beside(values, column)} language={language} zone={zone} />
              </span>
            ))}
          </li>
        ))}
        {different.length > SHOWN ? <li>…</li> : null}
      </ul>
    </>
  );
}
