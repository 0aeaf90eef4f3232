/** Takes an entity, gives the records a formula can be tried on, the newest first, each with what people call it. */
import type { ApiClient } from "@/shared/api/client";
import { Problem } from "@/shared/api/problem";
import { pageParameters, type RecordJson, type RecordPage, recordsPath } from "@/shared/api/records";
import type { AppDocument, FieldDefinition } from "../core/doc";

export type TrialRecord = { readonly id: string; readonly title: string };

/** How many are offered; the others are found by their title. */
const OFFERED = 20;

/** What has to be known of an entity to list its records and to name them. */
export type Listed = {
  /** Whether its records are the rows of others. */
  readonly isRows: boolean;
  /** Field that records, or the records around rows, are called by, and whether words can be looked for in it. */
  readonly title: string;
  readonly isTitleText: boolean;
  /** Fields of a row that tell it from its neighbours. */
  readonly parts: readonly string[];
};

/** Return how the records of an entity are listed; of the organization's only the name is known here. */
export function listedOf(published: AppDocument | null, entity: string): Listed {
  const [head = "", lines] = entity.split(".");
  const owner = published?.entities.find((one) => one.key === head);
  if (owner === undefined) return { isRows: false, title: "name", isTitleText: true, parts: [] };
  const title = owner.title ?? "";
  const rows = lines === undefined ? [] : (owner.fields.find((field) => field.key === lines)?.fields ?? []);
  const isText = (field: FieldDefinition): boolean => ["text", "sequence", "long_text"].includes(field.kind);
  return {
    isRows: lines !== undefined,
    title,
    isTitleText: owner.fields.some((field) => field.key === title && isText(field)),
    parts: rows.filter((field) => isText(field) || field.kind === "reference").map((field) => field.key),
  };
}

/** Return the key of the text that says why nothing can be tried; what one may not read answers as if it were not there. */
export function reasonOf(error: unknown, published: AppDocument | null, entity: string): string {
  if (!(error instanceof Problem) || (error.status !== 403 && error.status !== 404)) return "trial.failed";
  const isThere = entity.startsWith("organization.") || published?.entities.some((one) => one.key === entity.split(".")[0]);
  return error.code === "record-not-found" ? "trial.gone" : isThere ? "trial.denied" : "trial.unpublished-entity";
}

/** Read the newest records whose title contains these words. */
export async function readTrialRecords(api: ApiClient, app: string, entity: string, listed: Listed, words: string, signal: AbortSignal): Promise<readonly TrialRecord[]> {
  const path = listed.isRows ? `/api/apps/${encodeURIComponent(app)}/records/${encodeURIComponent(entity)}` : recordsPath(app, entity);
  const isByParent = listed.isRows && listed.isTitleText && words !== "";
  const sought = isByParent ? { filter: `CONTAINS(LOWER(parent.${listed.title}), LOWER("${words.replaceAll('"', '""')}"))` } : { search: words };
  const fields = listed.isRows ? listed.parts : [listed.title];
  const { records } = await api.json<RecordPage>(path, { query: pageParameters({ ...sought, limit: OFFERED, ...(fields.length > 0 ? { fields } : {}) }), signal });
  return records.map((record) => ({ id: record.id, title: titleOf(record, listed) }));
}

function titleOf(record: RecordJson, { isRows, title, parts }: Listed): string {
  const textAt = (key: string): string => {
    const text = record[`${key}__title`] ?? record[key];
    return typeof text === "string" ? text : "";
  };
  const found = isRows ? [textAt("parent"), ...parts.map(textAt).filter(Boolean).slice(0, 1)] : [textAt(title)];
  return found.filter(Boolean).join(" · ") || record.id.slice(0, 8);
}
