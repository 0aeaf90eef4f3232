/** Reads the sums of a list's number columns, for all records that match and not only for those that have come. */
import { useQuery } from "@tanstack/react-query";
import { useApi } from "@/shared/api/context";
import { readGroups } from "@/shared/api/groups";
import { useModel } from "@/shared/api/model";
import type { FieldModel } from "@/shared/renderer/types";
import { summedFields } from "./narrowing";

/** Returns the sum of each column by its key; empty until they are there, and while nobody wants them. */
export function useTotals(entity: string, fields: readonly FieldModel[], filter: string, search: string, isWanted: boolean): Readonly<Record<string, string>> {
  const api = useApi();
  const { app } = useModel();
  const sums = summedFields(fields);
  const asked = { filter, search, by: "", measures: sums.map(({ key }) => `SUM(${key})`).join() };
  const found = useQuery({
    queryKey: ["totals", app, entity, asked],
    queryFn: ({ signal }) => readGroups(api, app, entity, asked, signal),
    enabled: isWanted && sums.length > 0,
    staleTime: 0,
  });
  const measures = found.data?.groups[0]?.measures ?? [];
  return Object.fromEntries(sums.flatMap(({ key }, at) => (measures[at] === null || measures[at] === undefined ? [] : [[key, String(measures[at])]])));
}
