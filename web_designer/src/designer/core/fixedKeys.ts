/**
 * Takes what a gesture did, gives what is left of it where elements it gave other keys were published meanwhile: their keys stay, and
 * what was typed in them goes to them as they are called. What else followed the other key goes with it.
 */
import type { Command, SetValue } from "./commands";
import { type AppDocument, type Pointer, find, isWithin, under } from "./doc";
import { joinSets } from "./history";
import type { Unsent } from "./unsent";

type Renaming = { readonly from: Pointer; readonly to: Pointer };

/** Return which elements commands give another key: each taken out and put in beside itself. */
function renamingsOf(commands: readonly Command[]): readonly Renaming[] {
  return commands.flatMap((command, place) => {
    const next = commands[place + 1];
    if (command.kind !== "remove" || next?.kind !== "insert" || command.from.list !== next.to.list || command.element.key === next.element.key) return [];
    return [{ from: under(command.from.list, command.element.key), to: under(next.to.list, next.element.key) }];
  });
}

/** Say whether a gesture gives another key to something of an entity that is in a document: done again, it would take that away. */
export function renamesIn({ commands }: Unsent, published: AppDocument | null): boolean {
  return published !== null && renamingsOf(commands).some(({ from }) => from.startsWith("/entities/") && find(published, from) !== undefined);
}

/** Return a gesture without the other keys it gave, null where nothing else is left of it. */
export function withoutKeys(gesture: Unsent): Unsent | null {
  const was = firstNames(gesture.commands);
  const commands = joinSets(gesture.commands.flatMap((command) => (command.kind === "set" ? setUnder(command, was) : [])));
  return commands.length === 0 || gesture.undoes.length > 0 ? null : { ...gesture, commands };
}

/** Return the pointer an element has where gestures have not given it another key after all. */
export function pointerWithout(gestures: readonly Unsent[], pointer: Pointer | null): Pointer | null {
  return pointer === null ? null : (gestures.map(({ commands }) => firstNames(commands).get(pointer)).find((found) => found !== undefined) ?? pointer);
}

/** Return by the pointers elements have on the way how each was called first, its first pointer among them. */
function firstNames(commands: readonly Command[]): ReadonlyMap<Pointer, Pointer> {
  const found = new Map<Pointer, Pointer>();
  for (const { from, to } of renamingsOf(commands)) {
    const first = found.get(from) ?? from;
    found.set(from, first).set(to, first);
  }
  return found;
}

function setUnder(command: SetValue, was: ReadonlyMap<Pointer, Pointer>): readonly SetValue[] {
  for (const [pointer, first] of was) {
    if (first.startsWith("/entities/") && isWithin(command.at, pointer)) return [{ ...command, at: first + command.at.slice(pointer.length) }];
  }
  return [];
}
