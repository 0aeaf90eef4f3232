/** Imports: a file goes up, what it means is looked over, the server checks and writes it; each call answers with how far it is. */
import { type ApiClient, asViewed } from "./client";
import type { components } from "./schema";

export type ImportState = components["schemas"]["ImportAnswer"];
export type ImportMapping = components["schemas"]["MappingBody"];
export type ImportIssue = components["schemas"]["ImportIssue"];
export type ImportIssues = components["schemas"]["ImportIssuesAnswer"];

/** States in which the server works on an import. */
const BUSY: readonly string[] = ["reading", "checking", "writing"];

export const isBusy = (found: ImportState): boolean => BUSY.includes(found.state);

const address = (app: string, rest = ""): string => `/api/apps/${encodeURIComponent(app)}/imports${rest}`;

/** Sends a file; the import it becomes is read from it at once. */
export function uploadFile(api: ApiClient, app: string, entity: string, file: File): Promise<ImportState> {
  const query = new URLSearchParams({ name: file.name.slice(0, 255), ...(entity === "" ? {} : { entity }) });
  return api.file<ImportState>(address(app), query, file);
}

export const readImport = (api: ApiClient, app: string, id: string, wait: number, signal?: AbortSignal): Promise<ImportState> =>
  api.json(address(app, `/${id}`), { query: new URLSearchParams({ wait: String(wait) }), ...(signal === undefined ? {} : { signal }) });

export const changeImport = (api: ApiClient, app: string, id: string, body: ImportMapping): Promise<ImportState> => api.json(address(app, `/${id}`), { method: "PATCH", body });

/** Begins to check or to write an import, or stops it. What rules warn of has to be confirmed before it is written. */
export const actOnImport = (api: ApiClient, app: string, id: string, act: "check" | "run" | "cancel", isConfirmed = false): Promise<ImportState> =>
  api.json(address(app, `/${id}/${act}`), { method: "POST", ...(isConfirmed ? { headers: { "X-Confirm-Warnings": "true" } } : {}) });

export function readImportIssues(api: ApiClient, app: string, id: string, severity: ImportIssue["severity"], after: number, column: number | null): Promise<ImportIssues> {
  const query = new URLSearchParams({ severity, after: String(after), ...(column === null ? {} : { column: String(column) }) });
  return api.json(address(app, `/${id}/issues`), { query });
}

/** Returns where the sheet with its errors is. */
export const markedSheet = (app: string, id: string): string => asViewed(address(app, `/${id}/issues.xlsx`));

/** Returns where the list is as a file: the same filter, words, order and fields. */
export function exportAddress(app: string, entity: string, format: "xlsx" | "csv", list: URLSearchParams, language: string): string {
  const query = new URLSearchParams([...list, ["format", format], ["language", language]]);
  return asViewed(`/api/apps/${encodeURIComponent(app)}/records/${encodeURIComponent(entity)}/export?${query.toString()}`);
}

/** Returns where an empty file to fill is. */
export const templateAddress = (app: string, entity: string, language: string): string =>
  asViewed(`/api/apps/${encodeURIComponent(app)}/records/${encodeURIComponent(entity)}/template?language=${language}`);

export type ImportEntry = components["schemas"]["ImportEntry"];

/** Returns the last imports of whoever asks. */
export const readImports = async (api: ApiClient, app: string): Promise<readonly ImportEntry[]> => (await api.json<components["schemas"]["ImportsAnswer"]>(address(app))).imports;

/** Puts an entity for the sheet in the draft of the app. */
export const draftEntity = (api: ApiClient, app: string, id: string, name: string): Promise<components["schemas"]["NewEntityAnswer"]> =>
  api.json(address(app, `/${id}/entity`), { method: "POST", body: { name } });

/** Takes back what a change set did, but for records that were changed since. */
export const undoChangeSet = (api: ApiClient, app: string, changeSet: string): Promise<components["schemas"]["UndoAnswer"]> =>
  api.json(`/api/apps/${encodeURIComponent(app)}/change-sets/${changeSet}/undo`, { method: "POST", body: { changed_since: "skip" } });
