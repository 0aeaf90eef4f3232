/** Gives what property controls do: set a property or a label of the element at a pointer, and end an entry of typing. */
import { useMemo } from "react";
import { useDesign } from "../../core/DesignContext";
import type { Json, Pointer } from "../../core/doc";
import { setLabel, setProperty } from "../gestures";

export type Edit = {
  /** Choose a value: an entry of its own. Undefined takes the property away. */
  readonly choose: (property: string, value: Json | undefined) => void;
  /** Type a value: one entry until `leave`. */
  readonly type: (property: string, value: Json | undefined) => void;
  readonly typeLabel: (property: string, language: string, text: string) => void;
  readonly leave: () => void;
};

export function useEdit(pointer: Pointer): Edit {
  const { store } = useDesign();
  return useMemo(() => {
    const now = () => store.getState().history.document;
    return {
      choose: (property, value) => void store.getState().execute(setProperty(now(), pointer, property, value)),
      type: (property, value) => void store.getState().execute(setProperty(now(), pointer, property, value, true)),
      typeLabel: (property, language, text) => void store.getState().execute(setLabel(now(), pointer, property, language, text)),
      leave: () => store.getState().seal(),
    };
  }, [store, pointer]);
}
