/** Asks the server what an app is made of, what an upgrade would do, and puts it into the draft; keeps nothing. */
import type { ApiClient } from "@/shared/api/client";
import type { components } from "@/shared/api/schema";

type Schemas = components["schemas"];
export type PackageStand = Schemas["PackageStandEntry"];
/** What is planned; `records` are told where a package is taken out. */
export type UpgradePlan = Schemas["UpgradePlanAnswer"] & { readonly records?: Schemas["RemovalPlanAnswer"]["records"] };
export type UpgradeConflict = Schemas["ConflictEntry"];
export type Provenance = Schemas["ProvenanceEntry"];
export type Side = "ours" | "theirs";
/** How conflicts are decided that nobody decides one by one; null leaves them open. */
export type Rule = Side | "labels" | null;
export type Choices = Readonly<Record<string, Side>>;
/** A version of a package to upgrade to, or to take out, and what was decided. */
export type Wanted = { readonly package: string; readonly version: string; readonly choices: Choices; readonly rule: Rule };

/** What is planned: a newer version of a package the app has, one more package, or one less. */
export type Act = "upgrade" | "packages" | "packages/removal";

const path = (app: string, rest: string): string => `/api/apps/${encodeURIComponent(app)}/${rest}`;

export const readStands = async (api: ApiClient, app: string): Promise<readonly PackageStand[]> =>
  (await api.json<Schemas["PackageStandsAnswer"]>(path(app, "upgrade"))).packages;

/** What is taken out is the version the app has. */
const bodyOf = (act: Act, { version, ...others }: Wanted): Partial<Wanted> => (act === "packages/removal" ? others : { version, ...others });

export const planUpgrade = (api: ApiClient, app: string, act: Act, wanted: Wanted): Promise<UpgradePlan> =>
  api.json<UpgradePlan>(path(app, `${act}/plan`), { method: "POST", body: bodyOf(act, wanted) });

export const putIntoDraft = (api: ApiClient, app: string, act: Act, wanted: Wanted, revision: number): Promise<{ revision: number }> =>
  api.json(path(app, act), { method: "POST", body: { ...bodyOf(act, wanted), revision } });

export const readProvenance = async (api: ApiClient, app: string): Promise<Readonly<Record<string, Provenance>>> =>
  (await api.json<Schemas["ProvenanceAnswer"]>(path(app, "provenance"))).elements;
