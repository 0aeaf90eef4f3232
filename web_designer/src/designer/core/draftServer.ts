/** For tests: a server of drafts kept in memory, and what tests do with it. */
import type { DraftPort, Pace } from "./autosave";
import { setAt } from "./commands";
import type { Answer, Logged, Meeting, Person } from "./conflicts";
import { type AppDocument, find } from "./doc";
import { carryOut } from "./history";
import { type Kept, keptOf } from "./kept";
import { sampleDocument } from "./sample";
import type { DesignStore, Draft, DraftIssue } from "./store";
import { type Unsent, type UnsentLog, newId, unsentLog } from "./unsent";

export const HELP = "/entities/order/fields/remark/help";
export const SPAN = "/forms/order/nodes/basic/nodes/customer/span";

/** The server in memory: carries gestures out as `model/gestures.py` does, and keeps a log of them. */
export class Server implements DraftPort {
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
    const removed = gesture.commands.find((command) => command.kind === "remove");
    const taken = removed === undefined ? "" : `${removed.from.list}/${removed.element.key}`;
    if (this.published !== null && removed !== undefined && find(this.published, taken) !== undefined) {
      return [{ gesture: gesture.id, pointer: taken, reason: "published", text: {}, theirs: null, mine: null, by: other, at: "2026-01-05T08:00:00Z" }];
    }
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

export const me = { id: "me", name: "Me" };
export const other = { id: "other", name: "Other" };
export const still: Pace = { delay: 800, poll: null };

export function memory(): UnsentLog {
  const items = new Map<string, string>();
  const storage = {
    getItem: (name: string) => items.get(name) ?? null,
    setItem: (name: string, value: string) => void items.set(name, value),
    removeItem: (name: string) => void items.delete(name),
  };
  return unsentLog(storage, "someone", "shop");
}

export function type(store: DesignStore, at: string, value: string | number): void {
  store.getState().execute({ label: { message: "test" }, commands: [setAt(store.getState().history.document, at, value)] });
}
