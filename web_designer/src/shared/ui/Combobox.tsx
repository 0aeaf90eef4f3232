/** A text box that offers a list while one types: for choices and for references alike, in forms and in table cells. */
import type { ComponentType, FocusEvent, JSX, KeyboardEvent, ReactNode } from "react";
import { Icon } from "./Icon";
import { LateBox } from "./LateBox";
import { makePart } from "./later";
import { useCombobox, type ComboboxState } from "./useCombobox";

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
  /** Is called when a pick waits for an answer; what it gives is called when it has been made, or is given up. */
  readonly onAwait?: () => () => void;
  readonly onPick: (option: O | null) => void;
  readonly aria: Readonly<Record<string, string | boolean | undefined>>;
  readonly listLabel: string;
}

export interface ComboboxBoxProps extends ComboboxProps<ComboboxOption> {
  readonly state: ComboboxState;
}

const part = makePart<ComboboxBoxProps>(async () => (await import("./ComboboxInput")).ComboboxInput);

export function Combobox<O extends ComboboxOption>(props: ComboboxProps<O>): JSX.Element {
  // What is given back was given: the option picked is one of `options`.
  const given = props as unknown as ComboboxProps<ComboboxOption>;
  const state = useCombobox(given);
  return <LateBox part={part} Light={LightBox as ComponentType<ComboboxBoxProps>} given={{ ...given, state }} />;
}

/** The box without its list: takes what is typed, and the first option for Enter and Tab. */
function LightBox({ inputId, text, placeholder, aria, state }: ComboboxBoxProps): JSX.Element {
  const onKeyDown = (event: KeyboardEvent): void => {
    if (!state.isOpen || event.nativeEvent.isComposing) return;
    if (event.key === "Enter" || event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
    }
    if (event.key === "Escape") state.close();
    else if (event.key === "Enter" || event.key === "Tab") state.settle(undefined);
  };
  return (
    <span className="box-light">
      <input
        id={inputId}
        className="input"
        type="text"
        role="combobox"
        aria-expanded="false"
        aria-haspopup="listbox"
        autoComplete="off"
        placeholder={placeholder}
        {...aria}
        value={state.typed ?? text}
        onChange={(event) => state.type(event.target.value)}
        onMouseDown={state.open}
        onKeyDown={onKeyDown}
        onFocus={(event: FocusEvent<HTMLInputElement>) => event.target.select()}
        onBlur={state.leave}
      />
      <Icon name="down" size={14} />
    </span>
  );
}
