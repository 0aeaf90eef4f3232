/**
 * Makes the text box for expressions: colours, chips, mistakes, completions, the call around the caret.
 *
 * It asks an adviser a moment after each change and shows the answer if the text is still the same; it decides nothing
 * about the language itself. While a Chinese word is composed nothing in the box is touched.
 */
import { closeCompletion, completionKeymap, startCompletion } from "@codemirror/autocomplete";
import { history, historyKeymap, standardKeymap } from "@codemirror/commands";
import { Annotation, Compartment, EditorState, Transaction } from "@codemirror/state";
import { EditorView, keymap, placeholder, tooltips } from "@codemirror/view";
import type { Adviser } from "./adviser";
import { type Chip, chipping, setChips } from "./chips";
import { colours } from "./colours";
import { type Wording, completing, insert } from "./completions";
import type { Answer, Completion, NameEntry } from "./expressionApi";
import { type Call, setCall, signing } from "./signatures";
import { type Fix, type Mistake, type Span, applyFix, setMistakes, squiggling } from "./squiggles";

/** What the server's answer looks like to the person who writes. */
export type Shown = { readonly mistakes: readonly Mistake[]; readonly call: Call | null; readonly labelOf: (name: NameEntry) => string };

export type EditorOptions = {
  readonly text: string;
  readonly adviser: Adviser;
  readonly wording: Wording;
  readonly show: (answer: Answer) => Shown;
  readonly onChange: (text: string) => void;
  readonly onAnswer: (answer: Answer | null, mistakes: readonly Mistake[]) => void;
  readonly onEnter: () => void;
  readonly attributes: Readonly<Record<string, string>>;
  readonly hint: string;
  readonly phrases: Readonly<Record<string, string>>;
};

export type Editor = {
  readonly setText: (text: string) => void;
  readonly setDisabled: (isDisabled: boolean) => void;
  readonly insert: (completion: Pick<Completion, "insert" | "caret" | "kind">, label: string) => void;
  readonly fix: (fix: Fix) => void;
  readonly goTo: (place: Span) => void;
  readonly focus: () => void;
  /** Wait until the text is as it is to be stored: nobody is writing any more. */
  readonly settle: () => Promise<void>;
  /** Ask again: the fields there are have changed. */
  readonly refresh: () => void;
  readonly close: () => void;
};

const AFTER_TYPING_MS = 300;
const AFTER_MOVING_MS = 150;
const PATIENCE_MS = 1500;

/** Marks what did not come from the person who writes. */
const fromOutside = Annotation.define<true>();

