/** Reads, makes, changes and takes back public links. */
import type { ApiClient } from "@/shared/api/client";
import type { components } from "@/shared/api/schema";

export type PublicLink = components["schemas"]["PublicLinkEntry"];
export type NewLink = components["schemas"]["MakePublicLinkBody"];

/** Which links: of an app, of a record, or all there are to see. */
export interface Which {
  readonly app?: string;
  readonly entity?: string;
  readonly record?: string;
}

const LINKS = "/api/public-links";

export const linksKey = (which: Which): readonly unknown[] => ["public links", which];

export async function readLinks(api: ApiClient, which: Which, signal: AbortSignal): Promise<readonly PublicLink[]> {
  const query = new URLSearchParams(Object.entries(which));
  return (await api.json<{ readonly links: readonly PublicLink[] }>(LINKS, { query, signal })).links;
}

/** Makes a link; gives its address, which nobody can be told again. */
export async function makeLink(api: ApiClient, link: NewLink): Promise<string> {
  return (await api.json<{ readonly url: string }>(LINKS, { method: "POST", body: link })).url;
}

export const pauseLink = (api: ApiClient, id: string, isPaused: boolean): Promise<unknown> => api.json(`${LINKS}/${id}`, { method: "PATCH", body: { is_paused: isPaused } });

export const revokeLink = (api: ApiClient, id: string): Promise<unknown> => api.json(`${LINKS}/${id}`, { method: "DELETE" });
