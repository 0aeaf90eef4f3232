/** The values of a record as plain JSON by key, and when two of them are the same. */

export type Values = Record<string, unknown>;

/** Returns whether two JSON values are equal; blank is null, an empty text or an empty list. */
export function sameValue(left: unknown, right: unknown): boolean {
  if (Array.isArray(left) && Array.isArray(right)) return left.length === right.length && left.every((one, place) => sameValue(one, right[place]));
  if (isParts(left) && isParts(right)) return JSON.stringify(left) === JSON.stringify(right);
  return (isBlank(left) ? null : left) === (isBlank(right) ? null : right);
}

const isParts = (value: unknown): boolean => typeof value === "object" && value !== null && !Array.isArray(value);

/** What was typed and is no value of its kind yet; it is never sent, for the check refuses it. */
export class Typed {
  constructor(readonly text: string) {}
}

/** Returns whether nothing is filled in. */
export function isBlank(value: unknown): boolean {
  return value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
}

/** Returns the values but those of some keys. */
export function without(values: Values, keys: readonly string[]): Values {
  return Object.fromEntries(Object.entries(values).filter(([key]) => !keys.includes(key)));
}
