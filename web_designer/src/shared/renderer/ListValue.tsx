/** Shows a list to a reader: the titles of records, small pictures and names of files; as links where a page is read, as mere text in lists. */
import type { JSX } from "react";
import { factsOf, fileAddress, holdsFiles, isOfPeople, titlesOf, type FileFacts } from "./pointing";
import type { FieldModel } from "./types";
import { Initials } from "./Initials";
import "./lists.css";

export interface ListValueProps {
  readonly field: FieldModel;
  readonly value: unknown;
  /** Titles, or what is known of files. */
  readonly title?: unknown;
  readonly isLinked?: boolean;
}

export function ListValue({ field, value, title, isLinked = false }: ListValueProps): JSX.Element {
  if (holdsFiles(field)) {
    return (
      <span className={`files-shown ${isLinked ? "is-linked" : ""}`}>
        {factsOf(value, title).map((file) => (
          <ShownFile key={file.id} file={file} isLinked={isLinked} />
        ))}
      </span>
    );
  }
  return (
    <span className="titles-shown">
      {titlesOf(value, title).map((text, place) => (
        <span key={place} className="title-chip">
          {isOfPeople(field) ? <Initials name={text} /> : null}
          {text}
        </span>
      ))}
    </span>
  );
}

function ShownFile({ file, isLinked }: { readonly file: FileFacts; readonly isLinked: boolean }): JSX.Element {
  const shown = file.width === null ? file.name : <img className="file-small" src={fileAddress(file, "small")} alt={file.name} title={file.name} loading="lazy" />;
  if (!isLinked) return <span className={file.width === null ? "title-chip" : ""}>{shown}</span>;
  return (
    <a className={file.width === null ? "file-link" : "file-picture"} href={fileAddress(file)} target="_blank" rel="noreferrer">
      {shown}
    </a>
  );
}
