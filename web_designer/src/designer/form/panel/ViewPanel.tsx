/** Shows and edits a list of records: what it is called, which records it shows and in which columns. */
import type { JSX } from "react";
import { label } from "@/shared/i18n/label";
import { Notice } from "@/shared/ui/Notice";
import { useDesign, useDesignState } from "../../core/DesignContext";
import { type Pointer, type ViewDefinition, under } from "../../core/doc";
import { useTexts } from "../../core/useTexts";
import { FormulaControl } from "../../formula/FormulaControl";
import { issuesAt } from "../issuePlaces";
import { faultTexts } from "./controls";
import { DetailHead } from "./DetailHead";
import { Labelled } from "./Labelled";
import { OriginPart } from "./OriginPart";
import { useEdit } from "./useEdit";
import { ViewColumns } from "./ViewColumns";

export function ViewPanel({ pointer, view }: { readonly pointer: Pointer; readonly view: ViewDefinition }): JSX.Element {
  const { t, language } = useTexts("designer.form");
  const { app, labels } = useDesign();
  const edit = useEdit(pointer);
  const issues = issuesAt(
    useDesignState((state) => state.issues),
    pointer,
  );
  const atFilter = issuesAt(issues, under(pointer, "filter"));
  const others = issues.filter((issue) => !atFilter.includes(issue));
  return (
    <section className="design-panel" aria-label={t("properties")}>
      <DetailHead pointer={pointer} title={label(view.name, labels, view.key)} />
      {others.length > 0 ? <Notice look="error">{faultTexts(others, language).join(" ")}</Notice> : null}
      <OriginPart pointer={pointer} />
      <Labelled pointer={pointer} property="name" />
      <FormulaControl
        key={pointer}
        title={t("property.filter")}
        name="filter"
        value={view.filter ?? ""}
        subject={{ app, entity: view.entity, use: "filter" }}
        hint={t("filter.hint")}
        issues={atFilter}
        onChange={(text) => edit.type("filter", text)}
        onLeave={edit.leave}
      />
      <ViewColumns key={`${pointer} columns`} pointer={pointer} view={view} />
    </section>
  );
}
