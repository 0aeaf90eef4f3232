/** Asks the server for the computed values that the browser cannot tell, a moment after the last change. */
import { useEffect } from "react";
import { useApi } from "@/shared/api/context";
import { previewRecord } from "@/shared/api/records";
import type { FormModel } from "@/shared/renderer/formModel";

const WAIT_MS = 500;

export function usePreview(app: string, store: FormModel): void {
  const api = useApi();
  useEffect(() => {
    let timer = 0;
    let flight = new AbortController();
    let asked = "";
    const changed = (): void => {
      window.clearTimeout(timer);
      if (store.unknownTargets().length === 0) return;
      timer = window.setTimeout(() => {
        const values = { ...store.body(), id: store.id };
        const body = JSON.stringify(values);
        if (body === asked) return;
        asked = body;
        flight.abort();
        flight = new AbortController();
        // A preview that fails is no error: the values stay as they are and the save computes them.
        previewRecord(api, app, store.entity.key, values, flight.signal).then(
          (computed) => store.applyPreview(computed),
          () => undefined,
        );
      }, WAIT_MS);
    };
    const stop = store.subscribe("*", changed);
    return () => {
      stop();
      window.clearTimeout(timer);
      flight.abort();
    };
  }, [api, app, store]);
}
