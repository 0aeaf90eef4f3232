/**
 * Takes the issues of a draft, gives for each the node of a form that shows it, if there is one; no issue is left out.
 */
import { type AppDocument, type Pointer, formOf, isWithin, pointerOf, walkNodes } from "../core/doc";
import type { DraftIssue } from "../core/store";

/** An issue and the node to select for it; null when it lies outside this form. */
export type PlacedIssue = { readonly issue: DraftIssue; readonly node: Pointer | null };

/** Place issues on a form: by the pointer of a node, or by the field an input shows. */
export function placeIssues(document: AppDocument, formKey: string, issues: readonly DraftIssue[]): readonly PlacedIssue[] {
  const form = formOf(document, formKey);
  const nodes = form ? [...walkNodes(form)].reverse() : [];
  return issues.map((issue) => {
    const direct = nodes.find(({ pointer }) => isWithin(issue.pointer, pointer));
    const byField = nodes.find(({ node }) => node.field !== undefined && isWithin(issue.pointer, pointerOf("entities", form?.entity ?? "", "fields", node.field)));
    return { issue, node: (direct ?? byField)?.pointer ?? null };
  });
}

/** Return the issues at or under any of these pointers. */
export function issuesAt(issues: readonly DraftIssue[], ...pointers: readonly Pointer[]): readonly DraftIssue[] {
  return issues.filter((issue) => pointers.some((pointer) => isWithin(issue.pointer, pointer)));
}
