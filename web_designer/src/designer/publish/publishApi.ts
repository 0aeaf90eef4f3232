/** Asks the server to publish, now, in the background or at a time, how far it is, and to call it off; keeps nothing. */
import type { ApiClient } from "@/shared/api/client";
import type { Labels, Pointer } from "../core/doc";

/** A publish that takes its time. `done` of `total` records are filled in; with `version` in use it is `finishing`. */
export type Publish = {
  readonly id: string;
  readonly state: "scheduled" | "filling" | "finishing" | "done" | "cancelled" | "failed";
  readonly version: number | null;
  readonly note: string;
  readonly author: string;
  readonly created_at: string;
  readonly due_at: string | null;
  readonly ended_at: string | null;
  readonly stage: string;
  readonly done: number;
  readonly total: number;
  readonly cancelling: boolean;
  readonly issues: readonly { readonly code: string; readonly message: Labels; readonly pointer: Pointer }[];
  readonly reason: string | null;
};

const path = (app: string, rest: string): string => `/api/apps/${encodeURIComponent(app)}/${rest}`;

/** Publish the draft of a revision; gives the version in use, or null and the publish that is under way. `dueAt` is an instant. */
export const publishDraft = (api: ApiClient, app: string, revision: number, note: string, dueAt: string | null): Promise<{ version: number | null; publish: Publish | null }> =>
  api.json(path(app, "versions"), { method: "POST", body: { revision, note, ...(dueAt === null ? {} : { due_at: dueAt }) } });

export const readPublishes = async (api: ApiClient, app: string): Promise<readonly Publish[]> => (await api.json<{ publishes: Publish[] }>(path(app, "publishes"))).publishes;

export const callOff = (api: ApiClient, app: string, id: string): Promise<null> => api.json<null>(path(app, `publishes/${id}`), { method: "DELETE" });

/** Something a rehearsal found about records of one entity; of `looked` of them, all there are where it is whole. */
export type RehearsalFinding = {
  readonly kind: "computed" | "rule" | "lost";
  readonly pointer: Pointer;
  readonly name: Labels;
  readonly looked: number;
  readonly whole: boolean;
  readonly count: number;
  readonly records: readonly string[];
  readonly examples: readonly { readonly record: string; readonly before: string | null; readonly after: string | null }[];
};

/** What publishing the draft would do to the data there is. */
export type Rehearsal = {
  readonly revision: number;
  readonly problems: readonly { readonly code: string; readonly message: Labels; readonly pointer: Pointer }[];
  readonly is_long: boolean;
  readonly sizes: readonly { readonly entity: string; readonly name: Labels; readonly rows: number; readonly bytes: number; readonly large: boolean }[];
  readonly steps: readonly { readonly sql: string; readonly lock: string; readonly waits: "nobody" | "writers" | "everybody"; readonly rows: number; readonly seconds: number }[];
  readonly findings: readonly RehearsalFinding[];
  readonly unseen: readonly { readonly pointer: Pointer; readonly name: Labels }[];
  readonly seconds: number;
};

export const rehearse = (api: ApiClient, app: string): Promise<Rehearsal> => api.json<Rehearsal>(path(app, "draft/rehearsal"), { method: "POST", body: {} });
