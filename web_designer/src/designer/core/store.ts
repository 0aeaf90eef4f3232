/**
 * Takes an opened draft, gives the store of one open document: history, selection, what is not sent yet.
 *
 * Every change of the document goes through `execute`, `undo` or `redo`; each is written down in `unsent`, so that the
 * autosave can send it and can do it again on a draft somebody else changed. Selection is not part of the history.
 */
import { type StoreApi, createStore } from "zustand/vanilla";
import { type Command, type Refusal, invertAll } from "./commands";
import { type AppDocument, type Labels, type Pointer, findList, under } from "./doc";
import { type Gesture, type History, execute, goTo, openHistory, redo, replay, seal, undo } from "./history";

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
  readonly issues: readonly DraftIssue[];
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
  /** The version in use, null when there is none yet: its keys are fixed. */
  readonly published: AppDocument | null;
  /** The number of the version the draft began from. */
  readonly baseVersion: number | null;
  readonly save: SaveState;
  /** Why the last save failed. */
  readonly failure: unknown;
  /** Gestures the server has not confirmed, the oldest first; the first `sending` of them are on their way. */
  readonly unsent: readonly Gesture[];
  readonly sending: number;
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
  /** Take up a draft of the server and do the unsent gestures again on it. */
  takeUp(draft: Draft, unsent: readonly Gesture[], published: AppDocument | null): void;
  forgetLost(): void;
};

export type DesignStore = StoreApi<DesignState & DesignActions>;

/** Open a draft; `unsent` are gestures an earlier visit could not send. */
export function createDesignStore(app: string, draft: Draft, unsent: readonly Gesture[] = [], published: AppDocument | null = null): DesignStore {
  return createStore<DesignState & DesignActions>()((set, get) => {
    const change = (next: History, commands: Gesture["commands"], label: Gesture["label"], selection?: Pointer | null): void => {
      const { history, unsent: waiting } = get();
      if (next === history) return;
      set({
        history: next,
        unsent: [...waiting, { label, commands }],
        save: get().save === "saving" ? "saving" : "unsaved",
        ...(selection === undefined ? {} : looking(selection)),
      });
    };
    return {
      app,
      ...opened(draft, unsent, published),
      ...looking(null),
      execute: (gesture, selection) => {
        const { history, refused } = execute(get().history, gesture);
        if (refused === null) change(history, gesture.commands, gesture.label, selection);
        return refused;
      },
      undo: () => {
        const { history } = get();
        const entry = history.past.at(-1);
        if (entry) change(undo(history), invertAll(entry.commands), entry.label, placedBy(invertAll(entry.commands)));
      },
      redo: () => {
        const { history } = get();
        const [entry] = history.future;
        if (entry) change(redo(history), entry.commands, entry.label, placedBy(entry.commands));
      },
      goTo: (count) => {
        const aim = goTo(get().history, count).past.length;
        while (get().history.past.length > aim) get().undo();
        while (get().history.past.length < aim) get().redo();
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
      takeUp: (next, waiting, inUse) => set(opened(next, waiting, inUse)),
      forgetLost: () => set({ lost: 0 }),
    };
  });
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

function opened(draft: Draft, unsent: readonly Gesture[], published: AppDocument | null): Omit<DesignState, "app" | "selection" | "detail"> {
  const allowed = unsent.filter((gesture) => !renamesPublished(gesture, published));
  const { history, lost } = allowed.length === 0 ? { history: openHistory(draft.document), lost: [] } : replay(draft.document, allowed);
  const kept = history.past.map(({ label, commands }) => ({ label, commands }));
  return {
    history,
    issues: draft.issues,
    revision: draft.revision,
    published,
    baseVersion: draft.base_version,
    save: kept.length === 0 ? "saved" : "unsaved",
    failure: null,
    unsent: kept,
    sending: 0,
    lost: lost.length + unsent.length - allowed.length,
  };
}

/** Say whether a gesture gives another key to a field or a rule that was published meanwhile: done again, it would take that away. */
function renamesPublished({ label, commands }: Gesture, published: AppDocument | null): boolean {
  if (label.message !== "entry.rename" || published === null) return false;
  return commands.some(
    (command) =>
      command.kind === "remove" &&
      command.from.list.startsWith("/entities/") &&
      findList(published, command.from.list)?.some((element) => element.key === command.element.key) === true,
  );
}
