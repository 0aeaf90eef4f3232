/** Shows a record of one of several entities to a reader: its title, which leads to it, and what kind of record it is. */
import type { JSX } from "react";
import { Link } from "react-router";
import { useModel } from "@/shared/api/model";
import { label } from "@/shared/i18n/label";
import { Tag } from "@/shared/ui/Tag";
import { anyOf, recordAddress } from "../pointing";
import type { FieldModel } from "../types";
import "./any.css";

export interface AnyValueProps {
  readonly field: FieldModel;
  readonly value: unknown;
  /** Title of the record. */
  readonly title?: unknown;
  readonly language: string;
}

export function AnyValue({ field, value, title, language }: AnyValueProps): JSX.Element {
  const model = useModel();
  const record = anyOf(value);
  if (record === null) return <></>;
  const kind = field.among?.find((one) => one.to === record.entity);
  const text = typeof title === "string" && title !== "" ? title : record.id.slice(0, 8);
  return (
    <span className="any-record">
      {kind?.is_readable === true ? (
        <Link to={recordAddress(model.app, record.entity, record.id)} onClick={(event) => event.stopPropagation()}>
          {text}
        </Link>
      ) : (
        <span>{text}</span>
      )}
      <Tag>{label(kind?.to_name, language, record.entity)}</Tag>
    </span>
  );
}
