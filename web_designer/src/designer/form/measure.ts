/**
 * Takes the canvas element, gives the rectangles the drop planner works on; it reads the page once and changes nothing.
 *
 * The root of the form carries `data-root`, every frame `data-node`. Between a frame and the frames in it lies what the
 * renderer draws, which is of no concern here.
 */
import { type Pointer, under } from "../core/doc";
import type { Container, Rect } from "./plan";

/** Measure every container of the canvas and the nodes directly in it. */
export function measure(canvas: Element): readonly Container[] {
  const root = canvas.querySelector<HTMLElement>("[data-root]");
  if (root === null) return [];
  const sections = [...root.querySelectorAll<HTMLElement>(".frame-section")];
  return [container(root, root.dataset["root"] ?? ""), ...sections.map((section) => container(section, under(section.dataset["node"] ?? "", "nodes")))];
}

function container(element: HTMLElement, list: Pointer): Container {
  const children = [...element.querySelectorAll<HTMLElement>("[data-node]")]
    .filter((node) => node.parentElement?.closest("[data-node], [data-root]") === element)
    .map((node) => ({ key: node.dataset["node"]?.split("/").at(-1) ?? "", rect: rectOf(node) }));
  return { list, rect: rectOf(element), children };
}

function rectOf(element: Element): Rect {
  const { left, top, width, height } = element.getBoundingClientRect();
  return { left, top, width, height };
}
