/** Holds pasting from a spreadsheet: blocks, quotes, and cells by kind. */
import { describe, expect, it } from "vitest";
import { parseBlock, parseCell } from "./paste";
import { isBlock } from "./pasted";
import type { FieldModel } from "./types";

const field = (kind: string, more: Partial<FieldModel> = {}): FieldModel => ({ key: "f", kind, name: { en: "F" }, ...more });

describe("a block", () => {
  it("is more than one cell", () => {
    expect(isBlock("a\tb")).toBe(true);
    expect(isBlock("a\nb\n")).toBe(true);
    expect(isBlock("a\r\n")).toBe(false);
  });

  it("has rows and cells; quotes hold tabs, line ends and quotes", () => {
    expect(parseBlock('a\t1\r\n"b\n""x"""\t\r\n')).toEqual([
      ["a", "1"],
      ['b\n"x"', ""],
    ]);
  });
});

describe("a cell", () => {
  it.each([
    [field("number"), "１,234.50", "1234.5"],
    [field("money"), "¥-3", "-3"],
    [field("number"), "12a", undefined],
    [field("date"), "2026年1月5日", "2026-01-05"],
    [field("date"), "2026-02-30", undefined],
    [field("boolean"), "是", true],
    [field("boolean"), "maybe", undefined],
    [field("choice", { options: [{ key: "piece", name: { "zh-CN": "个", en: "Piece" } }] }), "个", "piece"],
    [field("datetime"), "2026/01/05 08:30", "2026-01-05T00:30:00.000Z"],
    [field("text"), "", null],
  ])("of %j from %s is %j", (one, text, value) => {
    expect(parseCell(one, text, "Asia/Shanghai")).toBe(value);
  });
});
