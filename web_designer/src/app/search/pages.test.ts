/** Which pages are meant by letters, Chinese and pinyin. */
import { expect, it } from "vitest";
import { plain } from "@/shared/formula/pinyin";
import { pagesMeant, type PageEntry, type Spell } from "./pages";

const spell: Spell = (text, form) => plain.PINYIN(text, form);
const pages: readonly PageEntry[] = ["销售订单", "采购订单", "订单", "Orders", "银行账户"].map((title) => ({ path: title, title, icon: "list", kind: "list" }));
const meant = (typed: string, by: Spell | null = spell): string[] => pagesMeant(pages, typed, by).map((page) => page.title);

it.each([
  ["订单", ["订单", "销售订单", "采购订单"]],
  ["xsdd", ["销售订单"]],
  ["dd", ["订单", "销售订单", "采购订单"]],
  ["xiaosh", ["销售订单"]],
  ["yhzh", ["银行账户"]],
  ["ｏrd", ["Orders"]],
  ["dingdan", ["订单", "销售订单", "采购订单"]],
  ["zzz", []],
])("%s", (typed, found) => expect(meant(typed)).toEqual(found));

it("offers all where nothing is typed, and no pinyin before its table is there", () => {
  expect(meant(" ")).toHaveLength(pages.length);
  expect(meant("xsdd", null)).toEqual([]);
});
