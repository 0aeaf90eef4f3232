/** Shows what the records of a group, or of a value of a facet, share: months by their name, blanks in words, the rest as in a list. */
import type { JSX } from "react";
import { useTranslation } from "react-i18next";
import { ValueText } from "@/shared/renderer/ValueText";
import type { FieldModel } from "@/shared/renderer/types";
import { monthText } from "./narrowing";

export function GroupValue({ field, value, title }: { readonly field: FieldModel; readonly value: unknown; readonly title: string | null | undefined }): JSX.Element {
  const { t, i18n } = useTranslation("list");
  if (value === null || value === undefined) return <span className="state-quiet">{t("blank")}</span>;
  if (field.kind === "boolean") return <>{value === true ? t("operator.yes") : t("operator.no")}</>;
  if (field.kind === "date" || field.kind === "datetime") return <>{monthText(String(value), i18n.language)}</>;
  return <ValueText field={field} value={value} title={title} language={i18n.language} />;
}
