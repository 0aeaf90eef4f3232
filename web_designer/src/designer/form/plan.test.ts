/** Where a drop goes: rows, columns, full width, empty containers, nested containers, refusals. */
import { describe, expect, it } from "vitest";
import { type Container, type Dragged, accepts, planDrop, planIndex } from "./plan";

const ROOT = "/forms/order/nodes";
const BASIC = `${ROOT}/basic/nodes`;
const NEW_INPUT: Dragged = { nodeKind: "input", pointer: null };
const box = (left: number, top: number, width: number, height: number) => ({ left, top, width, height });

/** Two columns: a | b, then c over the whole width, then d alone on the left. */
const grid: Container = {
  list: BASIC,
  rect: box(0, 0, 400, 300),
  children: [
    { key: "a", rect: box(10, 10, 185, 60) },
    { key: "b", rect: box(205, 10, 185, 60) },
    { key: "c", rect: box(10, 80, 380, 100) },
    { key: "d", rect: box(10, 190, 185, 60) },
  ],
};

describe("planIndex", () => {
  it.each([
    ["left half of the first", 40, 40, 0],
    ["right half of the first", 180, 40, 1],
    ["right half of the second", 380, 40, 2],
    ["between two rows, above the wide one", 200, 76, 2],
    ["upper half of the wide one", 200, 100, 2],
    ["lower half of the wide one", 200, 170, 3],
    ["left half of the last", 30, 220, 3],
    ["right of the last", 300, 220, 4],
    ["below all", 200, 280, 4],
  ])("%s", (_name, x, y, index) => {
    expect(planIndex(grid, { x, y }).index).toBe(index);
  });

  it("draws an upright mark beside and a flat one above", () => {
    const beside = planIndex(grid, { x: 180, y: 40 }).mark;
    expect(beside.height).toBe(60);
    expect(beside.left).toBeCloseTo(203);
    const above = planIndex(grid, { x: 200, y: 100 }).mark;
    expect(above.width).toBe(400);
    expect(above.top).toBeCloseTo(78);
  });
});

describe("planDrop", () => {
  const root: Container = { list: ROOT, rect: box(-10, -40, 420, 700), children: [{ key: "basic", rect: box(0, -30, 400, 330) }] };
  const empty: Container = { list: `${ROOT}/more/nodes`, rect: box(0, 400, 400, 60), children: [] };
  const containers = [root, grid, empty];

  it("prefers the innermost container", () => {
    expect(planDrop(containers, NEW_INPUT, { x: 180, y: 40 })?.place).toEqual({ list: BASIC, before: "b" });
  });

  it("drops into an empty container", () => {
    expect(planDrop(containers, NEW_INPUT, { x: 100, y: 430 })?.place).toEqual({ list: `${ROOT}/more/nodes`, before: null });
  });

  it("puts sections beside sections, never into one", () => {
    expect(planDrop(containers, { nodeKind: "section", pointer: null }, { x: 180, y: 40 })?.place.list).toBe(ROOT);
    expect(accepts(BASIC, "section")).toBe(false);
    expect(accepts(BASIC, "input")).toBe(true);
  });

  it("never plans a node into itself", () => {
    const plan = planDrop(containers, { nodeKind: "group", pointer: `${ROOT}/basic` }, { x: 180, y: 40 });
    expect(plan?.place.list).toBe(ROOT);
  });

  it("gives null outside every container", () => {
    expect(planDrop(containers, NEW_INPUT, { x: 900, y: 40 })).toBeNull();
  });
});
