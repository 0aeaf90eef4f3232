/**
 * Takes the store of an open document, sends what changed to the server a moment after the last change.
 *
 * The whole document goes out with the revision it was read at. When somebody else has saved in between, the draft is
 * read again and the own unsent gestures are done again on it. Unsent gestures also lie in the browser's storage, so
 * that closing the page or losing the network loses nothing. It never publishes.
 */
import { Problem } from "@/shared/api/problem";
import type { AppDocument } from "./doc";
import type { Gesture } from "./history";
import type { DesignStore, Draft, DraftIssue } from "./store";

/** The server, as far as drafts go. `write` gives "conflict" when the revision is not the newest. */
export type DraftPort = {
  read(): Promise<Draft>;
  /** The version in use, null when there is none. */
  readPublished(): Promise<AppDocument | null>;
  write(revision: number, document: AppDocument): Promise<{ readonly revision: number; readonly issues: readonly DraftIssue[] } | "conflict">;
};

/** Where the unsent gestures of one person on one app lie between visits. */
export type UnsentLog = { readonly read: () => readonly Gesture[]; readonly write: (gestures: readonly Gesture[]) => void };

export type Autosave = {
  /** Send now what is unsent; true when everything is saved afterwards. */
  readonly flush: () => Promise<boolean>;
  /** Send what is unsent and stop watching; what could not be sent stays in the log. */
  readonly close: () => Promise<void>;
};

export const DELAY_MS = 800;
const RETRY_MS = 5000;
const ATTEMPTS = 3;

/** Watch a store and keep the draft saved. */
export function startAutosave(store: DesignStore, port: DraftPort, log: UnsentLog, delay = DELAY_MS): Autosave {
  let timer: ReturnType<typeof setTimeout> | null = null;
  let running: Promise<boolean> | null = null;
  let isClosed = false;

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
  const unsubscribe = store.subscribe((state, before) => {
    if (state.unsent === before.unsent) return;
    log.write(state.unsent);
    if (state.unsent.length > before.unsent.length) later(delay);
  });
  if (store.getState().unsent.length > 0) later(delay);

  return {
    flush,
    close: async () => {
      isClosed = true;
      await flush();
      unsubscribe();
    },
  };
}

/** Return the log in a browser's storage. A storage that is full or shut to the page only means that nothing is kept. */
export function unsentLog(storage: Pick<Storage, "getItem" | "setItem" | "removeItem">, person: string, app: string): UnsentLog {
  const name = `dougong.draft.${person}.${app}`;
  return {
    read: () => {
      try {
        const gestures: unknown = JSON.parse(storage.getItem(name) ?? "[]");
        return Array.isArray(gestures) ? (gestures as readonly Gesture[]) : [];
      } catch {
        return [];
      }
    },
    write: (gestures) => {
      try {
        if (gestures.length === 0) storage.removeItem(name);
        else storage.setItem(name, JSON.stringify(gestures));
      } catch {
        return;
      }
    },
  };
}

async function send(store: DesignStore, port: DraftPort): Promise<boolean> {
  for (let conflicts = 0; store.getState().unsent.length > 0; ) {
    const { history, revision, unsent } = store.getState();
    store.setState({ save: "saving", failure: null, sending: unsent.length });
    const written = await port.write(revision, history.document);
    if (written !== "conflict") {
      const rest = store.getState().unsent.slice(unsent.length);
      store.setState({ revision: written.revision, issues: written.issues, unsent: rest, sending: 0, save: rest.length > 0 ? "unsaved" : "saved" });
      continue;
    }
    if (++conflicts > ATTEMPTS) throw new Error("the draft is changed faster than it can be saved");
    const draft = await port.read();
    const { baseVersion, published } = store.getState();
    const inUse = draft.base_version === baseVersion ? published : await port.readPublished();
    store.getState().takeUp(draft, store.getState().unsent, inUse);
  }
  return true;
}
