/** What was done and not yet confirmed by the server: gestures with the ids they have in the log, and where they lie between visits. */
import type { EntryLabel, Gesture } from "./history";
import type { Command } from "./commands";

/** A gesture on its way to the server. `undoes` are the gestures it takes back. */
export type Unsent = { readonly id: string; readonly label: EntryLabel; readonly commands: readonly Command[]; readonly undoes: readonly string[] };

/** Where the unsent gestures of one person on one app lie between visits. */
export type UnsentLog = { readonly read: () => readonly Unsent[]; readonly write: (gestures: readonly Unsent[]) => void };

/** Return a new id of a gesture. */
export function newId(): string {
  // crypto.randomUUID is for pages of secure addresses alone; a house on its own network may have none.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const text = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)].join("-");
}

/** Return a gesture as it is sent. */
export function unsentOf({ label, commands }: Gesture, id: string, undoes: readonly string[] = []): Unsent {
  return { id, label, commands, undoes };
}

/** Return the log in a browser's storage. A storage that is full or shut to the page only means that nothing is kept. */
export function unsentLog(storage: Pick<Storage, "getItem" | "setItem" | "removeItem">, person: string, app: string): UnsentLog {
  const name = `dougong.draft.${person}.${app}`;
  return {
    read: () => {
      try {
        const gestures: unknown = JSON.parse(storage.getItem(name) ?? "[]");
        // What a former release kept has no ids.
        return Array.isArray(gestures) ? (gestures as readonly Partial<Unsent>[]).flatMap((one) => (one.label && one.commands ? [unsentOf(one as Gesture, one.id ?? newId(), one.undoes)] : [])) : [];
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
