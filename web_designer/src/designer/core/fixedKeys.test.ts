/** Keys of what was published while somebody typed: they stay, and so does what was typed. */
import { expect, it } from "vitest";
import { startAutosave } from "./autosave";
import { renameAt, setAt } from "./commands";
import { type AppDocument, find } from "./doc";
import { SPAN, Server, memory, still, type } from "./draftServer";
import { sampleDocument } from "./sample";
import { createDesignStore } from "./store";

it("gives no other key to a field that was published meanwhile", async () => {
  const server = new Server();
  const store = createDesignStore("shop", server.draft);
  const autosave = startAutosave(store, server, memory(), still);
  const before = store.getState().history.document;
  store.getState().execute({ label: { message: "entry.rename" }, commands: renameAt(before, "/entities/order/fields/remark", "note") });
  type(store, SPAN, 2);
  server.published = server.draft.document;
  server.draft = { ...server.draft, revision: 7, base_version: 2 };
  server.since = 7;
  await autosave.refresh();
  expect(await autosave.flush()).toBe(true);
  expect(find(server.draft.document, "/entities/order/fields/remark/kind")).toBe("long_text");
  expect(find(server.draft.document, "/entities/order/fields/note")).toBeUndefined();
  expect(find(server.draft.document, SPAN)).toBe(2);
  expect(store.getState()).toMatchObject({ lost: 1, published: server.published, baseVersion: 2 });
  await autosave.close();
});

it("keeps what was typed in a field that was published meanwhile, under the key it has", async () => {
  const REMARK = "/entities/order/fields/remark";
  for (const hears of [true, false]) {
    const server = new Server();
    const store = createDesignStore("shop", server.draft);
    const autosave = startAutosave(store, server, memory(), still);
    const now = (): AppDocument => store.getState().history.document;
    const name = { "zh-CN": "备忘" };
    store.getState().execute({ label: { message: "entry.set" }, commands: [setAt(now(), `${REMARK}/name`, { "zh-CN": "备" })], mergeKey: "a" });
    store.getState().execute({ label: { message: "entry.rename" }, commands: renameAt(now(), REMARK, "memo"), mergeKey: "a" });
    store.getState().execute({ label: { message: "entry.set" }, commands: [setAt(now(), "/entities/order/fields/memo/name", name)], mergeKey: "a" });
    store.getState().select("/entities/order/fields/memo");
    server.published = server.draft.document;
    server.draft = { ...server.draft, revision: 7, base_version: 2 };
    server.since = 7;
    if (hears) await autosave.refresh();
    expect(await autosave.flush()).toBe(true);
    expect(find(server.draft.document, `${REMARK}/name`)).toEqual(name);
    expect(now()).toEqual(server.draft.document);
    expect(find(server.draft.document, "/entities/order/fields/memo")).toBeUndefined();
    expect(store.getState()).toMatchObject({ lost: 0, conflicts: [], detail: REMARK, baseVersion: 2 });
    store.getState().undo();
    expect(find(now(), `${REMARK}/name`)).toEqual(find(sampleDocument(), `${REMARK}/name`));
    await autosave.close();
  }
});
