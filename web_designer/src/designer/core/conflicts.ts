/**
 * Takes what the server says of gestures that met what others did, gives the conflicts somebody can decide: keep mine or take
 * theirs. Gestures one after the other on the same element are one conflict.
 */
import { type Command, same } from "./commands";
import { type AppDocument, type Json, type Keyed, type Labels, type Pointer, find, findList, split } from "./doc";
import { carryOutAnyway } from "./history";
import type { Unsent } from "./unsent";

export type Person = { readonly id: string; readonly name: string };

/** A line of the log as the server gives it. */
export type Logged = {
  readonly id: string;
  readonly revision: number;
  readonly kind: "edit" | "document" | "published" | "discarded";
  readonly actor: Person;
  readonly at: string;
  readonly label: { readonly message: string; readonly parts?: { readonly [name: string]: string } };
  readonly text: Labels;
  readonly commands: readonly Command[];
  readonly undoes: readonly string[];
  readonly undone: boolean;
  readonly ended: "published" | "discarded" | null;
  readonly version: number | null;
};

/** An element where a gesture met others' work: what is there now, what was wanted, who did it and when. */
export type Meeting = {
  readonly gesture: string;
  readonly pointer: Pointer;
  readonly reason: "missing" | "taken" | "into-itself" | "key-of-element" | "changed" | "published";
  readonly text: Labels;
  readonly theirs: Json;
  readonly mine: Json;
  readonly by: Person | null;
  readonly at: string | null;
};

/** What the server answers to gestures, and when it is asked for news. */
export type Answer = {
  readonly revision: number;
  readonly base_version: number;
  readonly reread: boolean;
  readonly gestures: readonly Logged[];
  readonly conflicts: readonly Meeting[];
};

export type Conflict = { readonly gestures: readonly Unsent[]; readonly meetings: readonly Meeting[] };

/** Gather the meetings of gestures: one conflict a set of elements, with the last value that was wanted. */
export function conflictsOf(sent: readonly Unsent[], meetings: readonly Meeting[]): readonly Conflict[] {
  const found: { gestures: Unsent[]; meetings: readonly Meeting[] }[] = [];
  for (const gesture of sent) {
    const own = meetings.filter((meeting) => meeting.gesture === gesture.id);
    if (own.length === 0) continue;
    const pointers = own.map(({ pointer }) => pointer);
    const same_ = found.find((other) => same(other.meetings.map(({ pointer }) => pointer), pointers));
    if (same_ === undefined) found.push({ gestures: [gesture], meetings: own });
    else {
      same_.gestures.push(gesture);
      same_.meetings = own;
    }
  }
  return found;
}

/** Say whether what was wanted can be done over what others did. */
export function canBeKept(document: AppDocument, conflict: Conflict): boolean {
  return conflict.gestures.some((gesture) => keptAnyway(document, conflict, gesture) !== null);
}

/** Return the commands that do a gesture over what others did, null where its place is gone. A key that is taken becomes another one. */
export function keptAnyway(document: AppDocument, conflict: Conflict, gesture: Unsent): readonly Command[] | null {
  const taken = conflict.meetings.filter(({ reason }) => reason === "taken").map(({ pointer }) => pointer);
  if (conflict.meetings.some(({ reason }) => reason === "published" || reason === "into-itself")) return null;
  const commands = taken.reduce((given, pointer) => withFreeKey(document, given, pointer), gesture.commands);
  return carryOutAnyway(document, commands)?.commands ?? null;
}

/** Return commands in which what would be inserted at a pointer has a key of its own, and what of them speaks of it follows. */
function withFreeKey(document: AppDocument, commands: readonly Command[], pointer: Pointer): readonly Command[] {
  const { parent, last } = split(pointer);
  const taken = new Set(findList(document, parent)?.map((element) => element.key));
  let number = 2;
  while (taken.has(`${last}_${number}`)) number++;
  const free = `${last}_${number}`;
  const isField = /\/fields$/.test(parent);
  const turned = (value: Json | undefined, name: string): Json | undefined => {
    if (typeof value === "string") {
      if (name === "list" || name === "at") return value === pointer || value.startsWith(`${pointer}/`) ? `${parent}/${free}${value.slice(pointer.length)}` : value;
      return isField && name === "field" && value === last ? free : value;
    }
    if (Array.isArray(value)) return (value as readonly Json[]).map((one) => turned(one, "") ?? null);
    if (typeof value === "object" && value !== null) return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, turned(inner as Json, key)]));
    return value;
  };
  return commands.map((command) => {
    const moved = turned(command as unknown as Json, "") as unknown as Command;
    const isIt = command.kind === "insert" && command.to.list === parent && command.element.key === last;
    const isNode = command.kind === "insert" && isField && command.element["field"] === last && command.element.key === last && find(document, `${command.to.list}/${last}`) !== undefined;
    return moved.kind === "insert" && (isIt || isNode) ? { ...moved, element: { ...moved.element, key: free } as Keyed } : moved;
  });
}
