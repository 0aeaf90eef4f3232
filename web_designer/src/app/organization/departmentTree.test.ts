/** The tree of departments: who hangs below whom, what lies below one, and the way down to it. */
import { expect, test } from "vitest";
import { idsBelow, pathOf, treeOf } from "./departmentTree";

const RECORDS = [
  { id: "e", name: "East", parent_department: "s" },
  { id: "h", name: "Head office" },
  { id: "s", name: "Sales", parent_department: "h", active: false },
  { id: "x", name: "Below what may not be seen", parent_department: "?" },
];

test("departments hang below those above them, those of unknown ones at the top", () => {
  const tree = treeOf(RECORDS);
  expect(tree.map((one) => one.id)).toEqual(["h", "x"]);
  expect(tree[0]?.below[0]).toEqual({ id: "s", name: "Sales", isActive: false, below: [{ id: "e", name: "East", isActive: true, below: [] }] });
});

test("a department with all below it, and the way down to one", () => {
  expect(idsBelow(treeOf(RECORDS), "s")).toEqual(["s", "e"]);
  expect(idsBelow(treeOf(RECORDS), "?")).toEqual([]);
  expect([pathOf(RECORDS, "e"), pathOf(RECORDS, "?"), pathOf(RECORDS, null)]).toEqual(["Head office / Sales / East", "", ""]);
});
