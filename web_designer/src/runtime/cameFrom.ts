/** Marks in the history where a form was opened from, so that leaving it goes back instead of on. */

export const FROM_DETAIL = { cameFrom: "detail" } as const;

/** Returns whether the page behind this one in the history is the record's own. */
export function cameFromDetail(state: unknown): boolean {
  return typeof state === "object" && state !== null && "cameFrom" in state && state.cameFrom === FROM_DETAIL.cameFrom;
}
