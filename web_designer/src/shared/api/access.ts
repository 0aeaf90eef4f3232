/** Questions about permissions: why somebody may or may not, what may not be meant in a draft, and who there is to ask about. */
import type { ApiClient } from "./client";
import type { components } from "./schema";

export type Explained = components["schemas"]["ExplainAnswer"];
export type ExplainedPolicy = components["schemas"]["PolicyAnswer"];
export type ExplainedCondition = components["schemas"]["ConditionAnswer"];
export type Warning = components["schemas"]["IssueAnswer"];
export type Somebody = { readonly id: string; readonly name: string; readonly email: string };

/** What is asked: somebody, a record, an action, and maybe a field. */
export type AccessQuestion = { readonly app: string; readonly entity: string; readonly id: string; readonly user: string; readonly action: string; readonly field: string };

export async function explainAccess(api: ApiClient, { app, ...query }: AccessQuestion, signal: AbortSignal): Promise<Explained> {
  const { data } = await api.platform.GET("/api/apps/{app}/access/explain", { params: { path: { app }, query }, signal });
  return data as Explained;
}

export async function lintAccess(api: ApiClient, app: string): Promise<readonly Warning[]> {
  const { data } = await api.platform.GET("/api/apps/{app}/access/lint", { params: { path: { app }, query: { of: "draft" } } });
  return (data as components["schemas"]["LintAnswer"]).warnings;
}

/** Returns the first users with some words in their name or e-mail. */
export async function findUsers(api: ApiClient, words: string, signal: AbortSignal): Promise<readonly Somebody[]> {
  const query = new URLSearchParams({ limit: "20", fields: "name,email", ...(words === "" ? {} : { search: words }) });
  return (await api.json<{ readonly records: readonly Somebody[] }>("/api/apps/organization/records/user", { query, signal })).records;
}
