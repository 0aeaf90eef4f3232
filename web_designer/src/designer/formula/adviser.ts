/** Asks about a text at a position, one question at a time: a newer one drops the older, the same one is asked once. */
import type { Answer } from "./expressionApi";

export type Ask = (text: string, position: number, signal: AbortSignal) => Promise<Answer>;
/** Gives the answer, or null when something newer was asked meanwhile or nothing came back; `forget` says that answers may differ now. */
export type Adviser = { readonly at: (text: string, position: number) => Promise<Answer | null>; readonly forget: () => void };

type Question = {
  readonly text: string;
  readonly position: number;
  readonly stop: AbortController;
  answer: Promise<Answer | null>;
  /** What it came to when it was asked anew: whoever still waits is given this. */
  again: Promise<Answer | null> | null;
};

export function makeAdviser(ask: Ask): Adviser {
  let last: Question | null = null;
  let isOutdated = false;
  return {
    forget: () => {
      isOutdated = true;
    },
    at: (text, position) => {
      const before = last;
      const isSame = before?.text === text && before.position === position;
      if (isSame && !isOutdated) return before.answer;
      const stop = new AbortController();
      const question: Question = { text, position, stop, answer: Promise.resolve(null), again: null };
      question.answer = ask(text, position, stop.signal).then(
        (found) => (stop.signal.aborted ? question.again : found),
        () => {
          // What failed is asked anew the next time.
          if (last === question) last = null;
          return question.again;
        },
      );
      if (before !== null) {
        before.again = isSame ? question.answer : null;
        before.stop.abort();
      }
      last = question;
      isOutdated = false;
      return question.answer;
    },
  };
}
