/** What a form starts from, what is picked in it, and what is wrong with a value of it, as plain data. */
import type { Circumstances } from "./circumstances";
import type { Values } from "./fieldValues";
import type { EntityModel } from "./types";

/** What is wrong with a value: the server's words, or a code for the page to word. */
export type FormError = { readonly text: string } | { readonly code: string; readonly parts: Readonly<Record<string, string | number>> };

/** A record picked in a reference: its id, its title and the fields that were asked for. */
export interface Picked {
  readonly id: string;
  readonly title: string;
  readonly record: Readonly<Record<string, unknown>>;
}

/** What a new form starts from. */
export interface FormStart extends Circumstances {
  readonly entity: EntityModel;
  /** Other entities by key, for formulas over references. */
  readonly entities: (key: string) => EntityModel | undefined;
  /** The record being edited; null for a new one. */
  readonly record: Values | null;
}
