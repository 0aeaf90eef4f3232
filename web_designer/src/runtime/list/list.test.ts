/** Holds the pure parts of a list: address, filter text, window of blocks, what is remembered. */
import { describe, expect, it } from "vitest";
import type { RecordPage } from "@/shared/api/records";
import type { FieldModel } from "@/shared/renderer/types";
import { ListMemory } from "../listMemory";
import { append, nextOf, prepend, previousOf, rowsOf, startWindow } from "./blockWindow";
import { filterText, OPERATORS } from "./filterText";
import { jumpValue } from "./JumpDialog";
import { readListQuery, sortOf, writeListQuery, type ListQuery } from "./listQuery";

const page = (from: number, to: number): RecordPage => ({
  records: Array.from({ length: to - from }, (_, index) => ({ id: `r${from + index}` })),
  next: String(to),
  previous: from === 0 ? null : String(from),
  total: null,
  total_is_exact: null,
});
const ids = (window: { blocks: readonly RecordPage[]; shift: number }): string[] => rowsOf(window).map((row) => row.id);

describe("the address", () => {
  it("gives back what was put in", () => {
    const query: ListQuery = {
      search: "螺栓 & M8",
      filters: [
        { field: "state", operator: "in", values: ["draft", "done"] },
        { field: "remark", operator: "contains", values: ["a:b, c%d"] },
        { field: "date", operator: "today", values: [] },
      ],
      sort: [
        { key: "date", isDescending: true },
        { key: "number", isDescending: false },
      ],
      start: { from: '"2026-01-01"' },
    };
    expect(readListQuery(new URLSearchParams(writeListQuery(query).toString()))).toEqual(query);
  });

  it("leaves out what it does not understand", () => {
    expect(readListQuery(new URLSearchParams("f=x%20y:in:a&f=state&sort=-date,1=1&at=middle"))).toEqual({
      search: "",
      filters: [],
      sort: [{ key: "date", isDescending: true }],
      start: {},
    });
  });

  it("falls back to the sort of the view", () => {
    const none: ListQuery = { search: "", filters: [], sort: [], start: {} };
    expect(sortOf(none, { sort: [{ key: "date", order: "descending" }, { key: "number" }] })).toEqual([
      { key: "date", isDescending: true },
      { key: "number", isDescending: false },
    ]);
  });
});

describe("the filter", () => {
  const name = { en: "F" };
  const fields: FieldModel[] = [
    { key: "title", kind: "text", name },
    { key: "total", kind: "money", name },
    { key: "date", kind: "date", name },
    { key: "at", kind: "datetime", name },
    { key: "state", kind: "choice", name },
    { key: "customer", kind: "reference", name },
    { key: "active", kind: "boolean", name },
  ];
  it.each([
    ["title", "contains", ['a "b"'], 'CONTAINS(title, "a ""b""")'],
    ["title", "is", [""], ""],
    ["total", "between", ["1,000", "2000"], "total >= 1000 && total <= 2000"],
    ["total", "between", ["1000", ""], ""],
    ["total", "more", ["x"], ""],
    ["date", "from", ["2026/1/5"], "date >= #2026-01-05#"],
    ["date", "last_month", [], "date > EOMONTH(TODAY(), -2) && date <= EOMONTH(TODAY(), -1)"],
    ["at", "is", ["2026-01-05"], "at >= #2026-01-05 00:00# && at < #2026-01-05 00:00# + 1"],
    ["state", "in", ["draft", "done"], 'IN(state, "draft", "done")'],
    ["customer", "not_in", ["id1"], '!IN(customer, "id1")'],
    ["active", "no", [], "!active"],
    ["nothing", "is", ["x"], ""],
    ["title", "nothing", ["x"], ""],
  ])("%s %s %j is %s", (field, operator, values, text) => {
    expect(filterText(fields, [{ field, operator, values }], "")).toBe(text);
  });

  it("stands in brackets beside the view's own", () => {
    expect(filterText(fields, [{ field: "active", operator: "yes", values: [] }], "a || b")).toBe("(a || b) && (active = TRUE)");
    expect(filterText(fields, [], "a || b")).toBe("a || b");
  });

  it("has operators for every kind that can be in a list", () => {
    for (const kind of ["text", "long_text", "number", "money", "boolean", "date", "datetime", "choice", "reference", "sequence"]) {
      expect(Object.keys(OPERATORS[kind] ?? {}).length).toBeGreaterThan(0);
    }
  });
});

describe("the window", () => {
  it("grows at one side, is cut at the other, and says by how much rows moved", () => {
    let window = startWindow(page(4, 6));
    window = append(window, page(6, 8), 3);
    expect([ids(window), window.shift]).toEqual([["r4", "r5", "r6", "r7"], 0]);
    window = prepend(window, page(2, 4), 3);
    expect(window.shift).toBe(2);
    window = append(window, page(8, 10), 3);
    expect([ids(window), window.shift]).toEqual([["r4", "r5", "r6", "r7", "r8", "r9"], -2]);
    expect([previousOf(window), nextOf(window)]).toEqual(["4", "10"]);
    window = prepend(window, page(0, 4), 3);
    expect([ids(window).at(-1), window.shift, previousOf(window), nextOf(window)]).toEqual(["r7", 4, null, "8"]);
  });
});

describe("the memory", () => {
  it("takes changes of a record into every list of its entity", () => {
    const memory = new ListMemory();
    const list = { entity: "order", window: startWindow(page(0, 3)), total: 3, isExact: true, scrollTop: 9, cell: null };
    memory.put("a", { ...list, window: startWindow({ ...page(0, 1), records: [{ id: "r0", total: "1" }, { id: "r1", total: "2" }] }) });
    memory.put("b", { ...list, entity: "item" });
    memory.patch("order", { id: "r1", total: "5", remark: "not in the list" });
    memory.remove("order", "r0");
    expect(rowsOf(memory.get("a")?.window ?? { blocks: [], shift: 0 })).toEqual([{ id: "r1", total: "5" }]);
    expect(ids(memory.get("b")?.window ?? { blocks: [], shift: 0 })).toEqual(["r0", "r1", "r2"]);
    memory.forget("order");
    expect(memory.get("a")).toBeUndefined();
  });
});

describe("a jump", () => {
  it.each([
    ["date", "2026年1月5日", '"2026-01-05"'],
    ["money", "1,000.50", '"1000.5"'],
    ["sequence", "SO-1", '"SO-1"'],
    ["number", "x", null],
  ])("to a %s %s is %s", (kind, typed, value) => {
    expect(jumpValue({ kind }, typed)).toBe(value);
  });
});
