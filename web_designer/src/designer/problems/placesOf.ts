/** Takes a document and a problem of it, gives the address of the designer that shows where it is, where there is one. */
import { type AppDocument, pointerOf, segmentsOf } from "../core/doc";
import type { DraftIssue } from "../core/store";
import { placeIssues } from "../form/issuePlaces";

/** Return the form on which a problem is best mended, and what is to be selected there; null when no designer shows it. */
export function designerOf(document: AppDocument, app: string, issue: DraftIssue): string | null {
  const [part, key] = segmentsOf(issue.pointer);
  const view = part === "views" ? document.views?.find((other) => other.key === key) : undefined;
  const entity = part === "entities" ? key : view?.entity;
  const isForm = part === "forms";
  const forms = (Array.isArray(document.forms) ? document.forms : []).filter((form) => (isForm ? form.key === key : form.entity === entity));
  for (const form of forms) {
    const [placed] = placeIssues(document, form.key, [issue]);
    if (placed?.place) return `/design/${app}/forms/${form.key}?at=${encodeURIComponent(placed.place)}`;
  }
  // A problem of the entity itself, or of a field that stands on no form, is mended beside any of its forms.
  const [first] = forms;
  return first === undefined ? null : `/design/${app}/forms/${first.key}?at=${encodeURIComponent(pointerOf("forms", first.key))}`;
}
