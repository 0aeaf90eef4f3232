/** Autosave against a draft kept in memory: saving, conflicts, lost network, gestures left from an earlier visit. */
import { expect, it } from "vitest";
import { type DraftPort, type Pace, startAutosave } from "./autosave";
import { moveTo, renameAt, setAt } from "./commands";
import type { Answer, Logged, Meeting, Person } from "./conflicts";
import { type AppDocument, find, findList } from "./doc";
import { carryOut } from "./history";
import { type Kept, keptOf } from "./kept";
import { sampleDocument } from "./sample";
import { type DesignStore, type Draft, type DraftIssue, createDesignStore } from "./store";
import { type Unsent, type UnsentLog, newId, unsentLog } from "./unsent";

const HELP = "/entities/order/fields/remark/help";
const SPAN = "/forms/order/nodes/basic/nodes/customer/span";

/** The server in memory: carries gestures out as `model/gestures.py` does, and keeps a log of them. */
class Server implements DraftPort {
  draft: Draft = { revision: 1, base_version: 1, document: sampleDocument() };
  log: Logged[] = [];
  published: AppDocument | null = null;
  editors: readonly Person[] = [];
  issues: readonly DraftIssue[] = [];
  reachable = true;
  /** The answer to the next request is lost on its way. */
  losesAnswer = false;
  /** Nobody can tell step by step what led to the draft. */
  since = 0;
  writes = 0;

  read(): Promise<Draft> {
    return this.reachable ? Promise.resolve(this.draft) : Promise.reject(new TypeError("no network"));
  }

  readPublished(): Promise<AppDocument | null> {
    return Promise.resolve(this.published);
  }

  readKept(): Promise<Kept> {
    return Promise.resolve(keptOf(this.log.filter(({ actor }) => actor === me)));
  }

  readIssues(): Promise<readonly DraftIssue[]> {
    return Promise.resolve(this.issues);
  }

  send(revision: number, gestures: readonly Unsent[]): Promise<Answer> {
    if (!this.reachable) return Promise.reject(new TypeError("no network"));
    this.writes++;
    const conflicts: Meeting[] = [];
    const known = new Set(this.log.map(({ id }) => id));
    for (const gesture of gestures.filter(({ id }) => !known.has(id))) conflicts.push(...this.keep(gesture, me));
    if (this.losesAnswer) {
      this.losesAnswer = false;
      return Promise.reject(new TypeError("no network"));
    }
    return Promise.resolve({ ...this.after(revision), conflicts });
  }

  attend(revision: number): Promise<Answer & { editors: readonly Person[] }> {
    if (!this.reachable) return Promise.reject(new TypeError("no network"));
    return Promise.resolve({ ...this.after(revision), conflicts: [], editors: this.editors });
  }

  someoneSets(at: string, value: string | number): void {
    this.keep({ id: newId(), label: { message: "test" }, commands: [setAt(this.draft.document, at, value)], undoes: [] }, other);
  }

  private keep(gesture: Unsent, actor: Person): Meeting[] {
    const done = carryOut(this.draft.document, gesture.commands);
    if (done === null) {
      const pointer = gesture.commands[0]?.kind === "set" ? gesture.commands[0].at : "";
      const theirs = find(this.draft.document, pointer) ?? null;
      return [{ gesture: gesture.id, pointer, reason: "changed", text: {}, theirs, mine: null, by: other, at: "2026-01-05T08:00:00Z" }];
    }
    const revision = this.draft.revision + 1;
    this.draft = { ...this.draft, revision, document: done.document };
    const line = { ...gesture, revision, kind: "edit", actor, at: "2026-01-05T08:00:00Z", text: {}, undone: false, ended: null, version: null } as const;
    this.log.push({ ...line, commands: done.commands });
    return [];
  }

  private after(revision: number): Omit<Answer, "conflicts"> {
    const reread = revision < this.since;
    const gestures = reread ? [] : this.log.filter((line) => line.revision > revision);
    return { revision: this.draft.revision, base_version: this.draft.base_version ?? 0, reread, gestures };
  }
}

const me = { id: "me", name: "Me" };
const other = { id: "other", name: "Other" };
const still: Pace = { delay: 800, poll: null };

function memory(): UnsentLog {
  const items = new Map<string, string>();
  const storage = {
    getItem: (name: string) => items.get(name) ?? null,
    setItem: (name: string, value: string) => void items.set(name, value),
    removeItem: (name: string) => void items.delete(name),
  };
  return unsentLog(storage, "someone", "shop");
}

function type(store: DesignStore, at: string, value: string | number): void {
  store.getState().execute({ label: { message: "test" }, commands: [setAt(store.getState().history.document, at, value)] });
}

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
