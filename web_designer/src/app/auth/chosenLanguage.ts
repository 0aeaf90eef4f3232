/** The language a person chose on a page before the sign-in: it goes along into their account. */
import type { ApiClient } from "@/shared/api/client";
import { changeLanguage, type Session } from "@/shared/api/platform";
import type { Language } from "@/shared/i18n/label";

let chosen: Language | null = null;

/** Keeps what was chosen until somebody signs in. */
export function chooseLanguage(language: Language): void {
  chosen = language;
}

/** Returns the session in the language that was chosen, or in `read`, that of the page; without either the account's own stays. */
export async function inChosenLanguage(api: ApiClient, session: Session, read: Language | null = null): Promise<Session> {
  const wanted = chosen ?? read;
  chosen = null;
  if (wanted === null || wanted === session.user.language) return session;
  api.useToken(session.csrf_token);
  // Who may not change it signs in all the same.
  return await changeLanguage(api, wanted).catch(() => session);
}
