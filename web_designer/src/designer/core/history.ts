/**
 * Takes a history and what a gesture did, gives the next history; it keeps no selection and touches no storage.
 *
 * One gesture is one entry, whatever number of commands it took. Typing is one entry as long as the merge key stays
 * the same. A gesture that changes nothing gives the same history object, so nothing is drawn, saved or undone for it.
 */
import { type Command, type Refusal, type SetValue, adapt, apply, applyAll, invertAll, rebase, same } from "./commands";
import type { AppDocument } from "./doc";
import type { Kept, KeptEntry } from "./kept";

/** What an entry is called: a message of `designer.form` and its parts, so that it can be shown in any language. */
export type EntryLabel = { readonly message: string; readonly parts?: { readonly [name: string]: string } };
/** `gestures` are its ids in the log of the draft, `undoneBy` those that took it back: typing that was sent in between has several. */
export type Entry = {
  readonly id: number;
  readonly label: EntryLabel;
  readonly commands: readonly Command[];
  readonly mergeKey: string | null;
  readonly gestures: readonly string[];
  readonly undoneBy: readonly string[];
};
export type History = {
  readonly document: AppDocument;
  readonly past: readonly Entry[];
  readonly future: readonly Entry[];
  readonly nextId: number;
};
/** `mergeKey` joins the gesture to an entry of the same key; `nextMergeKey` is what the joined entry goes on with. */
export type Gesture = { readonly label: EntryLabel; readonly commands: readonly Command[]; readonly mergeKey?: string; readonly nextMergeKey?: string };
export type Executed = { readonly history: History; readonly refused: Refusal | null };

/** How many entries are kept. */
export const LIMIT = 200;

/** Return the history of a document that was just opened. */
export function openHistory(document: AppDocument): History {
  return { document, past: [], future: [], nextId: 1 };
}

/** Say whether a gesture would join the last entry. */
export function joins(history: History, gesture: Gesture): boolean {
  return gesture.mergeKey !== undefined && history.past.at(-1)?.mergeKey === gesture.mergeKey && history.future.length === 0;
}

/** Do a gesture: the whole of it, or nothing when a part is refused. `id` is what the log of the draft will know it by. */
export function execute(history: History, gesture: Gesture, id = ""): Executed {
  const applied = applyAll(history.document, gesture.commands);
  if (applied.refused !== null) return { history, refused: applied.refused };
  if (sameDocument(applied.document, history.document)) return { history, refused: null };
  const last = history.past.at(-1);
  if (last && joins(history, gesture)) {
    const commands = joinSets([...last.commands, ...gesture.commands]);
    const rest = history.past.slice(0, -1);
    const past = commands.length === 0 ? rest : [...rest, { ...last, commands, mergeKey: gesture.nextMergeKey ?? last.mergeKey, gestures: [...new Set([...last.gestures, id])] }];
    return { history: { ...history, document: applied.document, past }, refused: null };
  }
  const entry = { id: history.nextId, label: gesture.label, commands: gesture.commands, mergeKey: gesture.mergeKey ?? null, gestures: [id], undoneBy: [] };
  const past = [...history.past, entry].slice(-LIMIT);
  return { history: { document: applied.document, past, future: [], nextId: history.nextId + 1 }, refused: null };
}

/** What undo or redo came to: the commands as they were carried out, null where others have changed what it was about. */
export type Turned = { readonly history: History; readonly entry: Entry; readonly commands: readonly Command[] | null };

/** Take the last entry back; null when there is none. One that cannot be taken back any more is dropped. */
export function undo(history: History, id = ""): Turned | null {
  const entry = history.past.at(-1);
  if (!entry) return null;
  const rest = { ...history, past: history.past.slice(0, -1) };
  const done = carryOut(history.document, invertAll(entry.commands));
  if (!done) return { history: rest, entry, commands: null };
  return { history: { ...rest, document: done.document, future: [{ ...entry, undoneBy: [id] }, ...history.future] }, entry, commands: done.commands };
}

