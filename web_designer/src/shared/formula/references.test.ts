/** What a tree reads, rows included; and what happens with a tree the browser does not know. */
import { describe, expect, it } from "vitest";
import Big from "big.js";
import { compile, references, type TreeJson } from "./index";

const price = { path: ["price"], type: "number", row: 1 };
const rate = { path: ["rate"], type: "number" };
const lines = { path: ["lines"], type: "list<record:order.lines>", many: 1 };
const expensive = { call: "filter", args: [lines, { call: "gt", args: [price, rate], type: "bool" }], type: "list<record:order.lines>" };
const total: TreeJson = { call: "SUM", args: [{ call: "map", args: [expensive, price], type: "list<number>" }], type: "number" };
const context = { now: new Date(), zone: "Asia/Shanghai", user: null };

describe("references", () => {
  it("lead from the record to the fields of its rows, each once", () => {
    expect(references(total)).toEqual([["lines"], ["lines", "price"], ["rate"]]);
  });
});

describe("compile", () => {
  it("reads rows and the record around them", () => {
    const record = { rate: new Big(2), lines: [{ price: new Big(1) }, { price: new Big("3.5") }] };
    expect(String(compile(total)(record, context))).toBe("3.5");
  });

  it("refuses a call the browser does not know", () => {
    expect(() => compile({ call: "PINYIN", args: [], type: "text" })).toThrow("PINYIN");
  });

  it("lets through what reading the record throws, IFERROR or not", () => {
    const guarded = { call: "IFERROR", args: [rate, { literal: "0", type: "number" }], type: "number" };
    const record = Object.defineProperty({}, "rate", {
      get: () => {
        throw new RangeError("not loaded");
      },
    });
    expect(() => compile(guarded)(record, context)).toThrow(RangeError);
  });
});
