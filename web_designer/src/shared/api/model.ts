/** The published app as the pages use it: one question per app and version, kept while the pages are open. */
import { createContext, useContext } from "react";
import type { RuntimeModel } from "@/shared/renderer/types";

export const ModelContext = createContext<RuntimeModel | null>(null);

/** Returns the model of the app whose page this is. */
export function useModel(): RuntimeModel {
  const model = useContext(ModelContext);
  if (model === null) throw new Error("ModelContext is missing");
  return model;
}

/** Keys of what react-query keeps. */
export const keys = {
  session: ["session"] as const,
  /** Whether the server has said that the session is over. */
  sessionOver: ["session over"] as const,
  apps: ["apps"] as const,
  library: ["library"] as const,
  calendar: ["calendar"] as const,
  calendarYear: (year: number) => ["calendar", year] as const,
  model: (app: string) => ["model", app] as const,
  record: (app: string, entity: string, id: string) => ["record", app, entity, id] as const,
};
