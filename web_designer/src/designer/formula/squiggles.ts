/** Underlines what is wrong where it is wrong; pointing at it shows the words and what would put it right. */
import { type Extension, RangeSet, StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, hoverTooltip } from "@codemirror/view";

export type Fix = { readonly from: number; readonly to: number; readonly insert: string };
export type Span = { readonly from: number; readonly to: number };
/** One thing that is wrong, at a place or with the whole; `fixes` are the changes that would put it right, each with the words for its button. */
export type Mistake = { readonly place: Span | null; readonly text: string; readonly fixes: readonly (Fix & { readonly words: string })[] };

export const setMistakes = StateEffect.define<readonly Mistake[]>();

const mistakes = StateField.define<readonly Mistake[]>({
  create: () => [],
  update: (value, transaction) => {
    for (const effect of transaction.effects) if (effect.is(setMistakes)) return effect.value;
    // What is being written anew is not called wrong until the server has read it.
    return transaction.docChanged ? value.flatMap((mistake) => moved(mistake, transaction.changes)) : value;
  },
  provide: (field) => [
    EditorView.decorations.from(field, (found) =>
      RangeSet.of(
        found.flatMap(({ place }) => (place !== null && place.from < place.to ? [Decoration.mark({ class: "formula-wrong" }).range(place.from, place.to)] : [])),
        true,
      ),
    ),
    EditorView.contentAttributes.from(field, (found) => (found.length > 0 ? { "aria-invalid": "true" } : { "aria-invalid": "false" })),
  ],
});

function moved(mistake: Mistake, changes: { touchesRange(from: number, to?: number): boolean | "cover"; mapPos(position: number, side?: number): number }): readonly Mistake[] {
  const { place } = mistake;
  if (place === null || changes.touchesRange(place.from, place.to)) return [];
  const at = <T extends Span>(span: T): T => ({ ...span, from: changes.mapPos(span.from, -1), to: changes.mapPos(span.to, -1) });
  return [{ ...mistake, place: at(place), fixes: mistake.fixes.map(at) }];
}

/** Put a mistake right in the editor, and go on writing behind it. */
export function applyFix(view: EditorView, fix: Fix): void {
  view.dispatch({ changes: fix, selection: { anchor: fix.from + fix.insert.length }, userEvent: "input.fix", scrollIntoView: true });
  view.focus();
}

const hover = hoverTooltip((view, position) => {
  const found = view.state.field(mistakes).find(({ place }) => place !== null && place.from <= position && position <= place.to);
  if (found === undefined || found.place === null) return null;
  return {
    pos: found.place.from,
    end: found.place.to,
    above: true,
    create: () => {
      const dom = document.createElement("div");
      dom.className = "formula-hint";
      dom.append(found.text);
      for (const fix of found.fixes) {
        const button = dom.appendChild(document.createElement("button"));
        button.type = "button";
        button.className = "formula-fix";
        button.textContent = fix.words;
        button.onclick = () => applyFix(view, fix);
      }
      return { dom };
    },
  };
});

export const squiggling: Extension = [mistakes, hover];
