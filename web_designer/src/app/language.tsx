/** Keeps the language of the pages: the person's own when signed in, before that the last one used or the browser's. */
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useApi } from "@/shared/api/context";
import { productLanguage, type Language } from "@/shared/i18n/label";

const KEPT_AS = "dougong.language";

/** Returns the language to begin with. */
export function firstLanguage(): Language {
  try {
    const kept = window.localStorage.getItem(KEPT_AS);
    if (kept !== null) return productLanguage(kept);
  } catch {
    // Storage may be forbidden; the browser's wish does as well.
  }
  return productLanguage(navigator.language);
}

/** Tells document, storage and server which language is in use. */
export function LanguageKeeper(): null {
  const { i18n } = useTranslation();
  const api = useApi();
  const language = i18n.language;
  useEffect(() => {
    document.documentElement.lang = language;
    api.useLanguage(language);
    try {
      window.localStorage.setItem(KEPT_AS, language);
    } catch {
      // See firstLanguage.
    }
  }, [language, api]);
  return null;
}
