/** Reads and writes the records of any entity of any app; the entity is known only at run time, so these are typed by hand. */
import type { ApiClient } from "./client";

/** A record as the server writes it: numbers are texts, `customer__title` goes with `customer`. */
export interface RecordJson {
  readonly id: string;
  readonly revision?: number;
  readonly [key: string]: unknown;
}

/** A block of records and how to get the next ones on either side. */
export interface RecordPage {
  readonly records: readonly RecordJson[];
  readonly next: string | null;
  readonly previous: string | null;
  readonly total: number | null;
  readonly total_is_exact: boolean | null;
  /** True where nothing has the words somebody looks for, and these have them but for a letter. */
  readonly similar?: boolean;
}

/** Which block of records; cursors are texts to be given back as they came. */
export interface PageQuery {
  readonly filter?: string;
  readonly search?: string;
  /** For further blocks of a page that says so. */
  readonly similar?: "true";
  readonly sort?: string;
  readonly fields?: readonly string[];
  readonly limit?: number;
  readonly after?: string;
  readonly before?: string;
  readonly at?: "end";
  /** Value of the first sort field to start at. */
  readonly from?: string;
  readonly total?: "none" | "exact" | "estimate";
}

/** Returns the address of an entity's records; `to` may be `partner` or `organization.user`. */
export function recordsPath(app: string, entity: string): string {
  const [owner, rest] = entity.includes(".") ? [entity.slice(0, entity.indexOf(".")), entity.slice(entity.indexOf(".") + 1)] : [app, entity];
  return `/api/apps/${encodeURIComponent(owner)}/records/${encodeURIComponent(rest)}`;
}

/** Returns the query string of a page. */
export function pageParameters(page: PageQuery): URLSearchParams {
  const parameters = new URLSearchParams();
  for (const key of ["filter", "search", "similar", "sort", "after", "before", "at", "from", "total"] as const) {
    const value = page[key];
    if (value !== undefined && value !== "") parameters.set(key, typeof value === "string" ? value : JSON.stringify(value));
  }
  if (page.fields?.length) parameters.set("fields", page.fields.join(","));
  if (page.limit !== undefined) parameters.set("limit", String(page.limit));
  return parameters;
}

/** Reads a block of records. */
export function readPage(api: ApiClient, app: string, entity: string, page: PageQuery, signal?: AbortSignal): Promise<RecordPage> {
  return api.json<RecordPage>(recordsPath(app, entity), { query: pageParameters(page), ...(signal ? { signal } : {}) });
}

/** Reads one record with its lines and the titles of what it refers to. */
export function readRecord(api: ApiClient, app: string, entity: string, id: string, signal?: AbortSignal): Promise<RecordJson> {
  return api.json<RecordJson>(`${recordsPath(app, entity)}/${id}`, signal ? { signal } : {});
}

/** Returns the headers of a change: the key by which a repeat is known, and whether what rules warn of is confirmed. */
export const headersOf = (key: string, isConfirmed: boolean): Readonly<Record<string, string>> => ({ "Idempotency-Key": key, ...(isConfirmed ? { "X-Confirm-Warnings": "true" } : {}) });

/** Saves a new record; `values.id` is the client's, so a repeat is harmless. What rules warn of has to be confirmed. */
export function createRecord(api: ApiClient, app: string, entity: string, values: Readonly<Record<string, unknown>>, key: string, isConfirmed = false): Promise<RecordJson> {
  return api.json<RecordJson>(recordsPath(app, entity), { method: "POST", body: values, headers: headersOf(key, isConfirmed) });
}

/** Takes a transition of a record's states. */
export function takeTransition(api: ApiClient, app: string, entity: string, id: string, transition: string, revision: number, key: string, isConfirmed: boolean): Promise<RecordJson> {
  return api.json<RecordJson>(`${recordsPath(app, entity)}/${id}/transitions/${transition}`, { method: "POST", body: { revision }, headers: headersOf(key, isConfirmed) });
}

/** Saves changed values of a record that had `values.revision` when it was read. */
export function updateRecord(
  api: ApiClient,
  app: string,
  entity: string,
  id: string,
  values: Readonly<Record<string, unknown>>,
  key: string,
  isConfirmed = false,
): Promise<RecordJson> {
  return api.json<RecordJson>(`${recordsPath(app, entity)}/${id}`, { method: "PATCH", body: values, headers: headersOf(key, isConfirmed) });
}

/** Takes back an entry of a ledger by another, which is answered. */
export function reverseEntry(api: ApiClient, app: string, entity: string, id: string, key: string): Promise<RecordJson> {
  return api.json<RecordJson>(`${recordsPath(app, entity)}/${id}/reverse`, { method: "POST", body: {}, headers: { "Idempotency-Key": key } });
}

/** Puts a record into the trash. */
export async function deleteRecord(api: ApiClient, app: string, entity: string, id: string, revision: number): Promise<void> {
  const query = new URLSearchParams({ revision: String(revision) });
  await api.json<null>(`${recordsPath(app, entity)}/${id}`, { method: "DELETE", query });
}

/** Asks what the server would compute for these values. */
export function previewRecord(api: ApiClient, app: string, entity: string, values: Readonly<Record<string, unknown>>, signal?: AbortSignal): Promise<RecordJson> {
  return api.json<RecordJson>(`${recordsPath(app, entity)}/preview`, { method: "POST", body: values, ...(signal ? { signal } : {}) });
}
