/**
 * Takes the store of an open document, sends what was done to the server a moment after the last change, and asks for news.
 *
 * Gestures go out with the revision of the draft they were made on. The server carries them out on the draft as it is by
 * then and answers with everything that was done since: others' gestures come in with it, and where both changed the same
 * element, theirs stays and the conflict is shown. Unsent gestures also lie in the browser's storage, so that closing the
 * page or losing the network loses nothing; each has an id, so that one sent twice is done once. It never publishes.
 */
import { Problem } from "@/shared/api/problem";
import type { Answer, Person } from "./conflicts";
import type { AppDocument } from "./doc";
import type { Kept } from "./kept";
import type { DesignStore, Draft, DraftIssue } from "./store";
import type { Unsent, UnsentLog } from "./unsent";

/** The server, as far as drafts go. */
export type DraftPort = {
  read(): Promise<Draft>;
  /** The version in use, null when there is none. */
  readPublished(): Promise<AppDocument | null>;
  /** What the person can undo and do again by the log. */
  readKept(): Promise<Kept>;
  /** What is wrong with the draft now. */
  readIssues(): Promise<readonly DraftIssue[]>;
  send(revision: number, gestures: readonly Unsent[]): Promise<Answer>;
  /** Say that the draft is open, or is left; gives what others did since. */
  attend(revision: number, leaves: boolean): Promise<Answer & { readonly editors: readonly Person[] }>;
};

export type Autosave = {
  /** Send now what is unsent; true when everything is saved afterwards. */
  readonly flush: () => Promise<boolean>;
  /** Ask now what others have done. */
  readonly refresh: () => Promise<void>;
  /** Send what is unsent and stop watching; what could not be sent stays in the log. */
  readonly close: () => Promise<void>;
};

export type Pace = { readonly delay: number; readonly poll: number | null };

export const PACE: Pace = { delay: 800, poll: 4000 };
const RETRY_MS = 5000;
const MOST_SENT = 200;

/** Watch a store and keep the draft saved. `isWatched` says whether anybody looks at the page now. */
export function startAutosave(store: DesignStore, port: DraftPort, log: UnsentLog, pace: Pace = PACE, isWatched: () => boolean = () => true): Autosave {
  let timer: ReturnType<typeof setTimeout> | null = null;
  let news: ReturnType<typeof setTimeout> | null = null;
  let running: Promise<boolean> | null = null;
  let isClosed = false;
  const issues = newest(store, port);

  const later = (wait: number): void => {
    if (timer !== null) clearTimeout(timer);
    timer = isClosed ? null : setTimeout(() => void flush(), wait);
  };
  const flush = (): Promise<boolean> => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    running ??= send(store, port)
      .catch((error: unknown) => {
        store.setState({ save: "failed", failure: error, sending: 0 });
        // What the server refuses it would refuse again: only another change is worth a try.
        if (!(error instanceof Problem)) later(RETRY_MS);
        return false;
      })
      .finally(() => {
        running = null;
      });
    return running;
  };
  const refresh = async (): Promise<void> => {
    const { revision } = store.getState();
    try {
      const answer = await port.attend(revision, false);
      store.setState({ editors: answer.editors });
      if (isClosed || running !== null || store.getState().revision !== revision || (answer.revision === revision && answer.base_version === store.getState().baseVersion)) return;
      if (!store.getState().receive({ ...answer, conflicts: [] }, 0)) await reread(store, port);
    } catch {
      // News can wait; what is to be saved says for itself that it cannot.
      return;
    }
  };
  const watch = (): void => {
    if (pace.poll === null || isClosed) return;
    news = setTimeout(() => void (isWatched() ? refresh() : Promise.resolve()).finally(watch), pace.poll);
  };
  const unsubscribe = store.subscribe((state, before) => {
    if (state.revision !== before.revision && !isClosed) void issues();
    if (state.unsent === before.unsent) return;
    log.write(state.unsent);
    const last = state.unsent.at(-1);
    if (last !== undefined && last !== before.unsent.at(-1)) later(pace.delay);
  });
  if (store.getState().unsent.length > 0) later(pace.delay);
  void issues();
  if (pace.poll !== null) void refresh().finally(watch);

  return {
    flush,
    refresh,
    close: async () => {
      isClosed = true;
      if (news !== null) clearTimeout(news);
      await flush();
      unsubscribe();
      if (pace.poll !== null) await port.attend(store.getState().revision, true).catch(() => null);
    },
  };
}

/** Return what reads the issues of the draft: one question at a time, and one more where the draft has changed meanwhile. */
function newest(store: DesignStore, port: DraftPort): () => Promise<void> {
  let asking: Promise<void> | null = null;
  let isStale = false;
  const ask = async (): Promise<void> => {
    do {
      isStale = false;
      const issues = await port.readIssues().catch(() => null);
      if (issues !== null) store.setState({ issues });
    } while (isStale);
    asking = null;
  };
  return () => {
    if (asking !== null) isStale = true;
    asking ??= ask();
    return asking;
  };
}

async function send(store: DesignStore, port: DraftPort): Promise<boolean> {
  while (store.getState().unsent.length > 0) {
    const { revision, unsent } = store.getState();
    const batch = unsent.slice(0, MOST_SENT);
    store.setState({ save: "saving", failure: null, sending: batch.length });
    const answer = await port.send(revision, batch);
    if (!store.getState().receive(answer, batch.length)) await reread(store, port);
  }
  return true;
}

async function reread(store: DesignStore, port: DraftPort): Promise<void> {
  const [draft, kept] = [await port.read(), await port.readKept()];
  const { baseVersion, published } = store.getState();
  const inUse = draft.base_version === baseVersion ? published : await port.readPublished();
  // Somebody may have typed while all this was read.
  store.getState().takeUp(draft, store.getState().unsent, inUse, kept);
}
