/** Lists the lists of the records a form is for; each leads to what it is called and which records it shows. */
import type { JSX } from "react";
import { label } from "@/shared/i18n/label";
import { useDesign, useDesignState, useDocument } from "../../core/DesignContext";
import { listsOf, pointerOf } from "../../core/doc";
import { useTexts } from "../../core/useTexts";
import { issuesAt } from "../issuePlaces";
import { Group } from "./controls";

export function ViewsGroup({ entity }: { readonly entity: string }): JSX.Element | null {
  const { t } = useTexts("designer.form");
  const { store, labels } = useDesign();
  const views = listsOf(useDocument(), entity);
  const issues = useDesignState((state) => state.issues);
  if (views.length === 0) return null;
  return (
    <Group title={t("group.views")}>
      <ul className="prop-list part-list">
        {views.map((view) => {
          const pointer = pointerOf("views", view.key);
          return (
            <li key={view.key} data-view={view.key}>
              <button type="button" className="part-name" data-part={pointer} onClick={() => store.getState().select(pointer)} title={t("view.edit")}>
                <span>{label(view.name, labels, view.key)}</span>
                <small>{t(view.filter ? "view.filtered" : "view.all")}</small>
                {issuesAt(issues, pointer).length > 0 ? <small className="part-fault">{t("has-issue")}</small> : null}
              </button>
            </li>
          );
        })}
      </ul>
    </Group>
  );
}
