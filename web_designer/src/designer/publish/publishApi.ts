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
