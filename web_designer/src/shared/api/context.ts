/** Hands the one ApiClient and the signed-in person to whoever renders below. */
import { createContext, useContext } from "react";
import type { ApiClient } from "./client";
import type { Session } from "./platform";

export const ApiContext = createContext<ApiClient | null>(null);

/** Returns the client of this page. */
export function useApi(): ApiClient {
  const api = useContext(ApiContext);
  if (api === null) throw new Error("ApiContext is missing");
  return api;
}

export const SessionContext = createContext<Session | null>(null);

/** Returns who is signed in; only pages behind the sign-in may ask. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === null) throw new Error("SessionContext is missing");
  return session;
}
