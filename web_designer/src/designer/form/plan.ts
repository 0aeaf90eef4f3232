/**
 * Takes the rectangles of a canvas and a pointer, gives where a dragged thing would go and where the mark is drawn.
 *
 * Everything is measured in page pixels once a drag begins and again when the canvas scrolls; nothing here reads the page.
 * A container is a list of nodes drawn as a grid. Which containers take what is a rule of its own (`accepts`), shared by
 * palette, drop and keyboard.
 */
import { type Pointer, isWithin } from "../core/doc";
import type { Place } from "../core/commands";

export type Rect = { readonly left: number; readonly top: number; readonly width: number; readonly height: number };
export type Point = { readonly x: number; readonly y: number };
/** A list of nodes on the canvas with the rectangles of its children, in order. */
export type Container = { readonly list: Pointer; readonly rect: Rect; readonly children: readonly { readonly key: string; readonly rect: Rect }[] };
/** What is dragged: a new node of a kind, or a node that is there. */
export type Dragged = { readonly nodeKind: string; readonly pointer: Pointer | null };
/** Where it would go, and the line that shows it. */
export type Plan = { readonly place: Place; readonly mark: Rect };

const THICKNESS = 4;
/** A child at least this wide fills its row: one drops above or below it, not beside it. */
const FULL_WIDTH = 0.7;

/** Say whether a list of nodes takes a node of a kind: sections lie in the form itself, inputs anywhere. */
export function accepts(list: Pointer, nodeKind: string): boolean {
  const depth = list.split("/").length;
  return nodeKind === "section" ? depth === 4 : true;
}

/** Return where the dragged thing would go, or null when nothing under the pointer takes it. */
export function planDrop(containers: readonly Container[], dragged: Dragged, pointer: Point): Plan | null {
  const takers = containers.filter(({ list }) => accepts(list, dragged.nodeKind) && !(dragged.pointer !== null && isWithin(list, dragged.pointer)));
  const [container] = takers.filter(({ rect }) => contains(rect, pointer)).sort((a, b) => area(a.rect) - area(b.rect));
  if (!container) return null;
  const { index, mark } = planIndex(container, pointer);
  return { place: { list: container.list, before: container.children[index]?.key ?? null }, mark };
}

/** Return before which child of a container the pointer is, and the line to draw there. */
export function planIndex(container: Container, pointer: Point): { readonly index: number; readonly mark: Rect } {
  const { children, rect } = container;
  const row = children.findIndex((child) => pointer.y < bottom(child.rect));
  if (row < 0) return { index: children.length, mark: markAtEnd(container) };
  const inRow = children.map((child, index) => ({ child, index })).filter(({ child }) => overlaps(child.rect, (children[row] as Container["children"][number]).rect));
  const [first] = inRow;
  if (!first) return { index: children.length, mark: markAtEnd(container) };
  const wide = inRow.length === 1 && first.child.rect.width >= rect.width * FULL_WIDTH;
  if (wide || pointer.y < first.child.rect.top) {
    const after = pointer.y > first.child.rect.top + first.child.rect.height / 2;
    return { index: first.index + (after ? 1 : 0), mark: flat(rect, after ? bottom(first.child.rect) : first.child.rect.top) };
  }
  const next = inRow.find(({ child }) => pointer.x < child.rect.left + child.rect.width / 2);
  if (next) return { index: next.index, mark: upright(next.child.rect, next.child.rect.left) };
  const last = inRow[inRow.length - 1] ?? first;
  return { index: last.index + 1, mark: upright(last.child.rect, last.child.rect.left + last.child.rect.width) };
}

function markAtEnd({ rect, children }: Container): Rect {
  const last = children.at(-1);
  return flat(rect, last ? bottom(last.rect) : rect.top + Math.min(rect.height / 2, 24));
}

function flat(container: Rect, y: number): Rect {
  return { left: container.left, top: y - THICKNESS / 2, width: container.width, height: THICKNESS };
}

function upright(child: Rect, x: number): Rect {
  return { left: x - THICKNESS / 2, top: child.top, width: THICKNESS, height: child.height };
}

function contains(rect: Rect, point: Point): boolean {
  return point.x >= rect.left && point.x <= rect.left + rect.width && point.y >= rect.top && point.y <= bottom(rect);
}

/** Two children share a row when more than half of the lower one lies beside the other. */
function overlaps(a: Rect, b: Rect): boolean {
  return Math.min(bottom(a), bottom(b)) - Math.max(a.top, b.top) > Math.min(a.height, b.height) / 2;
}

function bottom(rect: Rect): number {
  return rect.top + rect.height;
}

function area(rect: Rect): number {
  return rect.width * rect.height;
}
