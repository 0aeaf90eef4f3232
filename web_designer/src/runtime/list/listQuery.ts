/** What a list shows, between the address of the page and plain values: search, filter, sort and where it starts. */
import type { ViewDefinition } from "@/shared/renderer/types";

/** One row of the filter drawer. */
export interface FilterRow {
  readonly field: string;
  readonly operator: string;
  readonly values: readonly string[];
}

export interface SortKey {
  readonly key: string;
  readonly isDescending: boolean;
}

export interface ListQuery {
  readonly search: string;
  readonly filters: readonly FilterRow[];
  /** Empty: as the view says. */
  readonly sort: readonly SortKey[];
  /** Field the list is grouped by, if it is. */
  readonly group?: string;
  readonly start: { readonly at?: "end"; readonly from?: string };
}

/** Reads the query out of an address; what is not understood is left out. */
export function readListQuery(parameters: URLSearchParams): ListQuery {
  const filters = parameters.getAll("f").flatMap((text): FilterRow[] => {
    const [field = "", operator = "", ...values] = text.split(":");
    if (!/^[a-z][a-z0-9_.]*$/.test(field) || !/^[a-z_]+$/.test(operator)) return [];
    return [{ field, operator, values: values.map(decode) }];
  });
  const from = parameters.get("from");
  const group = parameters.get("g");
  return {
    search: parameters.get("q") ?? "",
    filters,
    sort: parseSort(parameters.get("sort") ?? ""),
    ...(group === null ? {} : { group }),
    start: parameters.get("at") === "end" ? { at: "end" } : from === null ? {} : { from },
  };
}

/** Writes the query into the parameters of an address. */
export function writeListQuery(query: ListQuery): URLSearchParams {
  const parameters = new URLSearchParams();
  if (query.search !== "") parameters.set("q", query.search);
  for (const row of query.filters) parameters.append("f", [row.field, row.operator, ...row.values.map(encode)].join(":"));
  if (query.sort.length > 0) parameters.set("sort", sortText(query.sort));
  if (query.group) parameters.set("g", query.group);
  if (query.start.at) parameters.set("at", query.start.at);
  else if (query.start.from !== undefined) parameters.set("from", query.start.from);
  return parameters;
}

/** Returns the sort as the server reads it: `-date,number`. */
export function sortText(sort: readonly SortKey[]): string {
  return sort.map(({ key, isDescending }) => (isDescending ? `-${key}` : key)).join(",");
}

/** Returns the sort keys of such a text. */
export function parseSort(text: string): readonly SortKey[] {
  return text
    .split(",")
    .filter((part) => /^-?[a-z][a-z0-9_.]*$/.test(part))
    .map((part) => ({ key: part.replace(/^-/, ""), isDescending: part.startsWith("-") }));
}

/** Returns the sort of the query, else that of the view. */
export function sortOf(query: ListQuery, view: Pick<ViewDefinition, "sort">): readonly SortKey[] {
  return query.sort.length > 0 ? query.sort : (view.sort ?? []).map(({ key, order }) => ({ key, isDescending: order === "descending" }));
}

const encode = (value: string): string => encodeURIComponent(value);

function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
