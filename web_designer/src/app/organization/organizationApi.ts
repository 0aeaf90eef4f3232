/** Questions and answers about people beside their records: departments as a whole, roles with what gives them, handing over work. */
import type { ApiClient } from "@/shared/api/client";
import type { PageQuery, RecordJson, RecordPage } from "@/shared/api/records";
import type { components } from "@/shared/api/schema";

export type RolesGiven = components["schemas"]["RolesGivenAnswer"];
export type HandOverPlace = components["schemas"]["HandOverPlace"];
export type HandedEntity = components["schemas"]["HandedEntity"];

export const ORGANIZATION = "organization";

export const peopleKeys = {
  departments: ["people", "departments"] as const,
  members: (filter: string, search: string) => ["people", "members", filter, search] as const,
  person: (id: string) => ["people", "person", id] as const,
  roles: (id: string) => ["people", "roles", id] as const,
  places: (id: string, openOnly: boolean, filters: HandOverFilters) => ["people", "places", id, openOnly, filters] as const,
};

async function answer<T>(call: Promise<{ data?: T }>): Promise<T> {
  return (await call).data as T;
}

/** Reads a block of the organization's records; the module that does so for any app comes with the pages of records only. */
export function readPeople(api: ApiClient, entity: string, { fields = [], limit = 50, ...rest }: PageQuery): Promise<RecordPage> {
  const query = new URLSearchParams({ fields: fields.join(","), limit: String(limit), ...rest });
  for (const [name, value] of [...query]) if (value === "") query.delete(name);
  return api.json<RecordPage>(`/api/apps/${ORGANIZATION}/records/${entity}`, { query });
}

/** Reads a user's record with what it points to. */
export const readUser = (api: ApiClient, id: string): Promise<RecordJson> => api.json<RecordJson>(`/api/apps/${ORGANIZATION}/records/user/${id}`);

/** Reads every department, block by block. */
export async function readDepartments(api: ApiClient): Promise<readonly RecordJson[]> {
  const found: RecordJson[] = [];
  let after: string | undefined;
  do {
    const page = await readPeople(api, "department", {
      fields: ["name", "parent_department", "manager", "active"],
      sort: "name",
      limit: 200,
      ...(after === undefined ? {} : { after }),
    });
    found.push(...page.records);
    after = page.next === null ? undefined : JSON.stringify(page.next);
  } while (after !== undefined);
  return found;
}

export const readMembers = (api: ApiClient, filter: string, search: string): Promise<{ readonly records: readonly RecordJson[]; readonly total: number | null }> =>
  readPeople(api, "user", { filter, search, sort: "name", fields: ["name", "email", "mobile", "department", "main_position", "active", "kind"], limit: 200, total: "exact" });

export const readRolesOf = (api: ApiClient, id: string): Promise<RolesGiven> => answer(api.platform.GET("/api/people/{user}/roles", { params: { path: { user: id } } }));

/** Conditions on the records, by `app.entity`. */
export type HandOverFilters = Readonly<Record<string, string>>;

export const previewHandOver = async (api: ApiClient, id: string, openOnly: boolean, filters: HandOverFilters): Promise<readonly HandOverPlace[]> =>
  (await answer(api.platform.POST("/api/people/{user}/hand-over/preview", { params: { path: { user: id } }, body: { open_only: openOnly, filters } }))).places;

export const handOver = async (api: ApiClient, id: string, to: string, places: readonly string[], openOnly: boolean, filters: HandOverFilters): Promise<readonly HandedEntity[]> => {
  const body = { to, places: [...places], open_only: openOnly, filters };
  const found = await api.platform.POST("/api/people/{user}/hand-over", { params: { path: { user: id } }, body });
  return (found.data as components["schemas"]["HandOverAnswer"]).entities;
};
