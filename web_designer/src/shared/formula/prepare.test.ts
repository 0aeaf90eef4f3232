/** Functions that are loaded later: a form knows whether it needs any, loads each file once, and says so when it cannot. */
import { afterEach, describe, expect, it, vi } from "vitest";
import { treesOf } from "@/shared/renderer/formulaGraph";
import type { EntityModel, TreeJson } from "@/shared/renderer/types";
import { compile, isPrepared, prepare } from "./index";
import { LATER, type Functions } from "./later";

const later = LATER as Record<string, () => Promise<Functions>>;
const context = { now: new Date(), zone: "UTC", user: null };
const call = (name: string, ...args: TreeJson[]): TreeJson => ({ call: name, args, type: "number" });
const two: TreeJson = { literal: "2", type: "number" };

afterEach(() => {
  for (const name of ["LATERONE", "LATERTWO", "LATERBAD"]) Reflect.deleteProperty(later, name);
});

describe("prepare", () => {
  it("has nothing to do for formulas of the page's own functions, and asks once for one that nobody knows", async () => {
    expect(isPrepared([call("add", two, two), two])).toBe(true);
    await prepare([call("NOBODYKNOWSTHIS", two)]);
    expect(isPrepared([call("NOBODYKNOWSTHIS", two)])).toBe(true);
  });

  it("loads a file once, however many trees call its functions, and compiles then", async () => {
    const load = vi.fn(() => Promise.resolve({ plain: { LATERONE: () => "one", LATERTWO: () => "two" } } as Functions));
    later["LATERONE"] = later["LATERTWO"] = load;
    const trees = [call("add", two, call("LATERONE", two)), call("LATERTWO", two)];
    expect(isPrepared(trees)).toBe(false);
    expect(() => compile(call("LATERONE", two))).toThrow();
    await prepare(trees);
    expect(load).toHaveBeenCalledTimes(1);
    expect(isPrepared(trees)).toBe(true);
    expect(compile(call("LATERTWO", two))({}, context)).toBe("two");
  });

  it("fails when a file cannot be loaded, and can be tried again", async () => {
    let count = 0;
    later["LATERBAD"] = () => (++count === 1 ? Promise.reject(new Error("gone")) : Promise.resolve({ plain: { LATERBAD: () => "here" } } as Functions));
    await expect(prepare([call("LATERBAD")])).rejects.toThrow("gone");
    expect(isPrepared([call("LATERBAD")])).toBe(false);
    await prepare([call("LATERBAD")]);
    expect(isPrepared([call("LATERBAD")])).toBe(true);
  });
});

describe("treesOf", () => {
  it("gives formulas, defaults and rules, those of lines too", () => {
    const field = { kind: "number", name: {}, required: false, read_only: false };
    const entity = {
      key: "order",
      fields: [
        { ...field, key: "total", formula: call("SUM", two) },
        { ...field, key: "lines", kind: "lines", fields: [{ ...field, key: "amount", default: two }] },
      ],
      rules: [{ key: "rule", check: call("gt", two, two), at: null, message: {} }],
    } as unknown as EntityModel;
    expect(treesOf(entity)).toEqual([call("SUM", two), two, call("gt", two, two)]);
  });
});
