/**
 * Takes an opened draft, gives the store of one open document: history, selection, what is not sent yet, what met others' work.
 *
 * Every change of the document goes through `execute`, `undo` or `redo`; each is written down in `unsent`, so that the
 * autosave can send it. What others do comes in by `receive`: `base` is the draft as the server has it, the document is
 * that with what is unsent on top. Selection is not part of the history.
 */
import { type StoreApi, createStore } from "zustand/vanilla";
import { type Command, type Refusal, applyAll, same } from "./commands";
import { type Answer, type Conflict, type Person, conflictsOf, keptAnyway } from "./conflicts";
import { type AppDocument, type Labels, type Pointer, under } from "./doc";
import { pointerWithout, renamesIn, withoutKeys } from "./fixedKeys";
import { type Entry, type Gesture, type History, type Turned, carryOut, execute, inPart, joinSets, joins, onto, redo, seal, undo, withKept, without } from "./history";
import { type Kept, NOTHING, keptOf } from "./kept";
import { type Unsent, newId, unsentOf } from "./unsent";

/** What is wrong with the draft, at which pointer, in both languages. */
export type DraftIssue = {
  readonly code: string;
  readonly message: Labels;
  readonly pointer: Pointer;
  readonly span?: readonly [number, number] | null;
};

/** A draft as the server gives it: the active version while nobody has changed it. A revision names one document for ever. */
export type Draft = {
  readonly revision: number;
  readonly base_version: number | null;
  readonly document: AppDocument;
};

export type SaveState = "saved" | "unsaved" | "saving" | "failed";

export type DesignState = {
  readonly app: string;
  readonly history: History;
  /** The selected node of a form. */
  readonly selection: Pointer | null;
  /** What lies on no form and is looked at in its place: a rule of an entity, a list. */
  readonly detail: Pointer | null;
  readonly issues: readonly DraftIssue[];
  readonly revision: number;
  /** The draft of this revision, as the server has it. */
  readonly base: AppDocument;
  /** The version in use, null when there is none yet: its keys are fixed. */
  readonly published: AppDocument | null;
  /** The number of the version the draft began from. */
  readonly baseVersion: number | null;
  readonly save: SaveState;
  /** Why the last save failed. */
  readonly failure: unknown;
  /** Gestures the server has not confirmed, the oldest first; the first `sending` of them are on their way. */
  readonly unsent: readonly Unsent[];
  readonly sending: number;
  /** Where own gestures met what others did; they were not kept. */
  readonly conflicts: readonly Conflict[];
  /** Who else has the draft open. */
  readonly editors: readonly Person[];
  /** What could not be undone or done again, because others have changed what it was about. */
  readonly stuck: Entry | null;
  /** How many gestures could not be done again after somebody else changed the draft. */
  readonly lost: number;
};

export type DesignActions = {
  /** Do a gesture; gives why it was refused, or null. */
  execute(gesture: Gesture, selection?: Pointer | null): Refusal | null;
  undo(): void;
  redo(): void;
  goTo(count: number): void;
  seal(): void;
  /** Select a node of a form, or look at a rule or a list. */
  select(pointer: Pointer | null): void;
  /** Take up a draft of the server anew, with what the log keeps to be undone and done again, and do the unsent gestures again on it. */
  takeUp(draft: Draft, unsent: readonly Unsent[], published: AppDocument | null, kept: Kept): void;
  /** Take in what the server answered to the first `sent` of the unsent gestures, and what others have done; false: the draft has to be read again. */
  receive(answer: Answer, sent: number): boolean;
  /** Do what met others' work after all, over it. */
  keepMine(conflict: Conflict): void;
  /** Leave what others did, and forget the own gestures. */
  takeTheirs(conflict: Conflict): void;
  forgetLost(): void;
};

export type DesignStore = StoreApi<DesignState & DesignActions>;

