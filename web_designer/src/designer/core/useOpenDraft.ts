/**
 * Takes an app, gives its opened draft with autosave running, until the page is left; then what is unsent is sent.
 *
 * Gestures an earlier visit could not send come from the browser's storage and are done again first. What the person did in
 * earlier visits to this draft comes from the log and can be undone, or done again.
 */
import { useEffect, useState } from "react";
import type { ApiClient } from "@/shared/api/client";
import { type Autosave, PACE, startAutosave } from "./autosave";
import { draftPort, readDraft, readKept, readPublished } from "./draftApi";
import { type DesignStore, createDesignStore } from "./store";
import { unsentLog } from "./unsent";

export type OpenDraft = { readonly store: DesignStore; readonly autosave: Autosave };
export type Opening = { readonly state: "opening" } | { readonly state: "failed"; readonly error: unknown } | { readonly state: "open"; readonly draft: OpenDraft };

/** Open the draft of an app for a person. A part that opens another app is mounted anew (give it a key). */
export function useOpenDraft(api: ApiClient, person: string, app: string): Opening {
  const [opening, setOpening] = useState<Opening>({ state: "opening" });
  useEffect(() => {
    let isLeft = false;
    let autosave: Autosave | null = null;
    Promise.all([readDraft(api, app), readPublished(api, app), readKept(api, app)]).then(
      ([draft, published, kept]) => {
        if (isLeft) return;
        const log = unsentLog(window.localStorage, person, app);
        const store = createDesignStore(app, draft, log.read(), published, kept);
        autosave = startAutosave(store, draftPort(api, app), log, PACE, () => document.visibilityState === "visible");
        setOpening({ state: "open", draft: { store, autosave } });
      },
      (error: unknown) => {
        if (!isLeft) setOpening({ state: "failed", error });
      },
    );
    return () => {
      isLeft = true;
      void autosave?.close();
    };
  }, [api, person, app]);
  return opening;
}
