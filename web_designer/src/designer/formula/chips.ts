/** Shows names of fields as chips with their labels; the text under a chip is the key, and a chip is moved over and deleted as one. */
import { type Extension, RangeSet, StateEffect, StateField, type Text } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, WidgetType } from "@codemirror/view";

/** A name in the text and what people call the field. */
export type Chip = { readonly from: number; readonly to: number; readonly label: string };

/** Replaces all chips. */
export const setChips = StateEffect.define<readonly Chip[]>();
/** Adds a chip that has just been inserted. */
export const addChip = StateEffect.define<Chip>();

class ChipWidget extends WidgetType {
  constructor(
    readonly label: string,
    readonly text: string,
  ) {
    super();
  }

  override eq(other: ChipWidget): boolean {
    return other.label === this.label && other.text === this.text;
  }

  override toDOM(): HTMLElement {
    const chip = document.createElement("span");
    chip.className = "formula-chip";
    chip.textContent = this.label;
    chip.title = this.text;
    return chip;
  }

  override ignoreEvent(): boolean {
    return false;
  }
}

const IN_NAME = /[\p{L}\p{M}\p{N}_]/u;

const chips = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update: (value, transaction) => {
    let next = transaction.docChanged ? stillNames(value.map(transaction.changes), transaction.newDoc) : value;
    for (const effect of transaction.effects) {
      if (effect.is(setChips)) next = RangeSet.of(effect.value.flatMap((chip) => decorate(chip, transaction.newDoc)), true);
      if (effect.is(addChip)) next = next.update({ add: decorate(effect.value, transaction.newDoc), sort: true });
    }
    return next;
  },
  provide: (field) => [EditorView.decorations.from(field), EditorView.atomicRanges.of((view) => view.state.field(field))],
});

function decorate({ from, to, label }: Chip, text: Text) {
  return label === "" || from >= to || to > text.length ? [] : [Decoration.replace({ widget: new ChipWidget(label, text.sliceString(from, to)) }).range(from, to)];
}

/** A chip whose name was typed on, or into, is a text again until the server has read it. */
function stillNames(set: DecorationSet, text: Text): DecorationSet {
  return set.update({
    filter: (from, to, value) => {
      const widget = value.spec["widget"] as ChipWidget;
      const isSame = text.sliceString(from, to) === widget.text;
      const isBraced = widget.text.startsWith("{");
      return isSame && (isBraced || !(IN_NAME.test(text.sliceString(from - 1, from)) || IN_NAME.test(text.sliceString(to, to + 1))));
    },
  });
}

export const chipping: Extension = chips;