/** Open a draft; `unsent` are gestures an earlier visit could not send, `kept` what can be undone and done again of earlier visits. */
export function createDesignStore(app: string, draft: Draft, unsent: readonly Unsent[] = [], published: AppDocument | null = null, kept: Kept = NOTHING): DesignStore {
  return createStore<DesignState & DesignActions>()((set, get) => {
    const change = (history: History, unsentNow: readonly Unsent[], selection?: Pointer | null): void =>
      set({
        history,
        unsent: unsentNow,
        save: get().save === "saving" ? "saving" : unsentNow.length === 0 ? "saved" : "unsaved",
        ...(selection === undefined ? {} : looking(selection)),
      });
    const turn = (turned: Turned | null, id: string, undoes: readonly string[]): void => {
      if (turned === null) return;
      const { history, entry, commands } = turned;
      if (commands === null) set({ history, stuck: entry });
      else change(history, [...get().unsent, unsentOf({ label: entry.label, commands }, id, undoes)], placedBy(commands));
    };
    return {
      app,
      ...opened(draft, unsent, published, kept),
      issues: [],
      conflicts: [],
      editors: [],
      stuck: null,
      ...looking(null),
      execute: (gesture, selection) => {
        const { history: before, unsent: waiting, sending } = get();
        // Typing that goes on is one gesture until it is sent.
        const last = waiting.length > sending ? waiting.at(-1) : undefined;
        const joined = last !== undefined && joins(before, gesture) && before.past.at(-1)?.gestures.at(-1) === last.id ? last : undefined;
        const id = joined?.id ?? newId();
        const { history, refused } = execute(before, gesture, id);
        if (refused !== null || history === before) return refused;
        if (joined === undefined) change(history, [...waiting, unsentOf(gesture, id)], selection);
        else {
          const commands = joinSets([...joined.commands, ...gesture.commands]);
          change(history, [...waiting.slice(0, -1), ...(commands.length === 0 ? [] : [{ ...joined, commands }])], selection);
        }
        return null;
      },
      undo: () => {
        const id = newId();
        const turned = undo(get().history, id);
        turn(turned, id, turned?.entry.gestures ?? []);
      },
      redo: () => {
        const turned = redo(get().history);
        turn(turned, newId(), turned?.entry.undoneBy ?? []);
      },
      goTo: (count) => {
        for (let left = get().history.past.length - count; left > 0; left--) get().undo();
        for (let left = count - get().history.past.length; left > 0; left--) get().redo();
      },
      seal: () => {
        const { history } = get();
        const sealed = seal(history);
        if (sealed !== history) set({ history: sealed });
      },
      select: (pointer) => {
        const { selection, detail } = get();
        if (pointer === (selection ?? detail)) return;
        get().seal();
        set(looking(pointer));
      },
      takeUp: (next, waiting, inUse, kept) => set({ ...opened(next, waiting, inUse, kept), ...keptSelection(get(), waiting.filter((one) => renamesIn(one, inUse))) }),
      receive: (answer, sent) => {
        const state = get();
        const sentNow = state.unsent.slice(0, sent);
        const later = state.unsent.slice(sent);
        // What only another key was in the way of is sent again without that: there is nothing to decide.
        const isOfKeys = ({ id }: Unsent): boolean => answer.conflicts.some(({ gesture }) => gesture === id) && answer.conflicts.every(({ gesture, reason }) => gesture !== id || reason === "published");
        const renaming = sentNow.filter((one) => isOfKeys(one) && withoutKeys(one) !== null);
        const parts = renaming.flatMap((one) => withoutKeys(one) ?? []);
        const conflicts = conflictsOf(sentNow.filter((one) => !renaming.includes(one)), answer.conflicts);
        const refused = conflicts.flatMap(({ gestures }) => gestures.map(({ id }) => id));
        if (conflicts.length > 0) set({ conflicts: [...state.conflicts, ...conflicts], history: without(state.history, refused) });
        if (parts.length > 0) set({ history: inPart(get().history, parts), ...keptSelection(state, renaming) });
        const base = answer.reread ? null : applyAll(state.base, answer.gestures.flatMap(({ commands }) => commands)).document;
        const rest = [...parts, ...later];
        set({ unsent: rest, sending: 0, save: rest.length > 0 ? "unsaved" : "saved" });
        // What rests on another version by now has to know which keys are fixed.
        if (base === null || answer.base_version !== state.baseVersion) return false;
        const isMine = (id: string): boolean => sentNow.some((one) => one.id === id);
        const isNews = conflicts.length > 0 || parts.length > 0 || answer.gestures.some(({ id }) => !isMine(id));
        set({ base, revision: answer.revision, ...(isNews ? { history: onto(get().history, withUnsent(base, rest)) } : {}) });
        return true;
      },
      keepMine: (conflict) => {
        get().takeTheirs(conflict);
        for (const gesture of conflict.gestures) {
          const kept = keptAnyway(get().history.document, conflict, gesture);
          if (kept !== null) get().execute({ label: gesture.label, commands: kept });
        }
      },
      takeTheirs: (conflict) => set({ conflicts: get().conflicts.filter((other) => other !== conflict) }),
      forgetLost: () => set({ lost: 0, stuck: null }),
    };
  });
}

