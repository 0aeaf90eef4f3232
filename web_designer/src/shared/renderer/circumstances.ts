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
  readonly zone: string;
  readonly user: Signed | null;
  /** Key of the app, whose own roles may leave it out. */
  readonly app: string | null;
  /** The site's calendar, where the page has it. */
  readonly calendar?: Calendar | undefined;
}

/** Returns the context of a page's formulas. old: gives the record before the change, null for a new one. */
export function contextOf(known: Circumstances, old: () => Env | null): FormulaContext {
  const ask = (what: string) => (): never => {
    throw new Unknown(what);
  };
  const full = known.user?.roles;
  const prefix = `${known.app ?? ""}.`;
  return {
    now: known.now,
    zone: known.zone,
    user: known.user === null ? null : userOf(known.user),
    get roles() {
      if (full === undefined) throw new Unknown("roles");
      return [...full, ...full.filter((role) => role.startsWith(prefix)).map((role) => role.slice(prefix.length))];
    },
    get departments() {
      return ask("departments")();
    },
    get calendar() {
      return known.calendar ?? ask("calendar")();
    },
    people: { managerOf: ask("manager"), leaderOf: ask("leader"), pathOf: ask("path") },
    get old() {
      return old();
    },
    newId: () => newId(),
    random: () => Math.floor(Math.random() * 1e9),
  };
}

/** Returns the user as a record; only the server knows any other field of it. */
function userOf(user: Signed): FormulaContext["user"] {
  const fields: Readonly<Record<string, string>> = { id: user.id, name: user.name, ...(user.email === undefined ? {} : { email: user.email }) };
  return new Proxy(fields, {
    get: (_, key) => {
      const value = typeof key === "string" ? fields[key] : undefined;
      if (value === undefined) throw new Unknown(String(key));
      return value;
    },
  });
}
