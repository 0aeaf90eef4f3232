/** Colours the pieces of an expression in the editor. */
import { RangeSetBuilder } from "@codemirror/state";
import { Decoration, type DecorationSet, type EditorView, ViewPlugin, type ViewUpdate } from "@codemirror/view";
import { tokensOf } from "./tokens";

class Colours {
  decorations: DecorationSet;

  constructor(view: EditorView) {
    this.decorations = colour(view);
  }

  update(update: ViewUpdate): void {
    if (update.docChanged) this.decorations = colour(update.view);
  }
}

function colour(view: EditorView): DecorationSet {
  const set = new RangeSetBuilder<Decoration>();
  for (const { kind, from, to } of tokensOf(view.state.doc.toString())) {
    if (kind !== "sign") set.add(from, to, Decoration.mark({ class: `formula-${kind}` }));
  }
  return set.finish();
}

export const colours = ViewPlugin.fromClass(Colours, { decorations: (plugin) => plugin.decorations });
