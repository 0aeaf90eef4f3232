/** Saves a form so that nothing is lost and nothing is saved twice: the same id and the same key go with every repeat. */
import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useApi } from "@/shared/api/context";
import { keys } from "@/shared/api/model";
import { NoAnswer, Problem } from "@/shared/api/problem";
import { createRecord, readRecord, updateRecord, type RecordJson } from "@/shared/api/records";
import { newId } from "@/shared/format/ids";
import { checkForm } from "@/shared/renderer/check";
import type { FormError, FormModel } from "@/shared/renderer/formModel";
import { useListMemory } from "../listMemory";

/** Where a save stands. */
export type SaveState =
  | { readonly step: "idle" }
  | { readonly step: "saving" }
  | { readonly step: "wrong"; readonly text: string | null; readonly round: number }
  | { readonly step: "unanswered" }
  | { readonly step: "warned"; readonly texts: readonly string[] }
  | { readonly step: "conflict"; readonly theirs: RecordJson | null };

export interface Save {
  readonly state: SaveState;
  /** Saves; gives the saved record, or null when it was not. */
  run(): Promise<RecordJson | null>;
  /** Saves although rules warn of it. */
  confirm(): Promise<RecordJson | null>;
  /** Goes on from a conflict with what was typed here on top of what is saved there. */
  keepMine(theirs: RecordJson): Promise<RecordJson | null>;
  dismiss(): void;
}

export function useSave(app: string, store: FormModel, language: string): Save {
  const { t } = useTranslation("form");
  const api = useApi();
  const client = useQueryClient();
  const memory = useListMemory();
  const [state, setState] = useState<SaveState>({ step: "idle" });
  const attempt = useRef({ body: "", key: "" });
  const isRunning = useRef(false);
  const round = useRef(0);
  // A create whose answer was lost may have been saved; from then on it is a change of that record.
  const [asUpdate, setAsUpdate] = useState(!store.isNew);
  const entity = store.entity.key;

  const wrong = (text: string | null): null => {
    round.current += 1;
    setState({ step: "wrong", text, round: round.current });
    return null;
  };
  const refused = async (problem: Problem, isSecond: boolean): Promise<RecordJson | null> => {
    if (problem.code === "access-not-signed-in") {
      // The frame asks for the password over the page; once it has it, nothing is wrong here.
      setState({ step: "idle" });
      return null;
    }
    if (problem.code === "record-revision-conflict" || problem.status === 409) {
      const theirs = await readRecord(api, app, entity, store.id).catch(() => null);
      if (problem.code === "record-revision-conflict" || theirs !== null) {
        if (!asUpdate) setAsUpdate(true);
        // Whoever comes to what is there already has nothing to decide.
        const isAgreed = problem.conflicts.length > 0 && problem.conflicts.every((one) => JSON.stringify(one.mine) === JSON.stringify(one.theirs));
        if (isAgreed && theirs !== null && !isSecond) {
          store.rebase(theirs);
          return await send(true, true);
        }
        setState({ step: "conflict", theirs });
        return null;
      }
    }
    if (problem.code === "record-unconfirmed") {
      setState({ step: "warned", texts: problem.errors.map((error) => error.detail) });
      return null;
    }
    const placed: (readonly [string, FormError])[] = [];
    const loose: string[] = [];
    for (const error of problem.errors) {
      if (error.pointer) placed.push([store.pathOfPointer(error.pointer), { text: error.detail }]);
      else loose.push(error.detail);
    }
    store.setErrors(placed);
    return wrong([...loose, ...(problem.errors.length === 0 ? [problem.detail || problem.title] : [])].filter(Boolean).join(" ") || null);
  };
  const send = async (isUpdate: boolean, isSecond = false, isConfirmed = false): Promise<RecordJson | null> => {
    const found = checkForm(store, language);
    store.setErrors(found);
    if (found.length > 0) return wrong(null);
    const values = store.body();
    const body = JSON.stringify([isUpdate, values]);
    if (attempt.current.body !== body) attempt.current = { body, key: newId() };
    setState({ step: "saving" });
    try {
      const saved = isUpdate
        ? await updateRecord(api, app, entity, store.id, values, attempt.current.key, isConfirmed)
        : await createRecord(api, app, entity, values, attempt.current.key, isConfirmed);
      client.removeQueries({ queryKey: keys.record(app, entity, store.id), exact: true });
      if (isUpdate) memory.patch(entity, { ...saved, ...store.titlesOf(saved) });
      else memory.forget(entity);
      await client.invalidateQueries({ queryKey: ["lookup"], refetchType: "none" });
      setState({ step: "idle" });
      return saved;
    } catch (error) {
      if (error instanceof Problem) return await refused(error, isSecond);
      if (error instanceof NoAnswer) {
        setState({ step: "unanswered" });
        return null;
      }
      return wrong(t("saveFailed"));
    }
  };
  const once = async (work: () => Promise<RecordJson | null>): Promise<RecordJson | null> => {
    if (isRunning.current) return null;
    isRunning.current = true;
    try {
      return await work();
    } finally {
      isRunning.current = false;
    }
  };
  return {
    state,
    run: () => once(() => send(asUpdate)),
    confirm: () => once(() => send(asUpdate, false, true)),
    keepMine: (theirs) =>
      once(() => {
        store.rebase(theirs);
        return send(true);
      }),
    dismiss: () => setState({ step: "idle" }),
  };
}
