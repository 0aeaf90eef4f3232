/** Takes a field of the draft, gives the tree of its default once all that it calls has been loaded; null until then and where there is none. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useApi } from "@/shared/api/context";
import { keys } from "@/shared/api/model";
import { readCalendar } from "@/shared/api/platform";
import { type Calendar, prepare, readsCalendar, type TreeJson } from "@/shared/formula";
import { useDebounced } from "@/shared/hooks/useDebounced";
import { useDesign } from "../core/DesignContext";
import type { FieldDefinition } from "../core/doc";
import { checkExpression } from "../formula/expressionApi";
import { typeOf } from "./kinds";

export type Default = { readonly tree: TreeJson | null; readonly calendar: Calendar | undefined };

/** A default is read again this long after the last key. */
const AFTER_TYPING_MS = 500;

export function useDefault(entity: string, field: FieldDefinition): Default {
  const { app } = useDesign();
  const api = useApi();
  const text = useDebounced(field.formula === undefined ? (field.default ?? "") : "", AFTER_TYPING_MS);
  const wanted = typeOf(field);
  const found = useQuery({
    queryKey: ["default", app, entity, wanted, text],
    queryFn: async ({ signal }) => {
      const { tree } = await checkExpression(api, { app, entity, use: "default", wanted }, text, null, signal);
      // Functions that only some formulas call come from files of their own, on the canvas as in the form.
      if (tree != null) await prepare([tree as TreeJson]);
      return (tree ?? null) as TreeJson | null;
    },
    enabled: text !== "",
    retry: false,
    staleTime: Infinity,
    placeholderData: keepPreviousData,
  });
  const tree = text === "" ? null : (found.data ?? null);
  const hasCalendar = tree !== null && readsCalendar([tree]);
  const calendar = useQuery({ queryKey: keys.calendar, queryFn: () => readCalendar(api), enabled: hasCalendar });
  return { tree, calendar: hasCalendar ? calendar.data : undefined };
}
