/** What every input gets, whatever its kind. */
import type { ComponentType } from "react";
import type { FieldModel } from "../types";

export interface FieldProps {
  readonly field: FieldModel;
  /** Where its value is: `customer`, or `lines.r3.quantity`. */
  readonly path: string;
  /** Key of the lines field it is a column of; null for a field of the record. */
  readonly lines: string | null;
  readonly inputId: string;
  /** A whole form item, or a cell of the table of lines. */
  readonly variant: "form" | "cell";
  readonly aria: Readonly<Record<string, string | boolean | undefined>>;
}

export type FieldComponent = ComponentType<FieldProps>;
