/**
 * Takes a form and a node of it, gives neighbours and places for moving and adding by keyboard; it changes nothing.
 *
 * Order is the order of reading: a section, then what lies in it, then the next.
 */
import type { Place } from "../core/commands";
import { type AppDocument, type FormDefinition, type FormNode, type Pointer, findList, formOf, nodeOf, pointerOf, split, under, walkNodes } from "../core/doc";
import { accepts } from "./plan";

/** Return the list of the form itself. */
export function rootOf(form: string): Pointer {
  return pointerOf("forms", form, "nodes");
}

/** Return the node to select after `act` from a selection, or the same. */
export function neighbour(form: FormDefinition, selection: Pointer | null, act: "previous" | "next" | "first" | "last"): Pointer | null {
  const order = walkNodes(form).map(({ pointer }) => pointer);
  const at = selection === null ? -1 : order.indexOf(selection);
  const last = order.length - 1;
  const index = { previous: at < 0 ? last : Math.max(at - 1, 0), next: Math.min(at + 1, last), first: 0, last }[act];
  return order[index] ?? null;
}

/** Return the place right after the selection that takes a node of a kind; without a selection, the end of the form. */
export function placeAfter(document: AppDocument, formKey: string, selection: Pointer | null, nodeKind: string): Place {
  const root = rootOf(formKey);
  const node = selection === null ? undefined : nodeOf(document, selection);
  if (selection === null || !node) return endOf(document, formKey, nodeKind);
  if (node.kind === "section" && nodeKind !== "section") return { list: under(selection, "nodes"), before: null };
  const { parent, last } = split(selection);
  if (accepts(parent, nodeKind)) return { list: parent, before: keyAfter(document, parent, last) };
  const [section] = parent.slice(root.length + 1).split("/");
  return { list: root, before: keyAfter(document, root, section ?? "") };
}

/** Return where a node goes one step earlier or later, across sections too, or null at the end of the way. */
export function shifted(document: AppDocument, formKey: string, pointer: Pointer, by: -1 | 1): Place | null {
  const { parent, last } = split(pointer);
  const siblings = (findList(document, parent) ?? []) as readonly FormNode[];
  const index = siblings.findIndex((node) => node.key === last);
  const kind = siblings[index]?.kind;
  const beside = siblings[index + by];
  if (index < 0 || kind === undefined) return null;
  if (beside?.nodes && kind !== "section") return intoSection(under(parent, beside.key), beside, by);
  if (beside) return { list: parent, before: by < 0 ? beside.key : (siblings[index + 2]?.key ?? null) };
  const root = rootOf(formKey);
  if (parent === root) return null;
  const section = split(parent).parent;
  const { parent: outer, last: sectionKey } = split(section);
  const outside = (findList(document, outer) ?? []) as readonly FormNode[];
  const next = outside[outside.findIndex((node) => node.key === sectionKey) + by];
  if (!next) return null;
  if (next.nodes) return intoSection(under(outer, next.key), next, by);
  return { list: outer, before: by < 0 ? sectionKey : next.key };
}

function intoSection(pointer: Pointer, section: FormNode, by: -1 | 1): Place {
  return { list: under(pointer, "nodes"), before: by < 0 ? null : (section.nodes?.[0]?.key ?? null) };
}

function endOf(document: AppDocument, formKey: string, nodeKind: string): Place {
  const root = rootOf(formKey);
  const last = formOf(document, formKey)?.nodes.at(-1);
  if (nodeKind !== "section" && last?.kind === "section") return { list: under(root, last.key, "nodes"), before: null };
  return { list: root, before: null };
}

function keyAfter(document: AppDocument, list: Pointer, key: string): string | null {
  const elements = findList(document, list) ?? [];
  return elements[elements.findIndex((element) => element.key === key) + 1]?.key ?? null;
}
