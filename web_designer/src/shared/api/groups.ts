/** Reads figures over groups of a list's records, and the commonest values of its fields with their counts. */
import type { ApiClient } from "./client";
import { recordsPath } from "./records";

/** What the records of one group share, and the figures asked for, in the order asked for. */
export interface GroupJson {
  readonly values: readonly unknown[];
  readonly titles: readonly (string | null)[];
  readonly measures: readonly (string | number | null)[];
}

export interface GroupPage {
  readonly groups: readonly GroupJson[];
  readonly total: number;
}

export interface FacetValue {
  readonly value: string | boolean | null;
  readonly title?: string | null;
  readonly count: number;
}

export interface GroupQuery {
  readonly filter: string;
  readonly search: string;
  readonly similar?: "true" | "";
  readonly by: string;
  readonly measures: string;
  readonly sort?: string;
  readonly limit?: number;
  readonly offset?: number;
}

export interface FacetQuery {
  readonly filter: string;
  readonly search: string;
  readonly similar?: "true" | "";
  readonly fields: readonly string[];
  readonly chosen: Readonly<Record<string, readonly unknown[]>>;
}

export function readGroups(api: ApiClient, app: string, entity: string, asked: GroupQuery, signal: AbortSignal): Promise<GroupPage> {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(asked)) if (value !== "" && value !== undefined) query.set(key, String(value));
  return api.json<GroupPage>(`${recordsPath(app, entity)}/groups`, { query, signal });
}

export async function readFacets(api: ApiClient, app: string, entity: string, asked: FacetQuery, signal: AbortSignal): Promise<Readonly<Record<string, readonly FacetValue[]>>> {
  const query = new URLSearchParams({ fields: asked.fields.join(","), chosen: JSON.stringify(asked.chosen) });
  if (asked.filter !== "") query.set("filter", asked.filter);
  if (asked.search !== "") query.set("search", asked.search);
  if (asked.similar) query.set("similar", asked.similar);
  return (await api.json<{ facets: Readonly<Record<string, readonly FacetValue[]>> }>(`${recordsPath(app, entity)}/facets`, { query, signal })).facets;
}
