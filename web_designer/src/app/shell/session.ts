/** The session as the pages know it: asked for once, changed by signing in and out. */
import { useQuery, useQueryClient, type UseQueryResult } from "@tanstack/react-query";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { useApi } from "@/shared/api/context";
import { keys } from "@/shared/api/model";
import { readSession, type Session } from "@/shared/api/platform";
import { Problem } from "@/shared/api/problem";

/** Returns the session; null when nobody is signed in. */
export function useSessionQuery(): UseQueryResult<Session | null> {
  const api = useApi();
  const take = useTakeSession();
  return useQuery({
    queryKey: keys.session,
    queryFn: async () => {
      try {
        const session = await readSession(api);
        await take(session);
        return session;
      } catch (error) {
        if (error instanceof Problem && error.status === 401) return null;
        if (error instanceof Problem && api.isViewing) {
          // Whom one looked as is gone, or one may look as nobody any more.
          api.viewAs(null);
          return await readSession(api);
        }
        throw error;
      }
    },
    staleTime: 5 * 60_000,
  });
}

/** Returns how to take a session into use: its token and the person's language. */
export function useTakeSession(): (session: Session) => Promise<void> {
  const api = useApi();
  const client = useQueryClient();
  const { i18n } = useTranslation();
  return useCallback(
    async (session) => {
      api.useToken(session.csrf_token);
      if (i18n.language !== session.user.language) await i18n.changeLanguage(session.user.language);
      client.setQueryData(keys.session, session);
      client.setQueryData(keys.sessionOver, false);
    },
    [api, client, i18n],
  );
}
