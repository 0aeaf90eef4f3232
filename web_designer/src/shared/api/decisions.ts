/** Asks a decision table what it answers for some inputs, and which of its rows match. */
import type { ApiClient } from "./client";
import { recordsPath, type RecordJson } from "./records";

/** What a table answers. `answers`: by output a value, or the code of an error; `total`: how many rows match, of which `records` are the first. */
export interface Decided {
  readonly date: string | null;
  readonly answers: Readonly<Record<string, { readonly value?: unknown; readonly error?: string }>>;
  readonly total: number;
  readonly records: readonly RecordJson[];
}

/** Inputs that are not given are blank; without a date it is today. */
export function decide(api: ApiClient, app: string, entity: string, inputs: Readonly<Record<string, unknown>>, date: string | null): Promise<Decided> {
  return api.json<Decided>(`${recordsPath(app, entity)}/decide`, { method: "POST", body: { inputs, date } });
}
