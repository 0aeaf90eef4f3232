/** Gives the words of the formula editor: types, completions, mistakes and their remedies, in the language of the page and of the labels. */
import { useMemo } from "react";
import { label } from "@/shared/i18n/label";
import { type Texts, useTexts } from "../core/useTexts";
import type { Wording } from "./completions";
import type { Shown } from "./editor";
import type { Answer, Completion, Signature } from "./expressionApi";
import type { Call } from "./signatures";

export type FormulaWording = Wording & {
  readonly show: (answer: Answer) => Shown;
  readonly phrases: Readonly<Record<string, string>>;
};

/** Return the name of a type: `list<record:sales_order.lines>` is a list. */
export function typeWords(t: Texts, type: string): string {
  const name = /^[a-z]+/.exec(type)?.[0] ?? "any";
  return t(`type.${name}`);
}

/** Return the words for the person who writes; `labels` is the language in which fields are shown. */
export function useWording(labels: string): FormulaWording {
  const { t, language } = useTexts("designer.formula");
  return useMemo(() => {
    const isLabelled = (kind: Completion["kind"]): boolean => kind === "field" || kind === "option";
    return {
      labelOf: (completion) => (isLabelled(completion.kind) ? label(completion.label, labels, completion.insert) : label(completion.label, language, completion.insert)),
      detailOf: (completion) => {
        if (completion.kind === "field") return completion.type === null ? "" : typeWords(t, completion.type);
        return completion.kind === "option" ? completion.insert : label(completion.doc, language);
      },
      docOf: (completion) => (completion.kind === "field" ? label(completion.doc, labels) : ""),
      show: (answer) => ({
        mistakes: answer.issues
          .filter((issue) => issue.code !== "expression-empty")
          .toSorted((one, other) => (one.span?.[0] ?? 0) - (other.span?.[0] ?? 0))
          .map((issue) => ({
            place: issue.span && { from: issue.span[0], to: issue.span[1] },
            text: label(issue.message, language, issue.code),
            fixes: issue.fixes.map(({ span: [from, to], insert }) => ({ from, to, insert, words: insert === "" ? t("fix.remove") : from === to ? t("fix.add", { text: insert }) : t("fix.write", { text: insert }) })),
          })),
        call: answer.signature && callOf(answer.signature, language),
        labelOf: (name) => label(name.label, labels, ""),
      }),
      phrases: { Completions: t("completions"), "Unfold line": "", "Fold line": "" },
    };
  }, [t, language, labels]);
}

function callOf({ name, arguments: given, active, repeats, doc }: Signature, language: string): Call {
  const words = given.map((argument) => {
    const word = label(argument.label, language, argument.name);
    return argument.optional ? `[${word}]` : word;
  });
  return { name, words, active, isEndless: repeats > 0, doc: label(doc, language) };
}