/** Do again what was taken back last; null when there is none. What cannot be done again any more is dropped. */
export function redo(history: History): Turned | null {
  const [entry, ...future] = history.future;
  if (!entry) return null;
  const done = carryOut(history.document, entry.commands);
  if (!done) return { history: { ...history, future }, entry, commands: null };
  return { history: { ...history, document: done.document, past: [...history.past, entry], future }, entry, commands: done.commands };
}

/** Carry commands out on a document others may have changed: the whole of them, or null when one is in the way of what they did. */
export function carryOut(document: AppDocument, commands: readonly Command[]): { readonly document: AppDocument; readonly commands: readonly Command[] } | null {
  return inTurn(document, commands, adapt);
}

/** The same whatever is there now: what others made of it is overwritten. Null when its place is gone. */
export function carryOutAnyway(document: AppDocument, commands: readonly Command[]): { readonly document: AppDocument; readonly commands: readonly Command[] } | null {
  return inTurn(document, commands, rebase);
}

/** End the typing of the last entry: what is typed next is an entry of its own. */
export function seal(history: History): History {
  const last = history.past.at(-1);
  if (!last?.mergeKey) return history;
  return { ...history, past: [...history.past.slice(0, -1), { ...last, mergeKey: null }] };
}

/** Return an opened history with entries of earlier visits, which can be taken back or done again. */
export function withKept(document: AppDocument, { past, future }: Kept): History {
  const kept = past.slice(-LIMIT);
  const entry = (one: KeptEntry, place: number): Entry => ({ ...one, id: place + 1, mergeKey: null });
  return { document, past: kept.map(entry), future: future.map((one, index) => entry(one, kept.length + index)), nextId: kept.length + future.length + 1 };
}

/** Return the history on a document to which others have added: entries can still be taken back as far as their places are there. */
export function onto(history: History, document: AppDocument): History {
  return history.document === document ? history : { ...history, document };
}

/** Return the history without the entries of gestures that were not kept. */
export function without(history: History, gestures: readonly string[]): History {
  const isKept = (entry: Entry): boolean => !entry.gestures.every((id) => gestures.includes(id));
  return { ...history, past: history.past.filter(isKept), future: history.future.filter(isKept) };
}

/** Return the history in which of gestures that were kept in part alone that part stands. */
export function inPart(history: History, parts: readonly { readonly id: string; readonly commands: readonly Command[] }[]): History {
  if (parts.length === 0) return history;
  const part = (entry: Entry): Entry => {
    const found = parts.find(({ id }) => entry.gestures.length === 1 && entry.gestures[0] === id);
    return found === undefined ? entry : { ...entry, commands: found.commands };
  };
  return { ...history, past: history.past.map(part), future: history.future.map(part) };
}

function inTurn(
  document: AppDocument,
  commands: readonly Command[],
  ready: (document: AppDocument, command: Command) => Command | null,
): { readonly document: AppDocument; readonly commands: readonly Command[] } | null {
  const carried: Command[] = [];
  let current = document;
  for (const command of commands) {
    const next = ready(current, command);
    const applied = next && apply(current, next);
    if (!applied || applied.refused !== null) return null;
    carried.push(next);
    current = applied.document;
  }
  return { document: current, commands: carried };
}

/** Join neighbouring sets of the same property: the first previous value, the last value; nothing when they are equal. */
export function joinSets(commands: readonly Command[]): readonly Command[] {
  const joined: Command[] = [];
  for (const command of commands) {
    const last = joined.at(-1);
    if (command.kind === "set" && last?.kind === "set" && last.at === command.at) joined[joined.length - 1] = joinTwo(last, command);
    else joined.push(command);
  }
  return joined.filter((command) => command.kind !== "set" || !same(command.value, command.previous));
}

function joinTwo(first: SetValue, second: SetValue): SetValue {
  return {
    kind: "set",
    at: first.at,
    ...("value" in second ? { value: second.value } : {}),
    ...("previous" in first ? { previous: first.previous } : {}),
  } as SetValue;
}

function sameDocument(a: AppDocument, b: AppDocument): boolean {
  return a === b || same(a as never, b as never);
}
