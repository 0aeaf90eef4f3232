/** Autosave against a draft kept in memory: saving, conflicts, lost network, gestures left from an earlier visit. */
import { expect, it } from "vitest";
import { startAutosave } from "./autosave";
import { moveTo, setAt } from "./commands";
import type { Meeting } from "./conflicts";
import { find, findList } from "./doc";
import { HELP, SPAN, Server, me, memory, other, still, type } from "./draftServer";
import { createDesignStore } from "./store";
import { type Unsent, newId } from "./unsent";

it("sends what changed once and forgets it", async () => {
  const [server, log] = [new Server(), memory()];
  const store = createDesignStore("shop", server.draft);
  const autosave = startAutosave(store, server, log, still);
  type(store, HELP, "one");
  type(store, HELP, "two");
  expect(store.getState().save).toBe("unsaved");
  expect(log.read()).toHaveLength(2);
  expect(await autosave.flush()).toBe(true);
  expect(server.writes).toBe(1);
  expect(find(server.draft.document, HELP)).toBe("two");
  expect(store.getState()).toMatchObject({ save: "saved", revision: 3, unsent: [] });
  expect(log.read()).toEqual([]);
  await autosave.flush();
  expect(server.writes).toBe(1);
  await autosave.close();
});

it("saves undo and redo like any change", async () => {
  const server = new Server();
  const store = createDesignStore("shop", server.draft);
  const autosave = startAutosave(store, server, memory(), still);
  type(store, HELP, "one");
  await autosave.flush();
  store.getState().undo();
  await autosave.flush();
  expect(find(server.draft.document, HELP)).toBeUndefined();
  store.getState().redo();
  await autosave.flush();
  expect(find(server.draft.document, HELP)).toBe("one");
  await autosave.close();
});

it("takes in what somebody else did and keeps both", async () => {
  const server = new Server();
  const store = createDesignStore("shop", server.draft);
  const autosave = startAutosave(store, server, memory(), still);
  type(store, HELP, "mine");
  server.someoneSets(SPAN, 2);
  expect(await autosave.flush()).toBe(true);
  expect(find(server.draft.document, HELP)).toBe("mine");
  expect(find(server.draft.document, SPAN)).toBe(2);
  expect(store.getState().history.document).toEqual(server.draft.document);
  expect(store.getState().base).toEqual(server.draft.document);
  store.getState().undo();
  await autosave.flush();
  expect(find(server.draft.document, HELP)).toBeUndefined();
  expect(find(server.draft.document, SPAN)).toBe(2);
  await autosave.close();
});

it("hears of others without saving anything, and who they are", async () => {
  const server = new Server();
  const store = createDesignStore("shop", server.draft);
  const autosave = startAutosave(store, server, memory(), still);
  server.editors = [me, other];
  server.someoneSets(SPAN, 2);
  type(store, HELP, "mine");
  await autosave.refresh();
  expect(find(store.getState().history.document, SPAN)).toBe(2);
  expect(find(store.getState().history.document, HELP)).toBe("mine");
  expect(store.getState()).toMatchObject({ editors: [me, other], save: "unsaved", revision: 2 });
  expect(server.writes).toBe(0);
  await autosave.close();
  expect(find(server.draft.document, HELP)).toBe("mine");
});

it("leaves what both changed as the other made it, until somebody decides", async () => {
  for (const choice of ["keepMine", "takeTheirs"] as const) {
    const server = new Server();
    const store = createDesignStore("shop", server.draft);
    const autosave = startAutosave(store, server, memory(), still);
    type(store, HELP, "mine");
    type(store, SPAN, 2);
    type(store, HELP, "mine too");
    server.someoneSets(HELP, "theirs");
    expect(await autosave.flush()).toBe(true);
    expect(find(server.draft.document, SPAN)).toBe(2);
    expect(find(store.getState().history.document, HELP)).toBe("theirs");
    expect(store.getState().history.past).toHaveLength(1);
    const [conflict] = store.getState().conflicts;
    expect(store.getState().conflicts).toHaveLength(1);
    expect(conflict?.gestures).toHaveLength(2);
    if (conflict) store.getState()[choice](conflict);
    expect(store.getState().conflicts).toEqual([]);
    await autosave.flush();
    expect(find(server.draft.document, HELP)).toBe(choice === "keepMine" ? "mine too" : "theirs");
    await autosave.close();
  }
});

