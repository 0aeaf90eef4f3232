/**
 * Takes a document and a command, gives the changed document back; the document passed in is never touched.
 *
 * A command is plain data: it can be stored, sent and turned round. Positions in lists are given by the key of the
 * next neighbour (`before`, null at the end), so a command still means the same after others changed the list.
 * What cannot be done is refused with a reason and changes nothing; what would change nothing gives the same document.
 * The server has the same in `model/commands.py`; both pass `tests/runtime/command_vectors.json`.
 */
import { type AppDocument, type Json, type Keyed, type Pointer, find, findList, isWithin, split, under } from "./doc";

/** A place in a list: before the element with this key, or at the end. */
export type Place = { readonly list: Pointer; readonly before: string | null };

export type Insert = { readonly kind: "insert"; readonly to: Place; readonly element: Keyed };
export type Remove = { readonly kind: "remove"; readonly from: Place; readonly element: Keyed };
export type Move = { readonly kind: "move"; readonly key: string; readonly from: Place; readonly to: Place };
/** An absent `value` takes the property away; an absent `previous` says that there was none. */
export type SetValue = { readonly kind: "set"; readonly at: Pointer; readonly value?: Json; readonly previous?: Json };
export type Command = Insert | Remove | Move | SetValue;

/**
 * Why a command was refused: its place is gone, the key is taken, an element would go into itself, a key would be set (see
 * `renameAt`), or something else is there than the command knew.
 */
export type Refusal = "missing" | "taken" | "into-itself" | "key-of-element" | "changed";
export type Applied = { readonly document: AppDocument; readonly refused: null } | { readonly document: null; readonly refused: Refusal };

type Step = { readonly list: readonly Keyed[] } | { readonly refused: Refusal };

/** Apply one command. */
export function apply(document: AppDocument, command: Command): Applied {
  switch (command.kind) {
    case "insert":
      return changeList(document, command.to.list, (list) => insertInto(list, command.element, command.to.before));
    case "remove":
      return changeList(document, command.from.list, (list) => takeOut(list, command.element));
    case "move":
      return move(document, command);
    case "set":
      return set(document, command);
    default:
      return unreachable(command);
  }
}

/** Apply commands in order; the first refusal refuses them all. */
export function applyAll(document: AppDocument, commands: readonly Command[]): Applied {
  let current = document;
  for (const command of commands) {
    const applied = apply(current, command);
    if (applied.refused !== null) return applied;
    current = applied.document;
  }
  return { document: current, refused: null };
}

/** Return the command that takes `command` back. */
export function invert(command: Command): Command {
  switch (command.kind) {
    case "insert":
      return { kind: "remove", from: command.to, element: command.element };
    case "remove":
      return { kind: "insert", to: command.from, element: command.element };
    case "move":
      return { kind: "move", key: command.key, from: command.to, to: command.from };
    case "set":
      return setCommand(command.at, command.previous, command.value);
    default:
      return unreachable(command);
  }
}

/** Return the commands that take a group back, the last one first. */
export function invertAll(commands: readonly Command[]): readonly Command[] {
  return commands.map(invert).reverse();
}

/** Return the command that inserts an element, or null when there is no such list. */
export function insertAt(document: AppDocument, to: Place, element: Keyed): Insert | null {
  const list = findList(document, to.list);
  if (!list) return null;
  const before = list.some((other) => other.key === to.before) ? to.before : null;
  return { kind: "insert", to: { list: to.list, before }, element };
}

/** Return the command that removes the element a pointer names, or null when it is not there. */
export function removeAt(document: AppDocument, pointer: Pointer): Remove | null {
  const { parent, last } = split(pointer);
  const list = findList(document, parent);
  const element = list?.find((other) => other.key === last);
  if (!list || !element) return null;
  return { kind: "remove", from: { list: parent, before: keyAfter(list, last) }, element };
}

