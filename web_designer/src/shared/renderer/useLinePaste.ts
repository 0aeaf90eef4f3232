/** Takes a lines field, gives what fills its lines from a pasted block; the work on it comes when a page has nothing else to do. */
import { useTranslation } from "react-i18next";
import { useApi } from "@/shared/api/context";
import { onceLoaded } from "@/shared/ui/later";
import { useForm } from "./FormContext";
import type { Paste } from "./pasted";
import type { FieldModel } from "./types";

const loadFill = onceLoaded(async () => (await import("./fillPasted")).fillPasted);

export function useLinePaste(lines: FieldModel): (paste: Paste) => Promise<void> {
  const { t } = useTranslation("form");
  const api = useApi();
  const { store, model } = useForm();
  return async (paste) => {
    const fill = await loadFill().catch(() => null);
    if (fill === null) store.setError(lines.key, { text: t("lookupFailed") });
    else await fill({ api, store, model, t, lines }, paste);
  };
}
