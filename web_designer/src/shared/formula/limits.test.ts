/** What takes longer than the form can wait is LIMIT; what is quick stays what it is, also after one that was not. */
import Big from "big.js";
import { expect, it } from "vitest";
import { compile, ErrorValue, type TreeJson } from "./index";

const context = { now: new Date(), zone: "UTC", user: null };
const lines: TreeJson = { path: ["lines"], type: "list<record:line>", many: 1 };
const quantity = (row: number): TreeJson => ({ path: ["q"], type: "number", row });
const call = (name: string, type: string, ...args: TreeJson[]): TreeJson => ({ call: name, args, type });
const inner = call("COUNT", "number", call("filter", "list<record:line>", lines, call("gt", "bool", quantity(2), quantity(1))));
const tree = call("SUM", "number", call("map", "list<number>", lines, inner));

it("ends lists within lists", () => {
  const run = compile(tree);
  const rows = (count: number) => Array.from({ length: count }, (_, place) => ({ q: new Big(place) }));
  expect(String(run({ lines: rows(10) }, context))).toBe("45");
  const ended = run({ lines: rows(50_000) }, context);
  expect(ended instanceof ErrorValue && ended.code).toBe("LIMIT");
  expect(String(run({ lines: rows(10) }, context))).toBe("45");
});
