/** Secrets as the server answers them: handles, which are shown as a mask. */

/** What stands in the place of a secret. */
export const MASK = "••••••";

/** Returns whether a value is the handle of a secret that is kept. */
export const isHandle = (value: unknown): value is string => typeof value === "string" && value.startsWith("secret:");
