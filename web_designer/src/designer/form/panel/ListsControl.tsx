/** In which lists of the entity a field is a column; lines are a column of none. */
import type { JSX } from "react";
import { label } from "@/shared/i18n/label";
import { useDesign, useDocument } from "../../core/DesignContext";
import { type FieldDefinition, listsOf } from "../../core/doc";
import { useTexts } from "../../core/useTexts";
import { showInList } from "../gestures";
import type { FieldPlace } from "../usage";
import { Group, SwitchControl } from "./controls";

export function ListsControl({ place, field }: { readonly place: FieldPlace; readonly field: FieldDefinition }): JSX.Element | null {
  const { t } = useTexts("designer.form");
  const { store, labels } = useDesign();
  const document = useDocument();
  const views = listsOf(document, place.entity);
  if (views.length === 0 || field.kind === "lines") return null;
  return (
    <Group title={t("group.lists")}>
      {views.map((view) => {
        const columns = view.columns ?? [];
        const isShown = columns.some((column) => column.key === field.key);
        return (
          <SwitchControl
            key={view.key}
            title={label(view.name, labels, view.key)}
            value={isShown}
            isDisabled={isShown && columns.length === 1}
            onChange={(shown) => void store.getState().execute(showInList(document, view.key, field, shown))}
          />
        );
      })}
    </Group>
  );
}
