/** Marks in the history where a page was opened from, so that leaving it goes back instead of on. */

/** Pages of the runtime that one leaves for a record and comes back to. */
type Origin = "list" | "detail";

/** Returns what a link or a navigation carries as state. */
export const from = (origin: Origin): { readonly cameFrom: Origin } => ({ cameFrom: origin });

/** Returns whether the page behind this one in the history is the one that is named. */
export function cameFrom(origin: Origin, state: unknown): boolean {
  return typeof state === "object" && state !== null && "cameFrom" in state && state.cameFrom === origin;
}
