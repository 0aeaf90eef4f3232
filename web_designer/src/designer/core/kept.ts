/**
 * Takes what a person did to a draft, the oldest first, gives what they can undo and do again: as on the page where they did it.
 *
 * The lines come from the log of the draft, and from what this browser could not send yet. Typing that was sent in between is several
 * lines; undone at once it is done again at once. Something new ends what could be done again.
 */
import { type Command, invertAll } from "./commands";
import type { Entry, EntryLabel } from "./history";

export type KeptEntry = Omit<Entry, "id" | "mergeKey">;
/** `future` begins with what is done again next. */
export type Kept = { readonly past: readonly KeptEntry[]; readonly future: readonly KeptEntry[] };
export type Line = { readonly id: string; readonly label: EntryLabel; readonly commands: readonly Command[]; readonly undoes: readonly string[] };

export const NOTHING: Kept = { past: [], future: [] };

/** Return what can be undone and done again after these lines. */
export function keptOf(lines: readonly Line[], before: Kept = NOTHING): Kept {
  return lines.reduce(after, before);
}

function after({ past, future }: Kept, line: Line): Kept {
  const names = (ids: readonly string[]): boolean => ids.some((id) => line.undoes.includes(id));
  if (line.undoes.length === 0) return line.commands.length === 0 ? { past, future: [] } : { past: [...past, { label: line.label, commands: line.commands, gestures: [line.id], undoneBy: [] }], future: [] };
  const again = future.filter((entry) => names(entry.undoneBy));
  if (again.length > 0) return { past: [...past, ...again], future: future.filter((entry) => !again.includes(entry)) };
  const taken = past.filter((entry) => names(entry.gestures));
  // What was undone may belong to a version by now: it can be done again all the same.
  const commands = taken.length > 0 ? taken.flatMap((entry) => entry.commands) : invertAll(line.commands);
  const entry = { label: line.label, commands, gestures: line.undoes, undoneBy: [line.id] };
  return { past: past.filter((one) => !taken.includes(one)), future: [entry, ...future] };
}
