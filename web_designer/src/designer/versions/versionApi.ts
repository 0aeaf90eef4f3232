/** Asks the server about the versions of an app: which there are, what differs between two, what uses an element; and goes back to one. */
import type { ApiClient } from "@/shared/api/client";
import type { Labels, Pointer } from "../core/doc";
import type { DraftIssue } from "../core/store";
import type { Publish } from "../publish/publishApi";

/** A published version; `changes` counts what is different from the one before. */
export type Version = { readonly number: number; readonly note: string; readonly author: string; readonly published_at: string; readonly active: boolean; readonly changes: number };
export type Property = { readonly name: Labels; readonly before: Labels | null; readonly after: Labels | null };
export type Difference = {
  readonly pointer: Pointer;
  readonly kind: "added" | "changed" | "removed" | "renamed" | "moved" | "ordered";
  readonly text: Labels;
  readonly properties: readonly Property[];
};
/** The differences of one kind of element; `key` is its list in the document, empty for the app itself. */
export type DifferenceGroup = { readonly key: string; readonly name: Labels; readonly changes: readonly Difference[] };
export type Compared = { readonly groups: readonly DifferenceGroup[]; readonly count: number };
/** What going back would do. `left_out` are constraints it goes on without; the draft of `revision` is discarded with it. */
export type RestorePlan = Compared & {
  readonly issues: readonly DraftIssue[];
  readonly warnings: readonly DraftIssue[];
  readonly left_out: readonly DraftIssue[];
  readonly statements: readonly string[];
  readonly is_long: boolean;
  readonly revision: number;
  readonly draft_changes: number;
};
export type Use = { readonly app: string; readonly pointer: Pointer; readonly text: Labels };

/** Data no version in use shows; `name` is what a purge names it by, `size` is in bytes. */
export type Retired = { readonly name: string; readonly kind: "column" | "links" | "table"; readonly label: Labels; readonly version: number; readonly since: string; readonly count: number; readonly size: number };
export type Purged = { readonly name: string; readonly label: Labels; readonly version: number; readonly count: number; readonly purged_by: string; readonly purged_at: string };
export type RetiredData = { readonly retired: readonly Retired[]; readonly purged: readonly Purged[] };

/** The code of issues that going back can go on without. */
export const BROKEN = "definition-unique-broken";

const path = (app: string, rest: string): string => `/api/apps/${encodeURIComponent(app)}/${rest}`;

/** Return a page of versions, the newest first; `before`: those older than this one. */
export const readVersionPage = (api: ApiClient, app: string, before: number | null): Promise<{ versions: readonly Version[]; more: boolean }> =>
  api.json(path(app, before === null ? "versions" : `versions?before=${before}`));

/** Compare two versions, each a number, `active` or `draft`. */
export const compareVersions = (api: ApiClient, app: string, from: string, to: string): Promise<Compared> =>
  api.json(path(app, `compare?from=${encodeURIComponent(from)}&to=${encodeURIComponent(to)}`));

export const readUses = async (api: ApiClient, app: string, pointer: Pointer, version: string): Promise<readonly Use[]> =>
  (await api.json<{ uses: Use[] }>(path(app, `used-by?pointer=${encodeURIComponent(pointer)}&version=${encodeURIComponent(version)}`))).uses;

export const planRestore = (api: ApiClient, app: string, number: number, leaveOut: boolean): Promise<RestorePlan> =>
  api.json(path(app, `versions/${number}/restore/plan?leave_out_broken=${leaveOut}`));

/** Go back to a version; gives the version in use, or null and the publish that is under way. */
export const restoreVersion = (api: ApiClient, app: string, number: number, revision: number, note: string, leaveOut: boolean): Promise<{ version: number | null; publish: Publish | null }> =>
  api.json(path(app, `versions/${number}/restore`), { method: "POST", body: { revision, note, leave_out_broken: leaveOut } });

export const readRetired = (api: ApiClient, app: string): Promise<RetiredData> => api.json(path(app, "retired"));

/** Remove retired data for good; `typed` is the key of the app once more. */
export const purgeRetired = (api: ApiClient, app: string, names: readonly string[], typed: string): Promise<RetiredData> =>
  api.json(path(app, "retired/purge"), { method: "POST", body: { names, app: typed } });