/** Return the draft with what is unsent on top; what meets others' work is left out, and the server will say so. */
function withUnsent(base: AppDocument, unsent: readonly Unsent[]): AppDocument {
  let document = base;
  for (const { commands } of unsent) document = carryOut(document, commands)?.document ?? document;
  return document;
}

/** What is looked at where gestures have not given it another key after all. */
function keptSelection({ selection, detail }: DesignState, gestures: readonly Unsent[]): Pick<DesignState, "selection" | "detail"> {
  return { selection: pointerWithout(gestures, selection), detail: pointerWithout(gestures, detail) };
}

function looking(pointer: Pointer | null): Pick<DesignState, "selection" | "detail"> {
  return pointer === null || pointer.startsWith("/forms/") ? { selection: pointer, detail: null } : { selection: null, detail: pointer };
}

const NODE = /^\/forms\/[^/]+\/nodes\/(?:[^/]+\/nodes\/)*[^/]+$/;
const RULE = /^\/entities\/[^/]+\/rules\/[^/]+$/;

/** The form node that commands put somewhere, or the rule they made, so that one sees what undo and redo did; undefined keeps the selection. */
function placedBy(commands: readonly Command[]): Pointer | undefined {
  const placed = commands.flatMap((command) => {
    if (command.kind === "insert") return [under(command.to.list, command.element.key)].filter((pointer) => NODE.test(pointer) || RULE.test(pointer));
    return command.kind === "move" ? [under(command.to.list, command.key)].filter((pointer) => NODE.test(pointer)) : [];
  });
  return placed.at(-1);
}

function opened(
  draft: Draft,
  unsent: readonly Unsent[],
  published: AppDocument | null,
  past: Kept,
): Pick<DesignState, "history" | "revision" | "base" | "published" | "baseVersion" | "save" | "failure" | "unsent" | "sending" | "lost"> {
  const kept = unsent.flatMap((gesture) => (renamesIn(gesture, published) ? (withoutKeys(gesture) ?? []) : gesture));
  let document = draft.document;
  const lines: Unsent[] = [];
  for (const gesture of kept) {
    const done = carryOut(document, gesture.commands);
    // What was sent though its answer was lost is in the draft, and in the log.
    if (done === null || same(done.document as never, document as never)) continue;
    document = done.document;
    lines.push({ ...gesture, commands: done.commands });
  }
  const history = withKept(document, keptOf(lines, past));
  return {
    history,
    revision: draft.revision,
    base: draft.document,
    published,
    baseVersion: draft.base_version,
    save: kept.length === 0 ? "saved" : "unsaved",
    failure: null,
    unsent: kept,
    sending: 0,
    lost: unsent.length - kept.length,
  };
}
