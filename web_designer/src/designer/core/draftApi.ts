/** Asks the server about the draft, the published version and the versions of an app; keeps nothing. */
import type { ApiClient } from "@/shared/api/client";
import { Problem } from "@/shared/api/problem";
import type { DraftPort } from "./autosave";
import type { Logged } from "./conflicts";
import type { AppDocument, Labels, Pointer } from "./doc";
import { type Kept, keptOf } from "./kept";
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
  const draft = await api.json<Draft>(path(app, "draft"));
  return { ...draft, document: whole(draft.document) };
}

/** Return a document with the lists a designer looks into: one that has no forms need not say so. */
function whole(document: AppDocument): AppDocument {
  return { ...document, entities: document.entities ?? [], forms: document.forms ?? [] };
}

/** What is wrong with one element of the draft; `text` says which. */
export type ElementProblems = { readonly pointer: Pointer; readonly text: Labels; readonly issues: readonly DraftIssue[] };
export type Problems = { readonly revision: number; readonly count: number; readonly elements: readonly ElementProblems[] };

/** Return what is wrong with the draft as it is now. */
export const readProblems = (api: ApiClient, app: string): Promise<Problems> => api.json<Problems>(path(app, "draft/problems"));

/** So many lines of the log are read to be undone and done again. */
const MOST_KEPT = "400";

/** A page of what was done to drafts, the newest first. */
export type Log = { readonly gestures: readonly Logged[]; readonly next: number | null };

export const readLog = (api: ApiClient, app: string, query: Readonly<Record<string, string>>): Promise<Log> =>
  api.json<Log>(path(app, "draft/gestures"), { query: new URLSearchParams(query) });

/** Return what the person can undo, and do again, of earlier visits to this draft. */
export async function readKept(api: ApiClient, app: string): Promise<Kept> {
  const { gestures } = await readLog(api, app, { whose: "mine", chapter: "present", limit: MOST_KEPT });
  return keptOf(gestures.map((one) => ({ ...one, label: labelOf(one) })).reverse());
}

const OF_SERVER: ReadonlySet<string> = new Set(["entry.document", "entry.upgrade"]);

/** What was not done in a designer is called by what the server says of it. */
function labelOf({ label, text }: Logged): Logged["label"] {
  const isOurs = label.message.startsWith("entry.") && !OF_SERVER.has(label.message);
  return isOurs ? label : { message: "entry.other", parts: { zh: text["zh-CN"] ?? "", en: text.en ?? "" } };
}

export const discardDraft = (api: ApiClient, app: string): Promise<null> => api.json<null>(path(app, "draft"), { method: "DELETE" });

export const readChanges = (api: ApiClient, app: string): Promise<Changes> => api.json<Changes>(path(app, "draft/changes"));

export const readVersions = async (api: ApiClient, app: string): Promise<readonly VersionNote[]> =>
  (await api.json<{ versions: VersionNote[] }>(path(app, "versions"))).versions;

/** Return the published document, or null when the app was never published. */
export async function readPublished(api: ApiClient, app: string): Promise<AppDocument | null> {
  try {
    return whole(await api.json<AppDocument>(path(app, "export")));
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
    readKept: () => readKept(api, app),
    readIssues: async () => (await readProblems(api, app)).elements.flatMap(({ issues }) => issues),
    send: (revision, gestures) => api.json(path(app, "draft/commands"), { method: "POST", body: { revision, gestures } }),
    attend: (revision, leaves) => api.json(path(app, "draft/presence"), { method: "POST", body: { revision, leaves } }),
  };
}
