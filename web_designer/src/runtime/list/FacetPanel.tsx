/** The commonest values of a list's fields with how many records have them; a click chooses one or takes it back. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { JSX } from "react";
import { useTranslation } from "react-i18next";
import { useApi } from "@/shared/api/context";
import { readFacets } from "@/shared/api/groups";
import { useModel } from "@/shared/api/model";
import { showCount } from "@/shared/format/numbers";
import { label } from "@/shared/i18n/label";
import type { EntityModel, FieldModel } from "@/shared/renderer/types";
import { Dialog } from "@/shared/ui/Dialog";
import { Failed, Loading } from "@/shared/ui/States";
import { filterText } from "./filterText";
import { GroupValue } from "./GroupValue";
import type { FilterRow } from "./listQuery";
import { isChosen, splitChosen, toggled } from "./narrowing";

export interface FacetPanelProps {
  readonly entity: EntityModel;
  readonly fields: readonly FieldModel[];
  readonly rows: readonly FilterRow[];
  readonly search: string;
  readonly isSimilar: boolean;
  readonly viewFilter: string | null | undefined;
  readonly isCompact: boolean;
  readonly onChange: (rows: readonly FilterRow[]) => void;
  readonly onClose: () => void;
}

export function FacetPanel(props: FacetPanelProps): JSX.Element {
  const { t } = useTranslation("list");
  if (props.isCompact) {
    return (
      <Dialog title={t("facets")} place="bottom" onClose={props.onClose}>
        <div className="facets-below">
          <Facets {...props} />
        </div>
      </Dialog>
    );
  }
  return (
    <aside className="facets" aria-label={t("facets")}>
      <Facets {...props} />
    </aside>
  );
}

function Facets({ entity, fields, rows, search, isSimilar, viewFilter, onChange }: FacetPanelProps): JSX.Element {
  const { t, i18n } = useTranslation("list");
  const api = useApi();
  const { app } = useModel();
  const { chosen, rest } = splitChosen(rows, fields);
  const asked = { filter: filterText(entity.fields, rest, viewFilter), search, similar: isSimilar ? ("true" as const) : ("" as const), fields: fields.map((field) => field.key), chosen };
  const found = useQuery({ queryKey: ["facets", app, entity.key, asked], queryFn: ({ signal }) => readFacets(api, app, entity.key, asked, signal), placeholderData: keepPreviousData });
  if (found.isError) return <Failed error={found.error} onRetry={() => void found.refetch()} />;
  if (found.data === undefined) return <Loading />;
  return (
    <>
      {fields.map((field) => {
        const name = label(field.name, i18n.language, field.key);
        const known = (found.data[field.key] ?? []).filter(({ value }) => field.kind !== "boolean" || value !== null);
        // Months stand in their order, the latest first, the others by how many records have them.
        const values = field.kind === "date" ? known.toSorted((one, other) => String(other.value).localeCompare(String(one.value))) : known;
        return values.length === 0 ? null : (
          <fieldset key={field.key} className="facet">
            <legend>{name}</legend>
            {values.map(({ value, title, count }) => (
              <label key={String(value)} className="facet-value">
                <input type="checkbox" checked={isChosen(rows, field, value)} onChange={() => onChange(toggled(rows, field, value))} />
                <span className="facet-name">
                  <GroupValue field={field} value={value} title={title} />
                </span>
                <span className="facet-count" aria-label={t("total", { count, shown: showCount(count, i18n.language) })}>
                  {showCount(count, i18n.language)}
                </span>
              </label>
            ))}
          </fieldset>
        );
      })}
    </>
  );
}
