/** The frame of the pages before the sign-in: the mark, one card, and the language. */
import type { JSX, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { LANGUAGES, type Language } from "@/shared/i18n/label";
import { Mark } from "../shell/TopBar";
import { chooseLanguage } from "./chosenLanguage";
import "./auth.css";

const NAMES: Readonly<Record<Language, string>> = { "zh-CN": "简体中文", en: "English" };

export function AuthFrame({ title, children }: { readonly title: string; readonly children: ReactNode }): JSX.Element {
  const { t, i18n } = useTranslation("auth");
  const speak = (language: Language): void => {
    chooseLanguage(language);
    void i18n.changeLanguage(language);
  };
  return (
    <main className="auth">
      <div className="auth-card">
        <div className="auth-head">
          <Mark size={44} />
          <div>
            <p className="auth-product">{t("common:product")}</p>
            <p className="auth-claim">{t("claim")}</p>
          </div>
        </div>
        <h1>{title}</h1>
        {children}
      </div>
      <div className="auth-languages" role="group" aria-label={t("common:language")}>
        {LANGUAGES.map((language) => (
          <button key={language} type="button" className="link" lang={language} aria-pressed={i18n.language === language} onClick={() => speak(language)}>
            {NAMES[language]}
          </button>
        ))}
      </div>
    </main>
  );
}
