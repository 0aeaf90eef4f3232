/** Asks about a text at a position, one question at a time: a newer one drops the older, the same one is asked once. */
import type { Answer } from "./expressionApi";

export type Ask = (text: string, position: number, signal: AbortSignal) => Promise<Answer>;
/** Gives the answer, or null when something newer was asked meanwhile or nothing came back. */
export type Adviser = { readonly at: (text: string, position: number) => Promise<Answer | null>; readonly forget: () => void };

export function makeAdviser(ask: Ask): Adviser {
  let last: { readonly text: string; readonly position: number; readonly answer: Promise<Answer | null>; readonly stop: AbortController } | null = null;
  const forget = (): void => {
    last?.stop.abort();
    last = null;
  };
  return {
    forget,
    at: (text, position) => {
      if (last?.text === text && last.position === position) return last.answer;
      forget();
      const stop = new AbortController();
      const answer = ask(text, position, stop.signal).then(
        (found) => (stop.signal.aborted ? null : found),
        () => {
          // What failed is asked anew the next time.
          if (last?.stop === stop) last = null;
          return null;
        },
      );
      last = { text, position, answer, stop };
      return answer;
    },
  };
}
