/** Gives the texts of a namespace as a plain function, and the language they are in. */
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { type Language, productLanguage } from "@/shared/i18n/label";

/** Return the text of a key with its placeholders filled. */
export type Texts = (key: string, parts?: Readonly<Record<string, string | number>>) => string;

export function useTexts(namespace: "designer.access" | "designer.form" | "designer.formula" | "designer.problems" | "designer.publish" | "designer.upgrade" | "designer.versions"): { readonly t: Texts; readonly language: Language } {
  const { t: translate, i18n } = useTranslation(namespace);
  const t = useCallback<Texts>((key, parts) => translate(key, { ...parts }), [translate]);
  return { t, language: productLanguage(i18n.language) };
}
