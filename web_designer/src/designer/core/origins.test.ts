/** Where an element comes from and what was changed here, by what its package says of it. */
import { expect, it } from "vitest";
import { type Origins, originOf } from "./origins";

const origins: Origins = {
  packages: { sales: { name: { en: "Sales" }, version: "1.2" } },
  elements: { "/entities/a/fields/b": { package: "sales", values: { kind: "text", name: { "zh-CN": "乙", en: "B" }, required: true } } },
};
const at = "/entities/a/fields/b";
const field = { key: "b", kind: "text", name: { "zh-CN": "乙", en: "B" }, required: true };

it("says the package of an element nobody changed, whatever elements it holds", () => {
  expect(originOf(origins, at, field)).toEqual({ package: "sales", version: "1.2", changed: [] });
  expect(originOf(origins, at, { ...field, options: [{ key: "x" }], rules: [] } as never)?.changed).toEqual([]);
});

it("knows nothing of an element that was made here", () => {
  expect(originOf(origins, "/entities/a/fields/x_c", { key: "x_c" })).toBeNull();
});

it("tells each changed property with what puts it back, of texts each language", () => {
  const changed = { key: "b", kind: "text", name: { "zh-CN": "乙", en: "Bee" }, scale: 2 };
  expect(originOf(origins, at, changed)?.changed).toEqual([
    { property: "name", language: "en", before: "B", whole: { "zh-CN": "乙", en: "B" } },
    { property: "required", language: null, before: true, whole: true },
    { property: "scale", language: null, before: undefined, whole: undefined },
  ]);
});
