/** Says whether a pasted text is a block of cells, and what goes with one: apart from the work on it, which comes when a block is pasted. */
import type { FieldModel } from "./types";

/** Cells to fill from a line on, to the right over `fields` and down. */
export interface Paste {
  readonly text: string;
  readonly fields: readonly FieldModel[];
  readonly startRow: string;
}

/** Returns whether a text is more than one cell. */
export function isBlock(text: string): boolean {
  return /[\t\n]/.test(text.replace(/\r?\n$/, ""));
}
