/** Percentages, spans of time and trees of options: what is typed, what is shown, what lies below. */
import { describe, expect, it } from "vitest";
import { parseDuration, parsePercent, percentOf, showDuration } from "@/shared/format/measures";
import { sameValue } from "@/shared/renderer/fieldValues";
import { below, pathText, treeOf } from "@/shared/renderer/optionTree";
import { parseCell } from "@/shared/renderer/paste";
import { filterText } from "./filterText";

const OPTIONS = [
  { key: "china", name: { en: "China" }, parent: "asia" },
  { key: "asia", name: { en: "Asia" } },
  { key: "hangzhou", name: { en: "Hangzhou" }, parent: "china" },
  { key: "europe", name: { en: "Europe" } },
];

describe("measures", () => {
  it.each([["15", "0.15"], ["15%", "0.15"], ["１５．５％", "0.155"], ["-3", "-0.03"], ["x", null]])("reads %s as percent", (typed, fraction) => {
    expect(parsePercent(typed)).toBe(fraction);
    if (fraction !== null) expect(parsePercent(percentOf(fraction) ?? "")).toBe(fraction);
  });
  it.each([["1:30", "90"], ["2h 15m", "135"], ["1天2小时", "1560"], ["1.5h", "90"], ["90", "90"], ["-0:05", "-5"], ["long", null]])("reads %s as minutes", (typed, minutes) => {
    expect(parseDuration(typed)).toBe(minutes);
  });
  it("shows minutes", () => {
    expect([showDuration("1565", "hours", "en"), showDuration("1565", "days", "zh-CN"), showDuration("-5", null, "en"), showDuration("x", null, "en")]).toEqual(["26:05", "1 天 2:05", "-0:05", null]);
  });
});

describe("trees of options", () => {
  it("puts options under those they belong to", () => {
    expect(treeOf(OPTIONS).map(({ option, depth }) => [option.key, depth])).toEqual([["asia", 0], ["china", 1], ["hangzhou", 2], ["europe", 0]]);
    expect(pathText(OPTIONS, "hangzhou", "en")).toBe("Asia / China / Hangzhou");
    expect(below(OPTIONS, "china")).toEqual(["china", "hangzhou"]);
  });
  it("filters by an upper option and all below it, by several options, and by what was typed", () => {
    const fields = [{ key: "region", kind: "tree_choice", name: {}, options: OPTIONS }, { key: "tags", kind: "choices", name: {}, options: OPTIONS }, { key: "share", kind: "percent", name: {} }, { key: "took", kind: "duration", name: {} }];
    const text = (field: string, operator: string, ...values: string[]): string => filterText(fields, [{ field, operator, values }], null);
    expect(text("region", "in", "china", "europe")).toBe('IN(region, "china", "hangzhou", "europe")');
    expect(text("tags", "has", "asia", "china")).toBe('CONTAINS(tags, "asia") || CONTAINS(tags, "china")');
    expect(text("share", "at_least", "15%")).toBe("share >= 0.15");
    expect(text("took", "between", "1:00", "2h")).toBe("took >= 60 && took <= 120");
  });
});

describe("values with parts", () => {
  it("are the same when their parts are", () => {
    expect([sameValue(["a"], ["a"]), sameValue({ a: 1 }, { a: 2 }), sameValue(null, []), sameValue("", null)]).toEqual([true, false, true, true]);
  });
  it("are pasted from cells", () => {
    const cell = (kind: string, text: string): unknown => parseCell({ key: "f", kind, name: {}, options: OPTIONS }, text, "UTC");
    expect([cell("percent", "20%"), cell("percent", "0.2"), cell("duration", "1:30"), cell("time", "8:30"), cell("choices", "China、Asia"), cell("location", "31.2, 121.4"), cell("tree_choice", "Mars")]).toEqual([
      "0.2", "0.2", "90", "08:30", ["china", "asia"], { latitude: "31.2", longitude: "121.4" }, undefined,
    ]);
  });
});