it("puts in its own field under another key where the key is taken", async () => {
  const server = new Server();
  const store = createDesignStore("shop", server.draft);
  const autosave = startAutosave(store, server, memory(), still);
  const fields = "/entities/order/fields";
  const add = (kind: string): Unsent => ({
    id: newId(),
    label: { message: "test" },
    undoes: [],
    commands: [
      { kind: "insert", to: { list: fields, before: null }, element: { key: "x_new", kind } },
      { kind: "insert", to: { list: "/forms/order/nodes/basic/nodes", before: null }, element: { key: "x_new", kind: "input", field: "x_new" } },
      { kind: "set", at: `${fields}/x_new/help`, value: kind },
    ],
  });
  await server.send(1, [add("text")]);
  const mine = add("number");
  store.getState().receive({ ...(await server.attend(1)), conflicts: [] }, 0);
  const meeting: Meeting = { gesture: mine.id, pointer: `${fields}/x_new`, reason: "taken", text: {}, theirs: null, mine: null, by: null, at: null };
  store.getState().keepMine({ gestures: [mine], meetings: [meeting] });
  await autosave.flush();
  expect(findList(server.draft.document, fields)?.slice(-2).map(({ key, kind, help }) => [key, kind, help])).toEqual([
    ["x_new", "text", "text"],
    ["x_new_2", "number", "number"],
  ]);
  expect(findList(server.draft.document, "/forms/order/nodes/basic/nodes")?.at(-1)).toMatchObject({ key: "x_new_2", field: "x_new_2" });
  await autosave.close();
});

it("sends again what had no answer, and it is done once", async () => {
  const server = new Server();
  const store = createDesignStore("shop", server.draft);
  const autosave = startAutosave(store, server, memory(), still);
  const nodes = "/forms/order/nodes/basic/nodes";
  const move = moveTo(store.getState().history.document, `${nodes}/customer`, { list: nodes, before: null });
  store.getState().execute({ label: { message: "test" }, commands: move ? [move] : [] });
  server.losesAnswer = true;
  expect(await autosave.flush()).toBe(false);
  server.someoneSets(SPAN, 2);
  expect(await autosave.flush()).toBe(true);
  expect(server.log).toHaveLength(2);
  expect(store.getState().history.document).toEqual(server.draft.document);
  expect(store.getState().conflicts).toEqual([]);
  await autosave.close();
});

it("makes one gesture of what is typed before it is sent, and undoes all that was typed", async () => {
  const server = new Server();
  const store = createDesignStore("shop", server.draft);
  const autosave = startAutosave(store, server, memory(), still);
  const write = (text: string): void => {
    store.getState().execute({ label: { message: "test" }, commands: [setAt(store.getState().history.document, HELP, text)], mergeKey: "help" });
  };
  for (const text of ["a", "ab", "abc"]) write(text);
  expect(store.getState().unsent).toHaveLength(1);
  await autosave.flush();
  write("abcd");
  await autosave.flush();
  expect(server.log).toHaveLength(2);
  expect(store.getState().history.past).toHaveLength(1);
  store.getState().undo();
  await autosave.flush();
  expect(server.log.at(-1)?.undoes).toEqual(server.log.slice(0, 2).map(({ id }) => id));
  expect(find(server.draft.document, HELP)).toBeUndefined();
  await autosave.close();
});

