/** Keeps what somebody opened last, the latest first, as long as the window is open: pages and records to go back to. */
import type { Labels } from "@/shared/renderer/types";

/** A page or a record. title: what it is called; kind: what a record is one of, null for a page. */
export interface Recent {
  readonly app: string;
  readonly path: string;
  readonly title: string | Labels;
  readonly kind: Labels | null;
}

const MOST = 20;
const PLACE = "dougong.recent";

/** Returns what a person opened last; what is kept of another person is not theirs. */
export function recentOf(user: string): readonly Recent[] {
  try {
    const kept = JSON.parse(window.sessionStorage.getItem(PLACE) ?? "{}") as { readonly user?: string; readonly opened?: readonly Recent[] };
    return kept.user === user ? (kept.opened ?? []) : [];
  } catch {
    return []; // not ours, or the browser keeps nothing
  }
}

/** Puts a page or a record first; it is there once. */
export function keepRecent(user: string, recent: Recent): void {
  const opened = [recent, ...recentOf(user).filter((one) => one.path !== recent.path)].slice(0, MOST);
  try {
    window.sessionStorage.setItem(PLACE, JSON.stringify({ user, opened }));
  } catch {
    // The browser keeps nothing: there is nothing to go back to.
  }
}

/** Forgets everything, as when somebody signs out. */
export function forgetRecent(): void {
  try {
    window.sessionStorage.removeItem(PLACE);
  } catch {
    // The browser keeps nothing.
  }
}
