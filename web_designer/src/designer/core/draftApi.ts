/** Asks the server about the draft, the published version and the versions of an app; keeps nothing. */
import type { ApiClient } from "@/shared/api/client";
import { Problem } from "@/shared/api/problem";
import type { DraftPort } from "./autosave";
import type { AppDocument, Labels, Pointer } from "./doc";
import type { Draft, DraftIssue } from "./store";

/** One thing a publish would change, in words. */
export type ChangeNote = { readonly pointer: Pointer; readonly kind: "added" | "changed" | "removed"; readonly text: Labels };
export type Changes = { readonly changes: readonly ChangeNote[]; readonly issues: readonly DraftIssue[]; readonly warnings: readonly DraftIssue[]; readonly statements: readonly string[]; readonly is_long: boolean };
export type VersionNote = {
  readonly number: number;
  readonly note: string | null;
  readonly author: string | null;
  readonly published_at: string;
  readonly active: boolean;
};

const path = (app: string, rest: string): string => `/api/apps/${encodeURIComponent(app)}/${rest}`;

export async function readDraft(api: ApiClient, app: string): Promise<Draft> {
  const [draft, issues] = await Promise.all([api.json<Omit<Draft, "issues">>(path(app, "draft")), readIssues(api, app)]);
  return { ...draft, issues };
}

/** Return what is wrong with the draft as it is now. */
export const readIssues = async (api: ApiClient, app: string): Promise<readonly DraftIssue[]> =>
  (await api.json<{ elements: readonly { issues: readonly DraftIssue[] }[] }>(path(app, "draft/problems"))).elements.flatMap(({ issues }) => issues);

export const discardDraft = (api: ApiClient, app: string): Promise<null> => api.json<null>(path(app, "draft"), { method: "DELETE" });

export const readChanges = (api: ApiClient, app: string): Promise<Changes> => api.json<Changes>(path(app, "draft/changes"));

export const readVersions = async (api: ApiClient, app: string): Promise<readonly VersionNote[]> =>
  (await api.json<{ versions: VersionNote[] }>(path(app, "versions"))).versions;

/** Return the published document, or null when the app was never published. */
export async function readPublished(api: ApiClient, app: string): Promise<AppDocument | null> {
  try {
    return await api.json<AppDocument>(path(app, "export"));
  } catch (error) {
    if (error instanceof Problem && error.status === 404) return null;
    throw error;
  }
}

/** Return a key for a label that is none of `taken`. */
export const proposeKey = async (api: ApiClient, label: string, taken: readonly string[]): Promise<string> =>
  (await api.json<{ key: string }>("/api/keys", { method: "POST", body: { label, taken, prefix: "x_" } })).key;

/** Return the draft of an app as the autosave sees it. */
export function draftPort(api: ApiClient, app: string): DraftPort {
  return {
    read: () => readDraft(api, app),
    readPublished: () => readPublished(api, app),
    write: async (revision, document) => {
      try {
        return await api.json<{ revision: number; issues: readonly DraftIssue[] }>(path(app, "draft"), { method: "PUT", body: { revision, document } });
      } catch (error) {
        if (error instanceof Problem && error.status === 409) return "conflict";
        throw error;
      }
    },
  };
}
