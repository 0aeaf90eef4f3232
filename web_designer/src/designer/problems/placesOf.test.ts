/** Where a problem anywhere in the app is mended. */
import { expect, it } from "vitest";
import { sampleDocument } from "../core/sample";
import { designerOf } from "./placesOf";

const at = (pointer: string): string | null => {
  const address = designerOf(sampleDocument(), "shop", { code: "x", message: {}, pointer });
  return address === null ? null : decodeURIComponent(address);
};

it("leads to the form and what to select there", () => {
  expect(at("/forms/order/nodes/basic/nodes/customer/field")).toBe("/design/shop/forms/order?at=/forms/order/nodes/basic/nodes/customer");
  expect(at("/entities/order/fields/customer/to")).toBe("/design/shop/forms/order?at=/forms/order/nodes/basic/nodes/customer");
  expect(at("/entities/order/rules/some_lines/check")).toBe("/design/shop/forms/order?at=/entities/order/rules/some_lines");
  expect(at("/entities/order/title")).toBe("/design/shop/forms/order?at=/forms/order");
});

it("leads nowhere for what no designer shows", () => {
  expect(at("/roles/chief/name")).toBeNull();
  expect(at("/policies/one/entity")).toBeNull();
  expect(at("")).toBeNull();
});
