/** Offers what the server says could stand at the caret: fields by their labels, functions, options, operators. */
import { type Completion as Option, type CompletionContext, type CompletionResult, autocompletion, pickedCompletion, startCompletion } from "@codemirror/autocomplete";
import type { Extension } from "@codemirror/state";
import type { EditorView } from "@codemirror/view";
import { PHONE } from "@/shared/hooks/useMedia";
import type { Adviser } from "./adviser";
import { addChip } from "./chips";
import type { Completion } from "./expressionApi";

/** How completions are worded for the person who writes. */
export type Wording = {
  readonly labelOf: (completion: Completion) => string;
  readonly detailOf: (completion: Completion) => string;
  readonly docOf: (completion: Completion) => string;
};

/** Behind these something is offered without being asked for. */
const BEGINS = /[\p{L}\p{M}\p{N}_.{｛(（[［,，="'“]\s?$/u;

export function completing(adviser: Adviser, wording: Wording): Extension {
  const source = async (context: CompletionContext): Promise<CompletionResult | null> => {
    const { state, pos, view } = context;
    // While a Chinese word is composed its letters are no text yet.
    if (view?.composing) return null;
    const text = state.doc.toString();
    if (!context.explicit && !BEGINS.test(text.slice(0, pos))) return null;
    const answer = await adviser.at(text, pos);
    // Behind a null CodeMirror does not ask again about what was typed meanwhile; behind a result that no longer fits it does.
    const nothing = view !== undefined && view.state.doc !== state.doc ? { from: pos, options: [] } : null;
    const found = (answer?.completions ?? []).filter((one) => context.explicit || one.kind !== "operator" || one.span[0] < pos);
    const [first] = found;
    if (first === undefined || context.aborted) return nothing;
    // A name that is written out needs no list.
    const written = text.slice(...first.span);
    if (written !== "" && (written === first.insert || written === wording.labelOf(first))) return nothing;
    return { from: first.span[0], to: Math.max(first.span[1], pos), options: found.map((one) => optionOf(one, wording)), filter: false };
  };
  return autocompletion({
    override: [source],
    icons: false,
    activateOnTypingDelay: 120,
    maxRenderedOptions: 60,
    optionClass: (option) => `formula-option-${option.type ?? ""}`,
    // On a phone there is no room beside it: what is wrong and what it gives stand below the line and stay legible.
    aboveCursor: window.matchMedia(PHONE).matches,
  });
}

function optionOf(completion: Completion, wording: Wording): Option {
  const doc = wording.docOf(completion);
  return {
    label: completion.insert,
    displayLabel: wording.labelOf(completion),
    detail: wording.detailOf(completion),
    type: completion.kind,
    ...(doc === "" ? {} : { info: doc }),
    apply: (view, option, from, to) => {
      insert(view, from, to, completion, wording.labelOf(completion));
      view.dispatch({ annotations: pickedCompletion.of(option) });
    },
  };
}

/** Put a completion into the text, the caret where its arguments or what follows begin. */
export function insert(view: EditorView, from: number, to: number, completion: Pick<Completion, "insert" | "caret" | "kind">, label: string): void {
  const { insert: text, caret, kind } = completion;
  view.dispatch({
    changes: { from, to, insert: text },
    selection: { anchor: from + caret },
    effects: kind === "field" ? addChip.of({ from, to: from + text.length, label }) : [],
    userEvent: "input.complete",
    scrollIntoView: true,
  });
  if (caret < text.length) startCompletion(view);
}
