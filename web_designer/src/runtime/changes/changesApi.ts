/** Many changes in one request, the trash, and change sets: what happened together and can be undone together. */
import type { ApiClient } from "@/shared/api/client";
import type { ProblemError } from "@/shared/api/problem";
import { headersOf, pageParameters, recordsPath, type PageQuery, type RecordJson, type RecordPage } from "@/shared/api/records";

/** Which records: those named, or all that match. */
export type Chosen = { readonly ids: readonly string[] } | { readonly filter: string; readonly search: string };

/** What is done to all of them. */
export type Deed = { readonly action: "delete" | "restore" } | { readonly action: "move"; readonly transition: string } | { readonly action: "update"; readonly values: Readonly<Record<string, unknown>>; readonly formulas?: Readonly<Record<string, string>> };

export interface BulkRefusal {
  readonly id?: string;
  readonly errors: readonly ProblemError[];
}

export interface BulkAnswer {
  readonly change_set: string;
  readonly saved: number;
  readonly refused: number;
  readonly results: readonly { readonly id?: string; readonly errors?: readonly ProblemError[] }[];
}

/** Does something to many records; what is right is saved, the others are told. What rules warn of has to be confirmed. */
export function changeMany(api: ApiClient, app: string, entity: string, chosen: Chosen, deed: Deed, key: string, isConfirmed = false): Promise<BulkAnswer> {
  const body = "ids" in chosen ? { mode: "each", changes: chosen.ids.map((id) => ({ id, ...deed })) } : { mode: "each", ...chosen, ...deed };
  return api.json<BulkAnswer>(`${recordsPath(app, entity)}/bulk`, { method: "POST", body, headers: headersOf(key, isConfirmed) });
}

/** Of each transition for how many of the records it is open. */
export interface OpenTransitions {
  readonly records: number;
  readonly transitions: readonly { readonly key: string; readonly open: number }[];
}

/** Asks which transitions records could take. */
export function readOpenTransitions(api: ApiClient, app: string, entity: string, chosen: Chosen, signal: AbortSignal): Promise<OpenTransitions> {
  return api.json<OpenTransitions>(`${recordsPath(app, entity)}/transitions`, { method: "POST", body: chosen, signal });
}

/** Returns the records among those refused that rules only warn of: they are changed when that is confirmed. */
export const warnedOf = (refusals: readonly BulkRefusal[]): readonly string[] =>
  refusals.flatMap(({ id, errors }) => (id !== undefined && errors.every((one) => one.code === "record-warning") ? [id] : []));

/** Returns what was refused of an answer. */
export const refusalsOf = (answer: BulkAnswer): readonly BulkRefusal[] =>
  answer.results.flatMap(({ id, errors }) => (errors === undefined ? [] : [{ ...(id === undefined ? {} : { id }), errors }]));

/** Reads records in the trash. */
export function readTrash(api: ApiClient, app: string, entity: string, page: PageQuery, signal?: AbortSignal): Promise<RecordPage> {
  const query = pageParameters(page);
  query.set("trash", "true");
  return api.json<RecordPage>(recordsPath(app, entity), { query, ...(signal ? { signal } : {}) });
}

export interface ChangeSet {
  readonly id: string;
  readonly actor: string;
  readonly actor_title: string | null;
  readonly channel: string;
  readonly at: string;
  readonly counts: readonly { readonly entity: string; readonly action: string; readonly count: number }[];
}

export interface Undoing {
  readonly entity: string;
  readonly id: string;
  readonly title: string;
  readonly deed: "restore" | "revert" | "trash" | "none";
  readonly is_changed_since: boolean;
  readonly is_gone: boolean;
  readonly kept: readonly string[];
  readonly errors: readonly ProblemError[];
}

export interface ChangeSetDetail extends ChangeSet {
  readonly record_count: number;
  readonly records: readonly Undoing[];
  readonly next: number | null;
}

export interface UndoAnswer {
  readonly change_set: string;
  readonly undone: number;
  readonly left_count: number;
  readonly left: readonly Undoing[];
}

/** What happens to what others changed since. */
export type ChangedSince = "skip" | "refuse" | "overwrite";

const setsPath = (app: string): string => `/api/apps/${encodeURIComponent(app)}/change-sets`;

/** Reads change sets, the newest first. */
export function readChangeSets(
  api: ApiClient,
  app: string,
  asked: { readonly whose: string; readonly channel: string; readonly before: string | null },
  signal?: AbortSignal,
): Promise<{ readonly change_sets: readonly ChangeSet[]; readonly next: string | null }> {
  const query = new URLSearchParams({ whose: asked.whose });
  if (asked.channel !== "") query.set("channel", asked.channel);
  if (asked.before !== null) query.set("before", asked.before);
  return api.json(setsPath(app), { query, ...(signal ? { signal } : {}) });
}

/** Reads what undoing a change set would do. */
export function readChangeSet(api: ApiClient, app: string, id: string, signal?: AbortSignal): Promise<ChangeSetDetail> {
  return api.json<ChangeSetDetail>(`${setsPath(app)}/${id}`, signal ? { signal } : {});
}

/** Undoes a change set. */
export function undoChangeSet(api: ApiClient, app: string, id: string, changedSince: ChangedSince): Promise<UndoAnswer> {
  return api.json<UndoAnswer>(`${setsPath(app)}/${id}/undo`, { method: "POST", body: { changed_since: changedSince } });
}

/** Returns what a record in the trash is called. */
export const titleOfRow = (row: RecordJson, title: string | null): string => {
  const found = title === null ? null : (row[`${title}__title`] ?? row[title]);
  return typeof found === "string" && found !== "" ? found : row.id.slice(0, 8);
};
