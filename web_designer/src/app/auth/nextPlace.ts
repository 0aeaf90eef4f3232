/** Decides where a person goes after signing in. */

/** Returns where to go after signing in: a place of this product, never another site's. */
export function nextPlace(wanted: string | null): string {
  return wanted !== null && /^\/(?![/\\])/.test(wanted) ? wanted : "/";
}
