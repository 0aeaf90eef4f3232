/**
 * Takes the issues of a draft, gives for each what shows it: a node of a form, a rule of its entity or a list of it. No
 * issue is left out.
 */
import { type AppDocument, type Pointer, entityOf, formOf, isWithin, listsOf, pointerOf, walkNodes } from "../core/doc";
import type { DraftIssue } from "../core/store";

/** An issue and what to select for it; null when it lies outside this form and its entity. */
export type PlacedIssue = { readonly issue: DraftIssue; readonly place: Pointer | null };

/** Place issues on a form: by the pointer of a node, by the field an input shows, or beside it in a rule or a list. */
export function placeIssues(document: AppDocument, formKey: string, issues: readonly DraftIssue[]): readonly PlacedIssue[] {
  const form = formOf(document, formKey);
  const nodes = form ? [...walkNodes(form)].reverse() : [];
  const beside = form ? [...(entityOf(document, form.entity)?.rules ?? []).map(({ key }) => pointerOf("entities", form.entity, "rules", key)), pointerOf("entities", form.entity, "decision"), ...listsOf(document, form.entity).map(({ key }) => pointerOf("views", key))] : [];
  return issues.map((issue) => {
    const direct = nodes.find(({ pointer }) => isWithin(issue.pointer, pointer));
    const byField = nodes.find(({ node }) => node.field !== undefined && isWithin(issue.pointer, pointerOf("entities", form?.entity ?? "", "fields", node.field)));
    return { issue, place: (direct ?? byField)?.pointer ?? beside.find((pointer) => isWithin(issue.pointer, pointer)) ?? null };
  });
}

/** Return the issues at or under any of these pointers. */
export function issuesAt(issues: readonly DraftIssue[], ...pointers: readonly Pointer[]): readonly DraftIssue[] {
  return issues.filter((issue) => pointers.some((pointer) => isWithin(issue.pointer, pointer)));
}
