/** Fills lines from a pasted block: adds the lines that are missing, looks references up by title, marks what does not fit. */
import type { TFunction } from "i18next";
import type { ApiClient } from "@/shared/api/client";
import { readPage } from "@/shared/api/records";
import { titleOf } from "./fields/RecordPicker";
import type { FormSurroundings } from "./FormContext";
import type { FormError, Picked } from "./formModel";
import { isWritable } from "./formRows";
import { parseBlock, parseCell } from "./paste";
import type { Paste } from "./pasted";
import { pointsToAny } from "./pointing";
import { relatedFields } from "./relatedFields";
import { zoneOf, type FieldModel } from "./types";

export interface PasteSurroundings extends Pick<FormSurroundings, "store" | "model"> {
  readonly api: ApiClient;
  readonly t: TFunction<"form">;
  readonly lines: FieldModel;
}

export async function fillPasted({ api, store, model, t, lines }: PasteSurroundings, paste: Paste): Promise<void> {
  /** Finds the record that `Customer: C-001` names: an entity, by label or key, and the title. */
  const findAny = async (field: FieldModel, text: string): Promise<(Picked & { readonly entity: string }) | null> => {
    const [named = "", ...rest] = text.split(/[:：]/);
    const folded = named.trim().toLowerCase();
    const one = field.among?.find(({ to, to_name }) => [to, ...Object.values(to_name)].some((name) => name.toLowerCase() === folded));
    const found = one === undefined ? null : await find({ ...field, to: one.to, to_title: one.to_title ?? null }, rest.join(":").trim());
    return one === undefined || found === null ? null : { ...found, entity: one.to };
  };

  const find = async (field: FieldModel, text: string): Promise<Picked | null> => {
    const page = await readPage(api, model.app, field.to ?? "", {
      search: text,
      filter: field.where ?? "",
      fields: relatedFields(store.entity, lines.key, field),
      limit: 20,
      total: "none",
    });
    const same = page.records.filter((record) => titleOf(record, field.to_title) === text);
    const record = same.length === 1 ? same[0] : same.length === 0 && page.records.length === 1 ? page.records[0] : undefined;
    return record === undefined ? null : { id: record.id, title: titleOf(record, field.to_title), record };
  };

  const rows = store.rows(lines.key);
  const start = rows.findIndex((row) => row.key === paste.startRow);
  if (start < 0) return;
  const cells = parseBlock(paste.text);
  const keys = cells.map((_, index) => rows[start + index]?.key ?? store.addRow(lines.key));
  const lookups = new Map<string, Promise<Picked | null>>();
  const entries: (readonly [string, unknown, Picked | null])[] = [];
  const errors: (readonly [string, FormError])[] = [];
  for (const [index, row] of cells.entries()) {
    for (const [offset, text] of row.entries()) {
      const field = paste.fields[offset];
      if (field === undefined || !isWritable(field)) continue;
      const path = `${lines.key}.${keys[index] ?? ""}.${field.key}`;
      if (field.kind === "reference" && text !== "") {
        const asked = `${field.key} ${text}`;
        lookups.set(asked, lookups.get(asked) ?? find(field, text).catch(() => null));
        const picked = await lookups.get(asked);
        if (picked) entries.push([path, picked.id, picked]);
        else errors.push([path, { text: t("pasteNotFound", { text }) }]);
      } else if (pointsToAny(field) && text !== "") {
        const found = await findAny(field, text).catch(() => null);
        if (found) entries.push([path, { entity: found.entity, id: found.id }, found]);
        else errors.push([path, { text: t("pasteNotFound", { text }) }]);
      } else {
        const value = parseCell(field, text, zoneOf(model));
        if (value === undefined) errors.push([path, { text: t("pasteUnfit", { text }) }]);
        else entries.push([path, value, null]);
      }
    }
  }
  // References first: what they copy along gives way to what was pasted beside them.
  store.setMany([...entries.filter(([, , picked]) => picked !== null), ...entries.filter(([, , picked]) => picked === null)]);
  for (const [path, error] of errors) store.setError(path, error);
}
