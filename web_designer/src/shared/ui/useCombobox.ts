/** Keeps what goes on in a combobox, whichever box is drawn for it: what is typed, whether its list is open, whether an answer is awaited. */
import { useEffect, useState } from "react";
import type { ComboboxOption, ComboboxProps } from "./Combobox";

export interface ComboboxState {
  /** What is typed; null when the box shows what is chosen. */
  readonly typed: string | null;
  readonly isOpen: boolean;
  readonly open: () => void;
  readonly close: () => void;
  /** Closes the list, but waits for an answer that is on its way. */
  readonly shut: () => void;
  readonly type: (text: string) => void;
  readonly pick: (option: ComboboxOption | null) => void;
  /** Takes the option marked, or the first one of what was searched for, as soon as it is known. */
  readonly settle: (marked: ComboboxOption | undefined) => void;
  readonly leave: () => void;
  /** Takes whatever comes first with the answer that is on its way. */
  readonly awaitAnswer: () => void;
}

export function useCombobox({ text, options, isLoading = false, onOpen, onQuery, onAwait, onPick }: ComboboxProps<ComboboxOption>): ComboboxState {
  const [typed, setTyped] = useState<string | null>(null);
  const [isOpen, setOpen] = useState(false);
  const [isAwaited, setAwaited] = useState(false);
  const isTyped = typed !== null && typed.trim() !== "";

  const open = (): void => {
    if (isOpen) return;
    setOpen(true);
    onOpen?.();
  };
  const close = (): void => {
    setOpen(false);
    setTyped(null);
    setAwaited(false);
    onQuery("");
  };
  const pick = (option: ComboboxOption | null): void => {
    onPick(option);
    close();
  };
  useEffect(() => {
    if (!isAwaited || isLoading) return undefined;
    const timer = window.setTimeout(() => {
      const option = options[0];
      if (option === undefined) close();
      else pick(option);
    });
    return () => window.clearTimeout(timer);
  });
  useEffect(() => {
    if (isAwaited) return onAwait?.();
    return undefined;
    // Begins and ends with the waiting, whatever is drawn meanwhile.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [isAwaited]);
  return {
    typed,
    isOpen,
    open,
    close,
    shut: () => (isAwaited ? setOpen(false) : close()),
    type: (next) => {
      setTyped(next);
      setAwaited(false);
      onQuery(next);
      open();
    },
    pick,
    settle: (marked) => {
      const option = marked ?? options[0];
      if (isTyped && isLoading) setAwaited(true);
      else if (isTyped && option !== undefined) pick(option);
    },
    leave: () => {
      if (isAwaited) return setOpen(false);
      if (typed !== null && !isTyped && text !== "") onPick(null);
      if (isOpen || typed !== null) close();
    },
    awaitAnswer: () => setAwaited(true),
  };
}
