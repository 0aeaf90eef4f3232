/** Asks what happened to a record, and what it was at a revision; the shapes of the answers. */
import type { ApiClient } from "@/shared/api/client";
import { recordsPath, type RecordJson } from "@/shared/api/records";

export interface FieldChange {
  readonly field: string;
  readonly from: unknown;
  readonly to: unknown;
  readonly from__title?: unknown;
  readonly to__title?: unknown;
  /** What is known of the files, of a list of files. */
  readonly from__files?: unknown;
  readonly to__files?: unknown;
}

export interface RowChange {
  /** The lines field the row belongs to. */
  readonly field: string;
  readonly id: string;
  readonly action: "create" | "update" | "delete";
  readonly fields: readonly FieldChange[];
}

export interface RecordChange {
  readonly id: string;
  readonly revision: number;
  readonly action: string;
  readonly channel: string;
  readonly change_set: string;
  readonly at: string;
  readonly actor: string;
  readonly actor__title: string | null;
  /** The key of the transition the record took by it. */
  readonly transition: string | null;
  readonly fields: readonly FieldChange[];
  readonly rows: readonly RowChange[];
}

export interface HistoryPage {
  readonly changes: readonly RecordChange[];
  readonly next: string | null;
}

/** Reads a page of changes, of one field if `field` is not empty; `before` is the `next` of the page read last. */
export function readHistory(api: ApiClient, app: string, entity: string, id: string, field: string, before: string, signal: AbortSignal): Promise<HistoryPage> {
  const query = new URLSearchParams({ limit: "30" });
  if (field !== "") query.set("field", field);
  if (before !== "") query.set("before", before);
  return api.json<HistoryPage>(`${recordsPath(app, entity)}/${id}/history`, { query, signal });
}

/** Reads the record as it was at a revision; `unknown` names the fields nobody can tell of. */
export function readRevision(api: ApiClient, app: string, entity: string, id: string, revision: number, signal: AbortSignal): Promise<RecordJson> {
  return api.json<RecordJson>(`${recordsPath(app, entity)}/${id}`, { query: new URLSearchParams({ revision: String(revision) }), signal });
}
