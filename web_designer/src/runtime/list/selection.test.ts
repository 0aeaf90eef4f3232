/** Which rows of a list are chosen after a click, and after one with Shift. */
import { describe, expect, it } from "vitest";
import { toggled } from "./useSelection";

const rows = ["a", "b", "c", "d", "e"];
const nothing = { ids: new Set<string>(), isAll: false, last: null };

describe("selecting records of a list", () => {
  it("adds and takes away one", () => {
    const one = toggled(nothing, rows, "b", false);
    expect([...one.ids]).toEqual(["b"]);
    expect([...toggled(one, rows, "b", false).ids]).toEqual([]);
  });
  it("takes what lies between the last one and this, in both directions", () => {
    const from = toggled(nothing, rows, "d", false);
    expect([...toggled(from, rows, "b", true).ids].sort()).toEqual(["b", "c", "d"]);
    expect([...toggled(from, rows, "e", true).ids].sort()).toEqual(["d", "e"]);
  });
  it("takes one alone where the last one is no longer shown", () => {
    const gone = { ids: new Set(["x"]), isAll: false, last: "x" };
    expect([...toggled(gone, rows, "c", true).ids].sort()).toEqual(["c", "x"]);
  });
  it("leaves one out of all by keeping the loaded others", () => {
    expect([...toggled({ ...nothing, isAll: true }, rows, "c", false).ids]).toEqual(["a", "b", "d", "e"]);
  });
});
