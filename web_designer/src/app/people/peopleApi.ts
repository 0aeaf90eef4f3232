/** Questions and answers about invitations, mail and the providers that vouch for people. */
import type { ApiClient } from "@/shared/api/client";
import { Problem } from "@/shared/api/problem";
import type { components } from "@/shared/api/schema";
import { problemText } from "@/shared/ui/States";

export type Invitees = components["schemas"]["InviteesAnswer"];
export type Invited = components["schemas"]["InvitedUser"];
export type MailState = components["schemas"]["MailAnswer"];
export type Provider = components["schemas"]["ProviderEntry"];
export type ProviderBody = components["schemas"]["ProviderBody"];
export type ProviderKind = Provider["kind"];

export const peopleKeys = {
  invitees: ["invitees"] as const,
  mail: ["mail"] as const,
  providers: ["providers"] as const,
};

async function answer<T>(call: Promise<{ data?: T }>): Promise<T> {
  return (await call).data as T;
}

export const readInvitees = (api: ApiClient): Promise<Invitees> => answer(api.platform.GET("/api/invitations"));

export const invite = async (api: ApiClient, users: readonly string[], by: "mail" | "link"): Promise<readonly Invited[]> =>
  (await answer(api.platform.POST("/api/invitations", { body: { users: [...users], by } }))).invited;

export const readMail = (api: ApiClient): Promise<MailState> => answer(api.platform.GET("/api/mail"));

export const testMail = (api: ApiClient): Promise<unknown> => api.platform.POST("/api/mail/test");

export const sendAgain = (api: ApiClient, mail: string): Promise<unknown> =>
  api.platform.POST("/api/mail/{mail}/again", { params: { path: { mail } } });

export const readProviders = (api: ApiClient): Promise<components["schemas"]["ProvidersAnswer"]> => answer(api.platform.GET("/api/providers"));

export const saveProvider = (api: ApiClient, key: string, body: ProviderBody): Promise<Provider> =>
  answer(api.platform.PUT("/api/providers/{key}", { params: { path: { key } }, body }));

export const removeProvider = (api: ApiClient, key: string): Promise<unknown> =>
  api.platform.DELETE("/api/providers/{key}", { params: { path: { key } } });

export const tryProvider = async (api: ApiClient, key: string, login: string): Promise<Readonly<Record<string, string>>> =>
  (await answer(api.platform.POST("/api/providers/{key}/try", { params: { path: { key } }, body: { login } }))).found;

/** Returns what a refusal says of each place in a request, or of the whole. */
export function refusalText(error: unknown, t: (key: string) => string): string {
  const told = error instanceof Problem ? error.errors.map((one) => one.detail).join(" ") : "";
  return told || problemText(error, t);
}
