/** Questions and answers about how people sign in: one's own account, other people's, and the site's rules. */
import type { ApiClient } from "@/shared/api/client";
import { Problem } from "@/shared/api/problem";
import type { components } from "@/shared/api/schema";
import { problemText } from "@/shared/ui/States";

export type Account = components["schemas"]["AccountAnswer"];
export type PersonAccount = components["schemas"]["PersonAccountAnswer"];
export type SessionEntry = components["schemas"]["SessionEntry"];
export type TokenEntry = components["schemas"]["TokenEntry"];
export type NewToken = components["schemas"]["TokenBody"];
export type Enrolment = components["schemas"]["EnrolmentAnswer"];
export type SignInRules = components["schemas"]["SignInRulesAnswer"];
export type SignInRulesBody = components["schemas"]["SignInRulesBody"];

export const accountKeys = {
  own: ["account"] as const,
  sessions: ["account", "sessions"] as const,
  tokens: ["account", "tokens"] as const,
  person: (id: string) => ["person account", id] as const,
  rules: ["sign-in rules"] as const,
};

async function answer<T>(call: Promise<{ data?: T }>): Promise<T> {
  return (await call).data as T;
}

export const readAccount = (api: ApiClient): Promise<Account> => answer(api.platform.GET("/api/account"));

export const changePassword = (api: ApiClient, current: string, password: string): Promise<unknown> =>
  api.platform.PUT("/api/account/password", { body: { current, password } });

export const beginSecondFactor = (api: ApiClient, password: string): Promise<Enrolment> =>
  answer(api.platform.POST("/api/account/second-factor", { body: { password } }));

export const confirmSecondFactor = async (api: ApiClient, code: string): Promise<readonly string[]> =>
  (await answer(api.platform.PUT("/api/account/second-factor", { body: { code } }))).recovery_codes;

export const removeSecondFactor = (api: ApiClient, password: string): Promise<unknown> =>
  api.platform.POST("/api/account/second-factor/removal", { body: { password } });

export const renewRecoveryCodes = async (api: ApiClient, password: string): Promise<readonly string[]> =>
  (await answer(api.platform.POST("/api/account/second-factor/recovery-codes", { body: { password } }))).recovery_codes;

export const readSessions = async (api: ApiClient): Promise<readonly SessionEntry[]> => (await answer(api.platform.GET("/api/account/sessions"))).sessions;

export const endSession = (api: ApiClient, id: string): Promise<unknown> =>
  api.platform.DELETE("/api/account/sessions/{session_id}", { params: { path: { session_id: id } } });

export const endOtherSessions = (api: ApiClient): Promise<unknown> => api.platform.DELETE("/api/account/sessions");

export const readTokens = async (api: ApiClient): Promise<readonly TokenEntry[]> => (await answer(api.platform.GET("/api/account/tokens"))).tokens;

export const makeToken = async (api: ApiClient, token: NewToken): Promise<string> => (await answer(api.platform.POST("/api/account/tokens", { body: token }))).token;

export const revokeToken = (api: ApiClient, id: string): Promise<unknown> =>
  api.platform.DELETE("/api/account/tokens/{token_id}", { params: { path: { token_id: id } } });

export const readPersonAccount = (api: ApiClient, id: string): Promise<PersonAccount> =>
  answer(api.platform.GET("/api/people/{user_id}/account", { params: { path: { user_id: id } } }));

export const endPersonSessions = (api: ApiClient, id: string): Promise<unknown> =>
  api.platform.DELETE("/api/people/{user_id}/sessions", { params: { path: { user_id: id } } });

export const endPersonSession = (api: ApiClient, id: string, session: string): Promise<unknown> =>
  api.platform.DELETE("/api/people/{user_id}/sessions/{session_id}", { params: { path: { user_id: id, session_id: session } } });

export const resetSecondFactor = (api: ApiClient, id: string): Promise<unknown> =>
  api.platform.DELETE("/api/people/{user_id}/second-factor", { params: { path: { user_id: id } } });

export const makePersonToken = async (api: ApiClient, id: string, token: NewToken): Promise<string> =>
  (await answer(api.platform.POST("/api/people/{user_id}/tokens", { params: { path: { user_id: id } }, body: token }))).token;

export const revokePersonToken = (api: ApiClient, id: string, token: string): Promise<unknown> =>
  api.platform.DELETE("/api/people/{user_id}/tokens/{token_id}", { params: { path: { user_id: id, token_id: token } } });

export const setPersonNetworks = (api: ApiClient, id: string, networks: string[]): Promise<unknown> =>
  api.platform.PUT("/api/people/{user_id}/networks", { params: { path: { user_id: id } }, body: { networks } });

export const readRules = (api: ApiClient): Promise<SignInRules> => answer(api.platform.GET("/api/sign-in-rules"));

export const saveRules = (api: ApiClient, rules: SignInRulesBody): Promise<SignInRules> => answer(api.platform.PUT("/api/sign-in-rules", { body: rules }));

/** Returns what the server says is wrong with what was sent, else what went wrong. */
export function refusalText(error: unknown, t: (key: string) => string): string {
  const details = error instanceof Problem ? error.errors.map((one) => one.detail).join(" ") : "";
  return details || problemText(error, t);
}
