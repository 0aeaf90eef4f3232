/** Shows, above the caret, the call that is being written and which of its arguments. */
import { type Extension, StateEffect, StateField } from "@codemirror/state";
import { EditorView, showTooltip, type Tooltip } from "@codemirror/view";

/** A call in words: its arguments as people call them, and what it does. */
export type Call = { readonly name: string; readonly words: readonly string[]; readonly active: number; readonly isEndless: boolean; readonly doc: string };

/** Sets the call around the caret, null where there is none. */
export const setCall = StateEffect.define<Call | null>();

const call = StateField.define<{ readonly call: Call; readonly tooltip: Tooltip } | null>({
  create: () => null,
  update: (value, transaction) => {
    for (const effect of transaction.effects) {
      if (!effect.is(setCall)) continue;
      if (effect.value === null) return null;
      const shown = effect.value;
      return { call: shown, tooltip: { pos: transaction.state.selection.main.head, above: true, create: () => ({ dom: draw(shown) }) } };
    }
    if (value === null || !transaction.docChanged) return value;
    return { ...value, tooltip: { ...value.tooltip, pos: transaction.changes.mapPos(value.tooltip.pos) } };
  },
  provide: (field) => showTooltip.from(field, (value) => value?.tooltip ?? null),
});

function draw({ name, words, active, isEndless, doc }: Call): HTMLElement {
  const dom = document.createElement("div");
  dom.className = "formula-hint formula-signature";
  dom.setAttribute("role", "status");
  const line = dom.appendChild(document.createElement("code"));
  line.append(`${name}(`);
  words.forEach((word, index) => {
    if (index > 0) line.append(", ");
    const part = line.appendChild(document.createElement(index === active ? "strong" : "span"));
    part.textContent = word;
  });
  line.append(isEndless ? ", …)" : ")");
  dom.appendChild(document.createElement("div")).textContent = doc;
  return dom;
}

/** A press of Escape, and leaving the editor, take the call away. */
export const signing: Extension = [
  call,
  EditorView.domEventHandlers({
    keydown: (event, view) => {
      if (event.key === "Escape" && view.state.field(call) !== null) view.dispatch({ effects: setCall.of(null) });
      return false;
    },
  }),
];
