/** Listens to the keys of the page while a form is designed, and does what the keymap says they mean. */
import { type RefObject, useEffect } from "react";
import { useToast } from "@/shared/ui/Toasts";
import { label } from "@/shared/i18n/label";
import { useDesign } from "../core/DesignContext";
import { type Pointer, formOf, nodeOf } from "../core/doc";
import { type KeyAct, actOf, placeOf } from "../core/keymap";
import { useTexts } from "../core/useTexts";
import { focusFrame } from "./Frame";
import { copiedText, duplicateNode, pasteNode } from "./duplicate";
import { type Made, moveNode, nodeName, removeNode } from "./gestures";
import { neighbour, placeAfter, shifted } from "./places";

export function useFormKeys(formKey: string, canvas: RefObject<Element | null>): void {
  const { t } = useTexts("designer.form");
  const { store, autosave, labels, announce } = useDesign();
  const toast = useToast();
  useEffect(() => {
    const select = (pointer: Pointer | null): void => {
      store.getState().select(pointer);
      focusFrame(canvas.current, pointer);
    };
    // What had the focus may be gone: then it goes to the selection, so that keys still arrive at the canvas.
    const keepFocus = (): void => {
      requestAnimationFrame(() => {
        if (document.activeElement === document.body) focusFrame(canvas.current, store.getState().selection);
      });
    };
    const nameOf = (pointer: Pointer): string => label(nodeName(store.getState().history.document, pointer), labels);
    const save = async (): Promise<void> => {
      if (await autosave.flush()) toast(t("save.saved"));
    };
    const acts: Readonly<Record<KeyAct, () => void>> = {
      undo: () => {
        store.getState().undo();
        keepFocus();
      },
      redo: () => {
        store.getState().redo();
        keepFocus();
      },
      save: () => void save(),
      remove: () => {
        const { selection, history } = store.getState();
        if (selection === null || !nodeOf(history.document, selection)) return;
        const name = nameOf(selection);
        const made = removeNode(history.document, formKey, selection);
        store.getState().execute(made.gesture, made.selection);
        focusFrame(canvas.current, made.selection);
        announce(t("removed", { name }));
      },
      duplicate: () => {
        const { selection, history } = store.getState();
        const made = selection === null ? null : duplicateNode(history.document, formKey, selection);
        if (made) put(made, "duplicated");
      },
      "move-earlier": () => move(-1),
      "move-later": () => move(1),
      "select-previous": () => step("previous"),
      "select-next": () => step("next"),
      "select-first": () => step("first"),
      "select-last": () => step("last"),
      "select-none": () => select(null),
    };
    const put = (made: Made, message: string): void => {
      if (store.getState().execute(made.gesture, made.selection) !== null || made.selection === null) return;
      focusFrame(canvas.current, made.selection);
      announce(t(message, { name: nameOf(made.selection) }));
    };
    const step = (to: "previous" | "next" | "first" | "last"): void => {
      const form = formOf(store.getState().history.document, formKey);
      if (form) select(neighbour(form, store.getState().selection, to));
    };
    const move = (by: -1 | 1): void => {
      const { selection, history } = store.getState();
      const place = selection === null ? null : shifted(history.document, formKey, selection, by);
      if (selection === null || place === null) return;
      const name = nameOf(selection);
      const made = moveNode(history.document, selection, place);
      if (store.getState().execute(made.gesture, made.selection) !== null) return;
      focusFrame(canvas.current, made.selection);
      announce(t(by < 0 ? "moved-earlier" : "moved-later", { name }));
    };
    const pressed = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing || document.querySelector("[aria-modal=true]")) return;
      const act = actOf(event, placeOf(event.target, canvas.current));
      if (act === null) return;
      event.preventDefault();
      acts[act]();
    };
    // The browser's own copy and paste of text stay: only what lies on the canvas, with no text marked, is ours.
    const isOurs = (event: ClipboardEvent): event is ClipboardEvent & { clipboardData: DataTransfer } =>
      !event.defaultPrevented && event.clipboardData !== null && placeOf(document.activeElement, canvas.current) === "canvas" && (window.getSelection()?.isCollapsed ?? true);
    const copied = (event: ClipboardEvent): void => {
      const { selection, history } = store.getState();
      const text = selection === null ? null : copiedText(history.document, formKey, selection);
      if (text === null || selection === null || !isOurs(event)) return;
      event.preventDefault();
      event.clipboardData.setData("text/plain", text);
      announce(t("copied", { name: nameOf(selection) }));
    };
    const pasted = (event: ClipboardEvent): void => {
      if (!isOurs(event)) return;
      const { selection, history } = store.getState();
      const made = pasteNode(history.document, formKey, event.clipboardData.getData("text/plain"), placeAfter(history.document, formKey, selection, "input"));
      if (made === null) return;
      event.preventDefault();
      put(made, "pasted");
    };
    window.addEventListener("keydown", pressed);
    window.addEventListener("copy", copied);
    window.addEventListener("paste", pasted);
    return () => {
      window.removeEventListener("keydown", pressed);
      window.removeEventListener("copy", copied);
      window.removeEventListener("paste", pasted);
    };
  }, [store, autosave, canvas, formKey, labels, announce, toast, t]);
}
