/** What the inputs of a form share: its values, the app they belong to and how they are shown. */
import { createContext, useCallback, useContext, useSyncExternalStore } from "react";
import type { FormError, FormModel } from "./formModel";
import type { Row } from "./formRows";
import type { RuntimeModel } from "./types";

/** Filled by a person, read by a person, or drawn as the canvas of the designer. */
export type FormMode = "edit" | "view" | "design";

export interface FormSurroundings {
  readonly model: RuntimeModel;
  readonly store: FormModel;
  readonly mode: FormMode;
  readonly language: string;
  /** Phone layout: one column, a card per line, native inputs. */
  readonly isCompact: boolean;
  /** Seen by somebody without an account, who can go nowhere from here and ask nothing more. */
  readonly isOutside: boolean;
}

export const FormContext = createContext<FormSurroundings | null>(null);

/** Returns the form around this input. */
export function useForm(): FormSurroundings {
  const form = useContext(FormContext);
  if (form === null) throw new Error("FormContext is missing");
  return form;
}

function useStore<T>(path: string, read: (store: FormModel) => T): T {
  const { store } = useForm();
  const subscribe = useCallback((changed: () => void) => store.subscribe(path, changed), [store, path]);
  return useSyncExternalStore(subscribe, () => read(store));
}

/** Returns the value at a path and draws again when it changes. */
export const useValue = (path: string): unknown => useStore(path, (store) => store.get(path));

/** Returns whether the server would compute other values than it last did: the record is new, or something has been changed. */
export const useIsAhead = (isWanted: boolean): boolean => useStore(isWanted ? "*" : "", (store) => isWanted && (store.isNew || store.changes() > 0));

/** Returns what is wrong at a path. */
export const useFieldError = (path: string): FormError | null => useStore(path, (store) => store.error(path));

/** Returns the rows of a lines field. */
export const useRows = (lines: string): readonly Row[] => useStore(lines, (store) => store.rows(lines));
