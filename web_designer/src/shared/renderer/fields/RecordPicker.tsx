/** A box that finds a record of an entity on the server while one types; used wherever a record is picked. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState, type JSX, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useApi } from "@/shared/api/context";
import { readPage, type RecordJson } from "@/shared/api/records";
import { useDebounced } from "@/shared/hooks/useDebounced";
import { Combobox } from "@/shared/ui/Combobox";
import { later } from "@/shared/ui/later";
import type { PersonProps } from "../Initials";
import { isOfPeople } from "../pointing";
import type { FieldModel } from "../types";

const OFFERED = 20;

/** Returns how a record is called in a list of references. */
export function titleOf(record: RecordJson, title: string | null | undefined): string {
  const text = title ? (record[`${title}__title`] ?? record[title]) : null;
  return typeof text === "string" && text !== "" ? text : record.id.slice(0, 8);
}

const Person = later<PersonProps>(async () => (await import("../Initials")).Person, () => <></>);

/** Returns how a record is offered: a person with the sign of the name. */
function shown(field: Pick<FieldModel, "to">, title: string): { readonly label: string; readonly content?: ReactNode } {
  return isOfPeople(field) ? { label: title, content: <Person name={title} /> } : { label: title };
}

export interface RecordPickerProps {
  readonly app: string;
  readonly field: Pick<FieldModel, "to" | "to_title" | "where">;
  readonly inputId: string;
  readonly listLabel: string;
  /** Title of what is chosen. */
  readonly text: string;
  readonly fields: readonly string[];
  readonly canClear: boolean;
  readonly isActive?: boolean;
  readonly aria: Readonly<Record<string, string | boolean | undefined>>;
  /** Is called when a pick waits for the server; what it gives is called when it has been made. */
  readonly onAwait?: () => () => void;
  readonly onPick: (picked: { readonly id: string; readonly title: string; readonly record: RecordJson } | null) => void;
}

export function RecordPicker({ app, field, inputId, listLabel, text, fields, canClear, isActive = true, aria, onAwait, onPick }: RecordPickerProps): JSX.Element {
  const { t } = useTranslation("form");
  const api = useApi();
  const [isOpen, setOpen] = useState(false);
  const [query, setQuery] = useState("");
  const search = useDebounced(query.trim(), 200);
  const to = field.to ?? "";
  const found = useQuery({
    queryKey: ["lookup", app, to, field.where ?? "", search, fields],
    queryFn: ({ signal }) =>
      readPage(api, app, to, { search, filter: field.where ?? "", fields, limit: OFFERED, total: "none", ...(field.to_title ? { sort: field.to_title } : {}) }, signal),
    enabled: isOpen && isActive,
    staleTime: 15_000,
    placeholderData: keepPreviousData,
  });
  const options = (found.data?.records ?? []).map((record) => ({ key: record.id, ...shown(field, titleOf(record, field.to_title)), record }));
  const isBehind = search !== query.trim() || found.isPlaceholderData;
  return (
    <Combobox
      inputId={inputId}
      aria={aria}
      text={text}
      options={options}
      isLoading={found.isPending || isBehind}
      emptyText={found.isError ? t("lookupFailed") : t("noRecord")}
      placeholder={t("search")}
      {...(canClear ? { clearLabel: t("clear") } : {})}
      listLabel={listLabel}
      onOpen={() => setOpen(true)}
      onQuery={setQuery}
      {...(onAwait ? { onAwait } : {})}
      onPick={(option) => onPick(option === null ? null : { id: option.key, title: option.label, record: option.record })}
    />
  );
}
