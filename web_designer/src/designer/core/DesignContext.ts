/** Hands the open document to whatever is drawn in a designer; each part reads only what it needs of it. */
import { createContext, useContext } from "react";
import { useStore } from "zustand";
import type { Language } from "@/shared/i18n/label";
import type { Autosave } from "./autosave";
import type { AppDocument, Pointer } from "./doc";
import type { DesignActions, DesignState, DesignStore } from "./store";

export type Design = {
  readonly app: string;
  readonly store: DesignStore;
  readonly autosave: Autosave;
  /** The language in which the labels of the app are shown on the canvas. */
  readonly labels: Language;
  /** Fields whose key was proposed in this visit: such keys follow the label until somebody sets one by hand. */
  readonly proposed: Set<Pointer>;
  /** The record that formulas of an entity are tried on, by entity, where somebody has chosen one in this visit. */
  readonly triedOn: Map<string, { readonly id: string; readonly title: string }>;
  /** Tell what just happened to those who cannot see it. */
  readonly announce: (text: string) => void;
};

export const DesignContext = createContext<Design | null>(null);

/** Return the open design. */
export function useDesign(): Design {
  const design = useContext(DesignContext);
  if (design === null) throw new Error("DesignContext is missing");
  return design;
}

/** Return a part of the state of the open document; drawn again only when that part changes. */
export function useDesignState<T>(select: (state: DesignState & DesignActions) => T): T {
  return useStore(useDesign().store, select);
}

/** Return the document as it is now. */
export const useDocument = (): AppDocument => useDesignState((state) => state.history.document);

/** Return the version in use, null when there is none yet: its keys are fixed. */
export const usePublished = (): AppDocument | null => useDesignState((state) => state.published);
