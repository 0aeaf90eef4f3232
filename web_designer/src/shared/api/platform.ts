/** The platform's own questions and answers, typed by the server's OpenAPI document: session, links, apps, library, model. */
import type { ApiClient } from "./client";
import type { components } from "./schema";
import type { Language } from "@/shared/i18n/label";
import type { RuntimeModel } from "@/shared/renderer/types";

export type Session = components["schemas"]["SessionAnswer"];
export type AppSummary = components["schemas"]["AppEntry"];
export type PackageSummary = components["schemas"]["PackageEntry"];

/** Returns the answer itself; what is no answer has been thrown by the client. */
async function answer<T>(call: Promise<{ data?: T }>): Promise<T> {
  return (await call).data as T;
}

export const readSession = (api: ApiClient): Promise<Session> => answer(api.platform.GET("/api/session"));

/** A sign-in that is half done: a code has to follow. */
export type HalfSession = components["schemas"]["SecondStepAnswer"];

/** Says whether a sign-in still needs a code. */
export const isHalf = (entered: Session | HalfSession): entered is HalfSession => "needs" in entered;

export const signIn = (api: ApiClient, email: string, password: string): Promise<Session | HalfSession> =>
  answer(api.platform.POST("/api/session", { body: { email, password } }));

export const showCode = (api: ApiClient, code: string): Promise<Session> => answer(api.platform.POST("/api/session/code", { body: { code } }));

export const changeLanguage = (api: ApiClient, language: Language): Promise<Session> =>
  answer(api.platform.PATCH("/api/session", { body: { language } }));

export async function signOut(api: ApiClient): Promise<void> {
  await api.platform.DELETE("/api/session");
}

export const readLink = (api: ApiClient, token: string): Promise<components["schemas"]["LinkAnswer"]> =>
  answer(api.platform.POST("/api/links/check", { body: { token } }));

export const followLink = (api: ApiClient, token: string, password: string): Promise<Session | HalfSession> =>
  answer(api.platform.POST("/api/links/use", { body: { token, password } }));

export const readSignInOptions = (api: ApiClient): Promise<components["schemas"]["SignInOptionsAnswer"]> =>
  answer(api.platform.GET("/api/sign-in-options"));

/** Returns where to sign out of the provider too by which somebody came, null where that is not wanted. */
export const readSignOut = async (api: ApiClient): Promise<string | null> => (await answer(api.platform.GET("/api/oidc/sign-out"))).address;

export const askReset = (api: ApiClient, email: string): Promise<unknown> => api.platform.POST("/api/resets", { body: { email } });

export const readApps = async (api: ApiClient): Promise<readonly AppSummary[]> => (await answer(api.platform.GET("/api/apps"))).apps;

export const readLibrary = async (api: ApiClient): Promise<readonly PackageSummary[]> =>
  (await answer(api.platform.GET("/api/library"))).packages;

/** The model's shape is the product's own, see `shared/renderer/types`; the OpenAPI document leaves it open. */
export const readModel = async (api: ApiClient, app: string): Promise<RuntimeModel> =>
  (await answer(api.platform.GET("/api/apps/{app}/model", { params: { path: { app } } }))) as unknown as RuntimeModel;

export type CalendarDays = components["schemas"]["CalendarAnswer"];
export type CalendarYear = components["schemas"]["CalendarYearAnswer"];
export type CalendarDay = components["schemas"]["CalendarDay"];

export const readCalendar = (api: ApiClient): Promise<CalendarDays> => answer(api.platform.GET("/api/calendar"));

export const readCalendarYear = (api: ApiClient, year: number): Promise<CalendarYear> =>
  answer(api.platform.GET("/api/calendar/{year}", { params: { path: { year } } }));

export const saveCalendarYear = (api: ApiClient, { year, revision, source }: CalendarYear, days: readonly CalendarDay[]): Promise<CalendarYear> =>
  answer(api.platform.PUT("/api/calendar/{year}", { params: { path: { year } }, body: { revision, source, days: [...days] } }));

export type SearchAnswer = components["schemas"]["SearchAnswer"];

/** Looks for records of an app, of all apps without one. */
export const searchRecords = (api: ApiClient, app: string | undefined, text: string, signal: AbortSignal): Promise<SearchAnswer> =>
  app === undefined
    ? answer(api.platform.GET("/api/search", { params: { query: { text } }, signal }))
    : answer(api.platform.GET("/api/apps/{app}/search", { params: { path: { app }, query: { text } }, signal }));
