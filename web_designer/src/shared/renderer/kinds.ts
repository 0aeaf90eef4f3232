/** What groups of field kinds have in common on the screen. */

const NUMBERS: ReadonlySet<string> = new Set(["number", "money", "percent", "quantity", "rating", "duration"]);
const WIDE: ReadonlySet<string> = new Set(["long_text", "rich_text", "address", "json"]);
const MORE: ReadonlySet<string> = new Set([
  "rich_text", "phone", "email", "url", "barcode", "secret", "percent", "quantity", "rating", "time", "duration", "choices", "tree_choice", "address", "location", "json",
]);
const UNSORTED: ReadonlySet<string> = new Set(["lines", "long_text", "rich_text", "secret", "choices", "any_reference", "address", "location", "json"]);

/** Returns whether values of this kind are numbers. */
export const isNumberKind = (kind: string): boolean => NUMBERS.has(kind);

/** Returns whether values of this kind are options of a list. */
export const isOptionKind = (kind: string): boolean => kind === "choice" || kind === "choices" || kind === "tree_choice";

/** Returns whether an input of this kind takes the whole width of its section. */
export const isWideKind = (kind: string): boolean => WIDE.has(kind);

/** Returns whether inputs and values of this kind come with the part that few pages need. */
export const isMoreKind = (kind: string): boolean => MORE.has(kind);

/** Returns whether a list can be sorted by a field of this kind. */
export const isSortableKind = (kind: string): boolean => !UNSORTED.has(kind);
