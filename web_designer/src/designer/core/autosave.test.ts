/** Autosave against a draft kept in memory: saving, conflicts, lost network, gestures left from an earlier visit. */
import { expect, it } from "vitest";
import { type DraftPort, type UnsentLog, startAutosave, unsentLog } from "./autosave";
import { apply, renameAt, setAt } from "./commands";
import { type AppDocument, find } from "./doc";
import { sampleDocument } from "./sample";
import { type DesignStore, type Draft, createDesignStore } from "./store";

const HELP = "/entities/order/fields/remark/help";
const SPAN = "/forms/order/nodes/basic/nodes/customer/span";

class Server implements DraftPort {
  draft: Draft = { revision: 1, base_version: 1, document: sampleDocument(), issues: [] };
  published: AppDocument | null = null;
  reachable = true;
  writes = 0;

  read(): Promise<Draft> {
    return this.reachable ? Promise.resolve(this.draft) : Promise.reject(new TypeError("no network"));
  }

  readPublished(): Promise<AppDocument | null> {
    return Promise.resolve(this.published);
  }

  write(revision: number, document: AppDocument): ReturnType<DraftPort["write"]> {
    this.writes++;
    if (!this.reachable) return Promise.reject(new TypeError("no network"));
    if (revision !== this.draft.revision) return Promise.resolve("conflict");
    this.draft = { ...this.draft, revision: revision + 1, document };
    return Promise.resolve({ revision: revision + 1, issues: [] });
  }

  someoneSets(at: string, value: string | number): void {
    const applied = apply(this.draft.document, setAt(this.draft.document, at, value));
    if (applied.document) this.draft = { ...this.draft, revision: this.draft.revision + 1, document: applied.document };
  }
}

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
  const autosave = startAutosave(store, server, log);
  type(store, HELP, "one");
  type(store, HELP, "two");
  expect(store.getState().save).toBe("unsaved");
  expect(log.read()).toHaveLength(2);
  expect(await autosave.flush()).toBe(true);
  expect(server.writes).toBe(1);
  expect(find(server.draft.document, HELP)).toBe("two");
  expect(store.getState()).toMatchObject({ save: "saved", revision: 2, unsent: [] });
  expect(log.read()).toEqual([]);
  await autosave.flush();
  expect(server.writes).toBe(1);
  await autosave.close();
});

it("saves undo and redo like any change", async () => {
  const server = new Server();
  const store = createDesignStore("shop", server.draft);
  const autosave = startAutosave(store, server, memory());
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

it("reads the draft again and does own gestures again when somebody else saved", async () => {
  const server = new Server();
  const store = createDesignStore("shop", server.draft);
  const autosave = startAutosave(store, server, memory());
  type(store, HELP, "mine");
  server.someoneSets(SPAN, 2);
  expect(await autosave.flush()).toBe(true);
  expect(find(server.draft.document, HELP)).toBe("mine");
  expect(find(server.draft.document, SPAN)).toBe(2);
  expect(store.getState().history.document).toEqual(server.draft.document);
  await autosave.close();
});

it("gives no other key to a field that was published meanwhile", async () => {
  const server = new Server();
  const store = createDesignStore("shop", server.draft);
  const autosave = startAutosave(store, server, memory());
  const before = store.getState().history.document;
  store.getState().execute({ label: { message: "entry.rename" }, commands: renameAt(before, "/entities/order/fields/remark", "note") });
  type(store, SPAN, 2);
  server.published = server.draft.document;
  server.draft = { ...server.draft, revision: 7, base_version: 2 };
  expect(await autosave.flush()).toBe(true);
  expect(find(server.draft.document, "/entities/order/fields/remark/kind")).toBe("long_text");
  expect(find(server.draft.document, "/entities/order/fields/note")).toBeUndefined();
  expect(find(server.draft.document, SPAN)).toBe(2);
  expect(store.getState()).toMatchObject({ lost: 1, published: server.published, baseVersion: 2 });
  await autosave.close();
});

it("keeps what it cannot send and sends it on the next visit", async () => {
  const [server, log] = [new Server(), memory()];
  const store = createDesignStore("shop", server.draft);
  const autosave = startAutosave(store, server, log);
  server.reachable = false;
  type(store, HELP, "mine");
  expect(await autosave.flush()).toBe(false);
  expect(store.getState().save).toBe("failed");
  await autosave.close();

  server.reachable = true;
  server.someoneSets(SPAN, 2);
  const later = createDesignStore("shop", server.draft, log.read());
  expect(find(later.getState().history.document, HELP)).toBe("mine");
  const again = startAutosave(later, server, log);
  expect(await again.flush()).toBe(true);
  expect(find(server.draft.document, HELP)).toBe("mine");
  expect(find(server.draft.document, SPAN)).toBe(2);
  expect(log.read()).toEqual([]);
  await again.close();
});

it("sends what is typed while a save is on its way", async () => {
  const server = new Server();
  const store = createDesignStore("shop", server.draft);
  const autosave = startAutosave(store, server, memory());
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
  const autosave = startAutosave(store, server, log);
  type(store, HELP, "mine");
  await autosave.close();
  expect(find(server.draft.document, HELP)).toBe("mine");
  expect(log.read()).toEqual([]);
});
