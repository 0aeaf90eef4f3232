/** The store of an open document: what is written down for sending, and where the selection goes. */
import { expect, it } from "vitest";
import { moveTo, removeAt, setAt } from "./commands";
import { find } from "./doc";
import { sampleDocument } from "./sample";
import { createDesignStore } from "./store";

const BASIC = "/forms/order/nodes/basic/nodes";
const open = () => createDesignStore("shop", { revision: 3, base_version: 1, document: sampleDocument() });
const label = { message: "test" };

it("writes every change down, undo and redo too, and nothing for what changes nothing", () => {
  const store = open();
  const { execute, undo, redo } = store.getState();
  const removal = removeAt(store.getState().history.document, `${BASIC}/number`);
  execute({ label, commands: removal ? [removal] : [] }, `${BASIC}/lines`);
  undo();
  redo();
  expect(store.getState().unsent.map(({ commands }) => commands[0]?.kind)).toEqual(["remove", "insert", "remove"]);
  const nothing = moveTo(store.getState().history.document, `${BASIC}/customer`, { list: BASIC, before: "customer" });
  expect(execute({ label, commands: nothing ? [nothing] : [] })).toBeNull();
  expect(store.getState().unsent).toHaveLength(3);
});

it("selects what undo brings back and keeps the selection otherwise", () => {
  const store = open();
  const { execute, undo, select } = store.getState();
  const removal = removeAt(store.getState().history.document, `${BASIC}/number`);
  execute({ label, commands: removal ? [removal] : [] }, `${BASIC}/lines`);
  expect(store.getState().selection).toBe(`${BASIC}/lines`);
  undo();
  expect(store.getState().selection).toBe(`${BASIC}/number`);
  select(`${BASIC}/lines`);
  execute({ label, commands: [setAt(store.getState().history.document, `${BASIC}/customer/hidden`, true)] });
  undo();
  expect(store.getState().selection).toBe(`${BASIC}/lines`);
});

it("looks at the rule that undo brings back, or at a node of the form, never at both", () => {
  const store = open();
  const { execute, undo, redo, select } = store.getState();
  const rule = "/entities/order/rules/some_lines";
  const looking = () => [store.getState().selection, store.getState().detail];
  select(rule);
  expect(looking()).toEqual([null, rule]);
  const removal = removeAt(store.getState().history.document, rule);
  execute({ label, commands: removal ? [removal] : [] }, null);
  expect(looking()).toEqual([null, null]);
  undo();
  expect(looking()).toEqual([null, rule]);
  select(`${BASIC}/lines`);
  expect(looking()).toEqual([`${BASIC}/lines`, null]);
  redo();
  undo();
  expect(looking()).toEqual([null, rule]);
  select(null);
  expect(looking()).toEqual([null, null]);
});

it("says why a gesture was refused and changes nothing", () => {
  const store = open();
  const before = store.getState();
  const into = moveTo(before.history.document, "/forms/order/nodes/basic", { list: BASIC, before: null });
  expect(before.execute({ label, commands: into ? [into] : [] })).toBe("into-itself");
  expect(store.getState().history).toBe(before.history);
});

it("goes to any point of the history", () => {
  const store = open();
  const at = "/entities/order/fields/remark/help";
  for (const text of ["a", "b", "c"]) store.getState().execute({ label, commands: [setAt(store.getState().history.document, at, text)] });
  store.getState().goTo(1);
  expect(find(store.getState().history.document, at)).toBe("a");
  store.getState().goTo(3);
  expect(find(store.getState().history.document, at)).toBe("c");
  expect(store.getState().unsent).toHaveLength(7);
});
