/**
 * Takes a key press, gives the act a designer does for it, or null; it does nothing itself.
 *
 * In a text box only saving is ours: undo, arrows and Delete belong to the text.
 */
export type KeyAct =
  | "undo"
  | "redo"
  | "save"
  | "remove"
  | "duplicate"
  | "move-earlier"
  | "move-later"
  | "select-previous"
  | "select-next"
  | "select-first"
  | "select-last"
  | "select-none";

export type KeyPress = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "shiftKey" | "altKey">;

const PLAIN: Readonly<Record<string, KeyAct>> = {
  Delete: "remove",
  Backspace: "remove",
  ArrowUp: "select-previous",
  ArrowLeft: "select-previous",
  ArrowDown: "select-next",
  ArrowRight: "select-next",
  Home: "select-first",
  End: "select-last",
  Escape: "select-none",
};
const WITH_ALT: Readonly<Record<string, KeyAct>> = { ArrowUp: "move-earlier", ArrowDown: "move-later" };
const WITH_CONTROL: Readonly<Record<string, KeyAct>> = { z: "undo", y: "redo", s: "save", d: "duplicate" };
const ANYWHERE: ReadonlySet<KeyAct> = new Set<KeyAct>(["undo", "redo", "save"]);

/** Where the key was pressed: in a text box, on the canvas, or elsewhere on the page. */
export type KeyPlace = "text" | "canvas" | "page";

/** Return what a key press asks for at a place. */
export function actOf(press: KeyPress, place: KeyPlace): KeyAct | null {
  const act = meantBy(press);
  if (act === null) return null;
  if (place === "text") return act === "save" ? act : null;
  return place === "canvas" || ANYWHERE.has(act) ? act : null;
}

/** Return the place an event target is in. */
export function placeOf(target: EventTarget | null, canvas: Element | null): KeyPlace {
  if (!(target instanceof Element)) return "page";
  if (target.closest("input:not([type=checkbox], [type=radio]), textarea, [contenteditable=true]")) return "text";
  return canvas?.contains(target) ? "canvas" : "page";
}

function meantBy(press: KeyPress): KeyAct | null {
  const control = press.ctrlKey || press.metaKey;
  if (control && press.altKey) return null;
  if (control) {
    const key = press.key.toLowerCase();
    return press.shiftKey && key === "z" ? "redo" : (WITH_CONTROL[key] ?? null);
  }
  if (press.altKey) return WITH_ALT[press.key] ?? null;
  return press.shiftKey ? null : (PLAIN[press.key] ?? null);
}