/** Return the command that moves an element to a place, or null when it is not there. */
export function moveTo(document: AppDocument, pointer: Pointer, to: Place): Move | null {
  const { parent, last } = split(pointer);
  const list = findList(document, parent);
  if (!list?.some((element) => element.key === last)) return null;
  const next = keyAfter(list, last);
  const before = to.list === parent && to.before === last ? next : to.before;
  return { kind: "move", key: last, from: { list: parent, before: next }, to: { list: to.list, before } };
}

/** Return the command that moves an element one step in its list, or null at the end of the way. */
export function shiftAt(document: AppDocument, pointer: Pointer, by: -1 | 1): Move | null {
  const { parent, last } = split(pointer);
  const list = findList(document, parent) ?? [];
  const index = list.findIndex((element) => element.key === last);
  const beside = list[index + by];
  if (index < 0 || !beside) return null;
  return moveTo(document, pointer, { list: parent, before: by < 0 ? beside.key : (list[index + 2]?.key ?? null) });
}

/** Return the command that makes an empty list where a property has none, or null when there is one. */
export function listAt(document: AppDocument, pointer: Pointer): SetValue | null {
  return findList(document, pointer) ? null : setAt(document, pointer, []);
}

/** Return the command that sets a property; an undefined value takes it away. */
export function setAt(document: AppDocument, pointer: Pointer, value: Json | undefined): SetValue {
  return setCommand(pointer, value, find(document, pointer));
}

/** Return the group that gives an element another key: it goes out and comes back in the same place. */
export function renameAt(document: AppDocument, pointer: Pointer, key: string): readonly Command[] {
  const removal = removeAt(document, pointer);
  if (!removal || removal.element.key === key) return [];
  return [removal, { kind: "insert", to: removal.from, element: { ...removal.element, key } }];
}

/** Build a group whose later steps see what the earlier ones did; steps that give null are left out. */
export function compose(
  document: AppDocument,
  ...steps: readonly ((document: AppDocument) => Command | readonly Command[] | null)[]
): readonly Command[] {
  const group: Command[] = [];
  let current = document;
  for (const step of steps) {
    const made = step(current);
    for (const command of made === null ? [] : "kind" in made ? [made] : made) {
      const applied = apply(current, command);
      group.push(command);
      if (applied.refused === null) current = applied.document;
    }
  }
  return group;
}

/**
 * Return the command with its places as they are in this document, or null when they are gone. What it knows to be there stays,
 * so that it is refused where somebody else has changed that.
 */
export function adapt(document: AppDocument, command: Command): Command | null {
  if (command.kind === "set") return makesList(command) && findList(document, command.at) ? setAt(document, command.at, find(document, command.at)) : command;
  const fresh = rebase(document, command);
  return fresh?.kind === "remove" && command.kind === "remove" ? { ...fresh, element: command.element } : fresh;
}

/** Return the command as it would be given on this document (fresh positions and previous values), or null when its place is gone. */
export function rebase(document: AppDocument, command: Command): Command | null {
  switch (command.kind) {
    case "insert":
      return insertAt(document, command.to, command.element);
    case "remove":
      return removeAt(document, under(command.from.list, command.element.key));
    case "move": {
      const list = findList(document, command.to.list);
      const before = list?.some((element) => element.key === command.to.before) ? command.to.before : null;
      return list ? moveTo(document, under(command.from.list, command.key), { list: command.to.list, before }) : null;
    }
    case "set":
      // A list that somebody else has made meanwhile is not emptied.
      return setAt(document, command.at, makesList(command) ? (findList(document, command.at) ?? command.value) : command.value);
    default:
      return unreachable(command);
  }
}

function makesList({ value, previous }: SetValue): boolean {
  return Array.isArray(value) && value.length === 0 && previous === undefined;
}

function set(document: AppDocument, command: SetValue): Applied {
  const { parent, last } = split(command.at);
  const holder = find(document, parent);
  if (holder === undefined || holder === null || typeof holder !== "object" || Array.isArray(holder)) return refuse("missing");
  if (same(find(document, command.at), command.value)) return { document, refused: null };
  if (last === "key" && parent !== "" && findList(document, split(parent).parent)) return refuse("key-of-element");
  if (!same(find(document, command.at), command.previous)) return refuse("changed");
  const kept = Object.entries(holder).filter(([name]) => name !== last || command.value !== undefined);
  const changed: Record<string, Json | undefined> = Object.fromEntries(kept);
  if (command.value !== undefined) changed[last] = command.value;
  return done(document, parent, changed);
}

