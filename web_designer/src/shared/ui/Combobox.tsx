/** A text box that offers a list while one types: for choices and for references alike, in forms and in table cells. */
import type { ComponentType, JSX, ReactNode } from "react";
import { later } from "./later";

export interface ComboboxOption {
  readonly key: string;
  readonly label: string;
  /** What is drawn in the list, when it is more than the label. */
  readonly content?: ReactNode;
}

export interface ComboboxProps<O extends ComboboxOption> {
  readonly inputId: string;
  /** Label of what is chosen; empty when nothing is. */
  readonly text: string;
  readonly options: readonly O[];
  readonly isLoading?: boolean;
  readonly emptyText: string;
  readonly placeholder?: string;
  readonly clearLabel?: string;
  readonly onOpen?: () => void;
  readonly onQuery: (typed: string) => void;
  readonly onPick: (option: O | null) => void;
  readonly aria: Readonly<Record<string, string | boolean | undefined>>;
  readonly listLabel: string;
}

type AnyProps = ComboboxProps<ComboboxOption>;

function Waiting({ inputId, text, placeholder, aria }: AnyProps): JSX.Element {
  return <input id={inputId} className="input" type="text" readOnly placeholder={placeholder} value={text} {...aria} />;
}

/** Where the box comes from; a page that will need it loads it beforehand. */
export const ComboboxPart = later<AnyProps>(async () => (await import("./ComboboxInput")).ComboboxInput, Waiting);

export function Combobox<O extends ComboboxOption>(props: ComboboxProps<O>): JSX.Element {
  const Input = ComboboxPart as unknown as ComponentType<ComboboxProps<O>>;
  return <Input {...props} />;
}
