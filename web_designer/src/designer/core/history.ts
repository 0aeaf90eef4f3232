/**
 * Takes a history and what a gesture did, gives the next history; it keeps no selection and touches no storage.
 *
 * One gesture is one entry, whatever number of commands it took. Typing is one entry as long as the merge key stays
 * the same. A gesture that changes nothing gives the same history object, so nothing is drawn, saved or undone for it.
 */
import { type Command, type Refusal, type SetValue, applyAll, invertAll, rebase, same } from "./commands";
import type { AppDocument } from "./doc";

/** What an entry is called: a message of `designer.form` and its parts, so that it can be shown in any language. */
export type EntryLabel = { readonly message: string; readonly parts?: { readonly [name: string]: string } };
export type Entry = { readonly id: number; readonly label: EntryLabel; readonly commands: readonly Command[]; readonly mergeKey: string | null };
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

/** Do a gesture: the whole of it, or nothing when a part is refused. */
export function execute(history: History, gesture: Gesture): Executed {
  const applied = applyAll(history.document, gesture.commands);
  if (applied.refused !== null) return { history, refused: applied.refused };
  if (sameDocument(applied.document, history.document)) return { history, refused: null };
  const last = history.past.at(-1);
  if (gesture.mergeKey && last?.mergeKey === gesture.mergeKey && history.future.length === 0) {
    const commands = joinSets([...last.commands, ...gesture.commands]);
    const rest = history.past.slice(0, -1);
    const past = commands.length === 0 ? rest : [...rest, { ...last, commands, mergeKey: gesture.nextMergeKey ?? last.mergeKey }];
    return { history: { ...history, document: applied.document, past }, refused: null };
  }
  const entry = { id: history.nextId, label: gesture.label, commands: gesture.commands, mergeKey: gesture.mergeKey ?? null };
  const past = [...history.past, entry].slice(-LIMIT);
  return { history: { document: applied.document, past, future: [], nextId: history.nextId + 1 }, refused: null };
}

/** Take the last entry back; the same history when there is none. */
export function undo(history: History): History {
  const entry = history.past.at(-1);
  if (!entry) return history;
  const applied = applyAll(history.document, invertAll(entry.commands));
  if (applied.refused !== null) return history;
  return { ...history, document: applied.document, past: history.past.slice(0, -1), future: [entry, ...history.future] };
}

/** Do again what was taken back last; the same history when there is none. */
export function redo(history: History): History {
  const [entry, ...future] = history.future;
  if (!entry) return history;
  const applied = applyAll(history.document, entry.commands);
  if (applied.refused !== null) return history;
  return { ...history, document: applied.document, past: [...history.past, entry], future };
}

/** Undo or redo until `count` entries lie in the past. */
export function goTo(history: History, count: number): History {
  let current = history;
  while (current.past.length !== count) {
    const next = current.past.length > count ? undo(current) : redo(current);
    if (next === current) return current;
    current = next;
  }
  return current;
}

/** End the typing of the last entry: what is typed next is an entry of its own. */
export function seal(history: History): History {
  const last = history.past.at(-1);
  if (!last?.mergeKey) return history;
  return { ...history, past: [...history.past.slice(0, -1), { ...last, mergeKey: null }] };
}

/** Do gestures again on another document; those whose place is gone are given back as lost. */
export function replay(document: AppDocument, gestures: readonly Gesture[]): { readonly history: History; readonly lost: readonly Gesture[] } {
  let history = openHistory(document);
  const lost: Gesture[] = [];
  for (const gesture of gestures) {
    const commands = rebaseAll(history.document, gesture.commands);
    const done = commands && execute(history, { label: gesture.label, commands });
    if (!done || done.refused !== null) lost.push(gesture);
    else history = done.history;
  }
  return { history, lost };
}

function rebaseAll(document: AppDocument, commands: readonly Command[]): readonly Command[] | null {
  const fresh: Command[] = [];
  let current = document;
  for (const command of commands) {
    const next = rebase(current, command);
    if (!next) return null;
    const applied = applyAll(current, [next]);
    if (applied.refused !== null) return null;
    fresh.push(next);
    current = applied.document;
  }
  return fresh;
}

/** Join neighbouring sets of the same property: the first previous value, the last value; nothing when they are equal. */
function joinSets(commands: readonly Command[]): readonly Command[] {
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