function move(document: AppDocument, command: Move): Applied {
  const pointer = under(command.from.list, command.key);
  if (isWithin(command.to.list, pointer)) return refuse("into-itself");
  const element = findList(document, command.from.list)?.find((other) => other.key === command.key);
  if (!element) return refuse("missing");
  if (command.from.list === command.to.list) {
    return changeList(document, command.from.list, (list) => {
      const taken = takeFrom(list, command.key);
      if ("refused" in taken) return taken;
      const put = insertInto(taken.list, element, command.to.before);
      return "list" in put && put.list.every((other, index) => other === list[index]) ? { list } : put;
    });
  }
  const removed = changeList(document, command.from.list, (list) => takeFrom(list, command.key));
  if (removed.refused !== null) return removed;
  return changeList(removed.document, command.to.list, (list) => insertInto(list, element, command.to.before));
}

function changeList(document: AppDocument, pointer: Pointer, change: (list: readonly Keyed[]) => Step): Applied {
  const list = findList(document, pointer);
  if (!list) return refuse("missing");
  const changed = change(list);
  if ("refused" in changed) return refuse(changed.refused);
  return changed.list === list ? { document, refused: null } : done(document, pointer, changed.list);
}

function insertInto(list: readonly Keyed[], element: Keyed, before: string | null): Step {
  if (list.some((other) => other.key === element.key)) return { refused: "taken" };
  if (before === null) return { list: [...list, element] };
  const index = list.findIndex((other) => other.key === before);
  return index < 0 ? { refused: "missing" } : { list: [...list.slice(0, index), element, ...list.slice(index)] };
}

/** Take out an element that is still what it is known to be. */
function takeOut(list: readonly Keyed[], element: Keyed): Step {
  const present = list.find((other) => other.key === element.key);
  return present !== undefined && !same(present, element) ? { refused: "changed" } : takeFrom(list, element.key);
}

function takeFrom(list: readonly Keyed[], key: string): Step {
  return list.some((element) => element.key === key) ? { list: list.filter((element) => element.key !== key) } : { refused: "missing" };
}

/** Copy the path to `pointer` and put `value` at its end; what lies beside the path is shared. */
function replace(holder: Json | undefined, path: readonly string[], value: Json): Json {
  const [segment, ...rest] = path;
  if (segment === undefined) return value;
  if (Array.isArray(holder)) {
    return (holder as readonly (Keyed | null)[]).map((element) => (element?.key === segment ? replace(element as Json, rest, value) : element)) as Json;
  }
  const object = holder as Record<string, Json | undefined>;
  return { ...object, [segment]: replace(object[segment], rest, value) };
}

function done(document: AppDocument, pointer: Pointer, value: Json): Applied {
  const path = pointer === "" ? [] : pointer.slice(1).split("/");
  return { document: replace(document as unknown as Json, path, value) as unknown as AppDocument, refused: null };
}

function setCommand(at: Pointer, value: Json | undefined, previous: Json | undefined): SetValue {
  return { kind: "set", at, ...(value === undefined ? {} : { value }), ...(previous === undefined ? {} : { previous }) };
}

function keyAfter(list: readonly Keyed[], key: string): string | null {
  return list[list.findIndex((element) => element.key === key) + 1]?.key ?? null;
}

/** Say whether two values are the same as JSON. */
export function same(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((item, index) => same(item as Json, b[index] as Json));
  }
  const left = a as Record<string, Json | undefined>;
  const right = b as Record<string, Json | undefined>;
  const names = Object.keys(left);
  return names.length === Object.keys(right).length && names.every((name) => Object.hasOwn(right, name) && same(left[name], right[name]));
}

function refuse(reason: Refusal): Applied {
  return { document: null, refused: reason };
}

function unreachable(command: never): never {
  throw new Error(`unknown command: ${JSON.stringify(command)}`);
}
