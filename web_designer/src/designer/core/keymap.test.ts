/** Keys: what is ours on the canvas, on the page and in a text box. */
import { expect, it } from "vitest";
import { actOf } from "./keymap";

const press = (key: string, modifiers: Partial<Record<"ctrlKey" | "metaKey" | "shiftKey" | "altKey", boolean>> = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...modifiers,
});

it.each([
  ["z", { ctrlKey: true }, "undo"],
  ["Z", { ctrlKey: true, shiftKey: true }, "redo"],
  ["y", { metaKey: true }, "redo"],
  ["s", { ctrlKey: true }, "save"],
  ["Delete", {}, "remove"],
  ["ArrowUp", {}, "select-previous"],
  ["ArrowUp", { altKey: true }, "move-earlier"],
  ["ArrowDown", { altKey: true }, "move-later"],
  ["ArrowDown", { shiftKey: true }, null],
  ["q", {}, null],
] as const)("%s %o on the canvas is %s", (key, modifiers, act) => {
  expect(actOf(press(key, modifiers), "canvas")).toBe(act);
});

it("leaves text boxes their own keys, but not saving", () => {
  expect(actOf(press("z", { ctrlKey: true }), "text")).toBeNull();
  expect(actOf(press("Delete"), "text")).toBeNull();
  expect(actOf(press("s", { ctrlKey: true }), "text")).toBe("save");
});

it("undoes from anywhere on the page but removes only on the canvas", () => {
  expect(actOf(press("z", { ctrlKey: true }), "page")).toBe("undo");
  expect(actOf(press("Delete"), "page")).toBeNull();
});
