/** Asks the server about packages and about installed apps as wholes; keeps nothing. */
import type { ApiClient } from "@/shared/api/client";
import type { components } from "@/shared/api/schema";

type Schemas = components["schemas"];
export type PackageDetails = Schemas["PackageDetails"];
export type Leaving = Schemas["LeavingAnswer"];
export type Standings = Schemas["StandingsAnswer"];
export type Cleared = Schemas["ClearedAnswer"];
export type Part = "seed" | "demo";

/** What is asked about a package and an app once and then kept by the query client. */
export const libraryKeys = {
  details: (key: string, version: string) => ["library", key, version] as const,
  standings: (app: string) => ["package records", app] as const,
  leaving: (app: string) => ["leaving", app] as const,
};

const packagePath = (key: string): string => `/api/library/${encodeURIComponent(key)}`;
const appPath = (app: string, rest: string): string => `/api/apps/${encodeURIComponent(app)}/${rest}`;

export const readPackage = (api: ApiClient, key: string, version: string): Promise<PackageDetails> =>
  api.json(packagePath(key), { query: new URLSearchParams({ version }) });

export const uploadPackage = (api: ApiClient, file: Blob): Promise<PackageDetails> => api.file("/api/library", new URLSearchParams(), file);

export const deletePackage = (api: ApiClient, key: string, version: string): Promise<null> =>
  api.json(`${packagePath(key)}/versions/${encodeURIComponent(version)}`, { method: "DELETE" });

/** Returns where a package is downloaded from. */
export const packageAddress = (key: string, version: string): string => `${packagePath(key)}/file?${new URLSearchParams({ version }).toString()}`;

/** Installs a version of a package; refused if its content is no longer the one that was shown. */
export const installVersion = (api: ApiClient, { key, version, hash }: PackageDetails, demo: boolean): Promise<Schemas["InstalledAnswer"]> =>
  api.json("/api/apps", { method: "POST", body: { package: key, version, hash, demo } });

export const readStandings = (api: ApiClient, app: string): Promise<Standings> => api.json(appPath(app, "package-records"));

export const addRecords = (api: ApiClient, app: string, part: Part): Promise<Schemas["AddedAnswer"]> =>
  api.json(appPath(app, `package-records/${part}`), { method: "POST" });

export const clearRecords = (api: ApiClient, app: string, part: Part): Promise<Cleared> =>
  api.json(appPath(app, `package-records/${part}`), { method: "DELETE" });

export const readLeaving = (api: ApiClient, app: string): Promise<Leaving> => api.json(appPath(app, "uninstall"));

export const uninstallApp = (api: ApiClient, app: string, key: string): Promise<Leaving> =>
  api.json(appPath(app, "uninstall"), { method: "POST", body: { key } });
