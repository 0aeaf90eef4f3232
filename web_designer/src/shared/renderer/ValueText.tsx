/** Shows a value to a reader, by the kind of its field: in lists, on detail pages and for computed fields of a form. */
import type { JSX } from "react";
import { showNumber } from "@/shared/format/numbers";
import { showDate, showInstant } from "@/shared/format/times";
import { label } from "@/shared/i18n/label";
import { Icon } from "@/shared/ui/Icon";
import { later } from "@/shared/ui/later";
import { Marked } from "@/shared/ui/Marked";
import { Tag } from "@/shared/ui/Tag";
import { isBlank } from "./fieldValues";
import type { ListValueProps } from "./ListValue";
import type { AnyValueProps } from "./values/AnyValue";
import { isList } from "./pointing";
import { isMoreKind, isNumberKind } from "./kinds";
import type { FieldModel } from "./types";
import type { MoreValueProps } from "./values/MoreValue";

export interface ValueTextProps {
  readonly field: FieldModel;
  readonly value: unknown;
  /** Title of the record a reference points to. */
  readonly title?: unknown;
  /** Code of the error a formula ended in. */
  readonly error?: unknown;
  readonly language: string;
  /** Files are links to them. */
  readonly isLinked?: boolean;
  /** Time zone in which instants are shown. */
  readonly zone?: string | undefined;
  /** Whether there is room for all of it: on a detail page. */
  readonly isWhole?: boolean;
}

const ListValue = later<ListValueProps>(async () => (await import("./ListValue")).ListValue, () => <></>);
const AnyValue = later<AnyValueProps>(
  async () => (await import("./values/AnyValue")).AnyValue,
  ({ title }) => <>{typeof title === "string" ? title : "…"}</>,
);
const MoreValue = later<MoreValueProps>(
  async () => (await import("./values/MoreValue")).MoreValue,
  ({ value }) => <>{typeof value === "string" && !value.startsWith("<") ? value : "…"}</>,
);

export function ValueText({ field, value, title, error, isLinked = false, language, zone, isWhole = false }: ValueTextProps): JSX.Element | string {
  if (typeof error === "string" && error !== "") return <span className="value-error">#{error}!</span>;
  if (isBlank(value)) return "";
  if (isList(field)) return <ListValue field={field} value={value} title={title} isLinked={isLinked} />;
  const text = String(value);
  switch (field.kind) {
    case "number":
      return showNumber(text, language);
    case "money":
      return `${field.currency ? `${field.currency} ` : ""}${showNumber(text, language, field.scale ?? 2)}`;
    case "date":
      return showDate(text, language);
    case "datetime":
      return showInstant(text, language, zone);
    case "boolean":
      return value === true ? <Icon name="check" /> : "";
    case "choice": {
      const option = field.options?.find((one) => one.key === value);
      const name = label(option?.name, language, text);
      return option?.color ? <Tag color={option.color}>{name}</Tag> : name;
    }
    case "any_reference":
      return <AnyValue field={field} value={value} title={title} language={language} />;
    case "reference":
    case "member":
    case "department":
      return typeof title === "string" && title !== "" ? <Marked text={title} /> : text.slice(0, 8);
    default:
      return isMoreKind(field.kind) ? <MoreValue field={field} value={value} language={language} isWhole={isWhole} /> : <Marked text={text} />;
  }
}

/** Returns whether values of this kind stand at the right edge of a column. */
export const isNumeric = (field: Pick<FieldModel, "kind">): boolean => isNumberKind(field.kind) && field.kind !== "rating";