it("reads the draft again where nobody can tell what led to it", async () => {
  const server = new Server();
  const store = createDesignStore("shop", server.draft);
  const autosave = startAutosave(store, server, memory(), still);
  type(store, HELP, "mine");
  server.someoneSets(SPAN, 2);
  server.since = 2;
  expect(await autosave.flush()).toBe(true);
  expect(store.getState().history.document).toEqual(server.draft.document);
  expect(find(server.draft.document, HELP)).toBe("mine");
  await autosave.close();
});

it("loses nothing that is typed while the published version is read", async () => {
  const server = new Server();
  const store = createDesignStore("shop", server.draft);
  const autosave = startAutosave(store, server, memory(), still);
  server.draft = { ...server.draft, revision: 7, base_version: 2 };
  server.since = 7;
  server.readPublished = () => {
    type(store, HELP, "typed meanwhile");
    return Promise.resolve(server.draft.document);
  };
  await autosave.refresh();
  expect(store.getState()).toMatchObject({ baseVersion: 2, save: "unsaved" });
  expect(await autosave.flush()).toBe(true);
  expect(find(server.draft.document, HELP)).toBe("typed meanwhile");
  await autosave.close();
});

it("goes on undoing and doing again what it did before the draft rested on another version", async () => {
  const server = new Server();
  const store = createDesignStore("shop", server.draft);
  const autosave = startAutosave(store, server, memory(), still);
  for (const text of ["one", "two"]) {
    type(store, HELP, text);
    store.getState().seal();
  }
  store.getState().undo();
  await autosave.flush();
  server.draft = { ...server.draft, revision: server.draft.revision + 1, base_version: 2 };
  server.since = server.draft.revision;
  await autosave.refresh();
  expect(store.getState().baseVersion).toBe(2);
  store.getState().redo();
  expect(find(store.getState().history.document, HELP)).toBe("two");
  store.getState().undo();
  store.getState().undo();
  expect(await autosave.flush()).toBe(true);
  expect(find(server.draft.document, HELP)).toBeUndefined();
  await autosave.close();
});

it("shows what is wrong with the newest draft", async () => {
  const server = new Server();
  const store = createDesignStore("shop", server.draft);
  const autosave = startAutosave(store, server, memory(), still);
  server.issues = [{ code: "x", message: {}, pointer: HELP }];
  type(store, HELP, "wrong");
  await autosave.flush();
  await expect.poll(() => store.getState().issues).toEqual(server.issues);
  await autosave.close();
});

it("keeps what it cannot send and sends it on the next visit", async () => {
  const [server, log] = [new Server(), memory()];
  const store = createDesignStore("shop", server.draft);
  const autosave = startAutosave(store, server, log, still);
  server.reachable = false;
  type(store, HELP, "mine");
  expect(await autosave.flush()).toBe(false);
  expect(store.getState().save).toBe("failed");
  await autosave.close();

  server.reachable = true;
  server.someoneSets(SPAN, 2);
  const later = createDesignStore("shop", server.draft, log.read());
  expect(find(later.getState().history.document, HELP)).toBe("mine");
  const again = startAutosave(later, server, log, still);
  expect(await again.flush()).toBe(true);
  expect(find(server.draft.document, HELP)).toBe("mine");
  expect(find(server.draft.document, SPAN)).toBe(2);
  expect(log.read()).toEqual([]);
  await again.close();
});

it("sends what is typed while a save is on its way", async () => {
  const server = new Server();
  const store = createDesignStore("shop", server.draft);
  const autosave = startAutosave(store, server, memory(), still);
  type(store, HELP, "one");
  const saved = autosave.flush();
  type(store, HELP, "two");
  expect(await saved).toBe(true);
  expect(find(server.draft.document, HELP)).toBe("two");
  expect(store.getState().unsent).toEqual([]);
  await autosave.close();
});

it("sends the rest when the page is left", async () => {
  const [server, log] = [new Server(), memory()];
  const store = createDesignStore("shop", server.draft);
  const autosave = startAutosave(store, server, log, still);
  type(store, HELP, "mine");
  await autosave.close();
  expect(find(server.draft.document, HELP)).toBe("mine");
  expect(log.read()).toEqual([]);
});