export function openEditor(parent: HTMLElement, options: EditorOptions): Editor {
  let timer: number | undefined;
  let isClosed = false;
  /** Whether somebody has written: what is only looked at is left as it is. */
  let isTouched = false;
  let typedAt = -Infinity;
  const access = new Compartment();
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: options.text,
      extensions: [
        history(),
        // Tab is not taken: it leads to the next control, as in every text box.
        keymap.of([...completionKeymap, ...historyKeymap, ...standardKeymap]),
        EditorView.lineWrapping,
        tooltips({ position: "fixed", parent: document.body }),
        placeholder(options.hint),
        EditorState.phrases.of({ ...options.phrases }),
        EditorView.contentAttributes.of({ ...options.attributes, spellcheck: "false", autocapitalize: "off" }),
        access.of([]),
        colours,
        squiggling,
        chipping,
        signing,
        completing(options.adviser, options.wording),
        EditorView.domEventHandlers({
          compositionend: () => {
            window.setTimeout(() => !isClosed && startCompletion(view));
          },
          focus: () => options.onEnter(),
          blur: () => {
            closeCompletion(view);
            void advise();
          },
        }),
        EditorView.updateListener.of((update) => {
          const isOwn = !update.transactions.some((one) => one.annotation(fromOutside));
          if (update.docChanged) {
            if (isOwn) {
              isTouched = true;
              typedAt = performance.now();
              options.onChange(update.state.doc.toString());
            }
            ask(AFTER_TYPING_MS);
          } else if (update.selectionSet) ask(AFTER_MOVING_MS);
        }),
      ],
    }),
  });

  function ask(wait: number): void {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => void advise(), wait);
  }

  async function advise(): Promise<void> {
    if (isClosed) return;
    if (view.composing) {
      ask(AFTER_TYPING_MS);
      return;
    }
    const text = view.state.doc.toString();
    if (text.trim() === "") {
      view.dispatch({ effects: [setChips.of([]), setMistakes.of([]), setCall.of(null)] });
      options.onAnswer(null, []);
      return;
    }
    const answer = await options.adviser.at(text, view.state.selection.main.head);
    if (answer === null || isClosed || text !== view.state.doc.toString()) return;
    if (view.composing) ask(AFTER_TYPING_MS);
    else take(text, answer);
  }

  function take(text: string, answer: Answer): void {
    const shown = options.show(answer);
    const caret = view.hasFocus ? view.state.selection.main.head : null;
    const changes = isTouched ? keysOf(text, answer, caret) : [];
    const set = view.state.changes(changes);
    const at = <T extends Span>(place: T): T => ({ ...place, from: set.mapPos(place.from, -1), to: set.mapPos(place.to, 1) });
    const chips = answer.names.map((name): Chip => at({ from: name.span[0], to: name.span[1], label: shown.labelOf(name) }));
    const found = finished(shown.mistakes, caret);
    const mistakes = found.map((mistake) => ({ ...mistake, place: mistake.place && at(widened(mistake.place, text)), fixes: mistake.fixes.map(at) }));
    view.dispatch({
      changes,
      effects: [setChips.of(chips), setMistakes.of(mistakes), setCall.of(caret === null ? null : shown.call)],
      annotations: Transaction.addToHistory.of(false),
    });
    if (caret === null && isTouched) store(answer);
    options.onAnswer(answer, mistakes);
  }

  /** What is being written is not called wrong yet; what still is after a while is. */
  function finished(mistakes: readonly Mistake[], caret: number | null): readonly Mistake[] {
    const rest = PATIENCE_MS - (performance.now() - typedAt);
    if (caret === null || rest <= 0) return mistakes;
    if (!mistakes.some(({ place }) => place === null || (place.from <= caret && caret <= place.to))) return mistakes;
    ask(rest);
    return [];
  }

  /** Once nobody is in the editor, what is left to be stored in another form is: full-width signs. */
  function store(answer: Answer): void {
    const text = view.state.doc.toString();
    if (answer.canonical === text) return;
    view.dispatch({ changes: { from: 0, to: text.length, insert: answer.canonical }, annotations: Transaction.addToHistory.of(false) });
  }

  ask(0);
  return {
    setText: (text) => {
      const now = view.state.doc.toString();
      if (text === now) return;
      view.dispatch({ changes: { from: 0, to: now.length, insert: text }, annotations: [fromOutside.of(true), Transaction.addToHistory.of(false)] });
    },
    setDisabled: (isDisabled) =>
      view.dispatch({ effects: access.reconfigure(isDisabled ? [EditorState.readOnly.of(true), EditorView.editable.of(false)] : []) }),
    insert: (completion, label) => {
      const { from, to } = view.state.selection.main;
      view.focus();
      insert(view, from, to, completion, label);
    },
    fix: (fix) => applyFix(view, fix),
    goTo: ({ from, to }) => {
      view.dispatch({ selection: { anchor: from, head: to }, scrollIntoView: true });
      view.focus();
    },
    focus: () => view.focus(),
    settle: advise,
    refresh: () => {
      options.adviser.forget();
      ask(0);
    },
    close: () => {
      isClosed = true;
      window.clearTimeout(timer);
      view.destroy();
    },
  };
}

/** Return the changes that write keys for labels, away from the caret: a label that is still being typed stays. */
function keysOf(text: string, answer: Answer, caret: number | null): { from: number; to: number; insert: string }[] {
  if (answer.canonical === text) return [];
  return answer.names.flatMap(({ span: [from, to], written }) => {
    if (text.slice(from, to) === written) return [];
    if (caret !== null && from <= caret && caret <= to) return [];
    // What is glued to a name needs the server's eyes: it is stored in its form when the editor is left.
    if (/[\p{L}\p{N}_]/u.test(text.slice(to, to + 1)) || /[\p{L}\p{N}_]$/u.test(text.slice(0, from))) return [];
    return [{ from, to, insert: written }];
  });
}

/** A mistake at a single place is shown at the character before it. */
function widened(place: Span, text: string): Span {
  if (place.from < place.to || text === "") return place;
  const from = Math.max(0, Math.min(place.from, text.length) - 1);
  return { from, to: from + 1 };
}
