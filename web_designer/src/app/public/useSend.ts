/** Sends the form of a public link once, however often it is asked to, and says what became of it. */
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { NoAnswer, Problem } from "@/shared/api/problem";
import { newId } from "@/shared/format/ids";
import { checkForm } from "@/shared/renderer/check";
import type { FormModel } from "@/shared/renderer/formModel";
import { problemText } from "@/shared/ui/States";
import type { LinkClient } from "./linkClient";

/** Where sending stands; `round` tells one refusal from the next. */
export type SendState =
  | { readonly step: "idle" }
  | { readonly step: "sending" }
  | { readonly step: "wrong"; readonly text: string | null; readonly round: number }
  | { readonly step: "unanswered" }
  | { readonly step: "warned"; readonly texts: readonly string[] }
  | { readonly step: "sent"; readonly canAgain: boolean };

export interface Sending {
  readonly state: SendState;
  readonly send: (isConfirmed?: boolean) => Promise<void>;
  readonly dismiss: () => void;
}

export function useSend(client: LinkClient, store: FormModel, language: string): Sending {
  const { t } = useTranslation("open");
  const [state, setState] = useState<SendState>({ step: "idle" });
  const attempt = useRef({ body: "", key: "" });
  const isRunning = useRef(false);
  const round = useRef(0);
  const wrong = (text: string | null): void => {
    round.current += 1;
    setState({ step: "wrong", text, round: round.current });
  };
  const refused = (problem: Problem): void => {
    if (problem.code === "record-unconfirmed") return setState({ step: "warned", texts: problem.errors.map((one) => one.detail) });
    const placed = problem.errors.filter((one) => one.pointer).map((one) => [store.pathOfPointer(one.pointer ?? ""), { text: one.detail }] as const);
    const loose = problem.errors.filter((one) => !one.pointer).map((one) => one.detail);
    store.setErrors(placed);
    wrong([...loose, ...(problem.errors.length === 0 ? [problemText(problem, t)] : [])].join(" ") || null);
  };
  const send = async (isConfirmed = false): Promise<void> => {
    if (isRunning.current) return;
    const found = checkForm(store, language);
    store.setErrors(found);
    if (found.length > 0) return wrong(null);
    const values = store.body();
    const body = JSON.stringify(values);
    // The same form that is sent once more, since no answer came, is the same sending.
    if (attempt.current.body !== body) attempt.current = { body, key: newId() };
    isRunning.current = true;
    setState({ step: "sending" });
    try {
      const answer = await client.sendForm(values, attempt.current.key, isConfirmed);
      setState({ step: "sent", canAgain: answer.can_again });
    } catch (error) {
      if (error instanceof Problem) refused(error);
      else if (error instanceof NoAnswer) setState({ step: "unanswered" });
      else wrong(t("failed"));
    } finally {
      isRunning.current = false;
    }
  };
  return { state, send, dismiss: () => setState({ step: "idle" }) };
}
