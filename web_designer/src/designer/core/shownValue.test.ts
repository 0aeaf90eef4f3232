/** Values of a document as people read them where two of them meet. */
import { expect, it } from "vitest";
import type { Json } from "./doc";
import { shownValue } from "./shownValue";
import type { Texts } from "./useTexts";

const t: Texts = (key, parts) => (parts === undefined ? key : `${key} ${Object.values(parts).join()}`);

const cases: readonly (readonly [Json | undefined, string])[] = [
  [undefined, "value.none"],
  [null, "value.none"],
  ["", "value.none"],
  [true, "value.yes"],
  [false, "value.no"],
  [0, "0"],
  ["SUM(lines.amount)", "SUM(lines.amount)"],
  [{ "zh-CN": "金额", en: "Amount" }, "Amount"],
  [{ "zh-CN": "金额" }, "金额"],
  [{ key: "total", name: { en: "Total" } }, "Total"],
  [{ key: "rule", message: { en: "Too much" } }, "Too much"],
  [{ key: "total" }, "total"],
  [{ a: 1 }, '{"a":1}'],
  [["a", "b"], "value.count 2"],
  ["x".repeat(100), `${"x".repeat(80)}…`],
];

it.each(cases)("%j is shown as %s", (value, text) => {
  expect(shownValue(value, "en", t)).toBe(text);
});
