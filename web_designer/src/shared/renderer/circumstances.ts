/** What the formulas of a page may know of the world; what only the server knows stops them, and is left to it. */
import type { Calendar, Env, FormulaContext } from "@/shared/formula";
import { newId } from "@/shared/format/ids";

/** Thrown while a formula reads something the browser does not have. */
export class Unknown extends Error {}

/** Who is signed in, as the session says it: roles by their full keys. */
export interface Signed {
  readonly id: string;
  readonly name: string;
  readonly email?: string;
  readonly roles?: readonly string[];
}

export interface Circumstances {
  readonly now: Date;
  /** The site's time zone, for TODAY() and the like. */
  readonly zone: string;
  /** Who is signed in, for CURRENTUSER(). */
  readonly user: Signed | null;
  /** Key of the app, whose own roles HASROLE() may name without it. */
  readonly app?: string;
  /** The site's calendar, where a formula of the entity reads it. */
  readonly calendar?: Calendar | undefined;
}

/** Returns the context of a page's formulas. old: gives the record before the change, null for a new one. */
export function contextOf({ now, zone, user, app, calendar }: Circumstances, old: () => Env | null): FormulaContext {
  return onlyKnown({
    now,
    zone,
    user: user && onlyKnown({ id: user.id, name: user.name, email: user.email }),
    roles: user?.roles?.flatMap((role) => (role.startsWith(`${app}.`) ? [role, role.slice(role.indexOf(".") + 1)] : role)),
    calendar,
    newId,
    random: () => Math.trunc(Math.random() * 1e9),
    get old() {
      return old();
    },
  }) as unknown as FormulaContext;
}

/** Returns an object of which only what is there can be read: all else the server alone knows. */
export function onlyKnown<T extends object>(there: T): T {
  return new Proxy(there, {
    get: (_, key) => {
      const value = (there as Record<string | symbol, unknown>)[key];
      if (value === undefined) throw new Unknown();
      return value;
    },
  });
}
