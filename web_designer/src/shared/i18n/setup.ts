/** Makes the i18next instance: one namespace a feature, each loaded as its own small file when a page asks for it. */
import i18next, { type i18n } from "i18next";
import { initReactI18next } from "react-i18next";
import { LANGUAGES, type Language } from "./label";

type Texts = Record<string, string>;

const files = import.meta.glob<Texts>("./locales/*/*.json", { import: "default" });

/** Returns an i18next instance that speaks `language`, with the common texts loaded. */
export async function setUpTexts(language: Language): Promise<i18n> {
  const instance = i18next.createInstance();
  await instance
    .use({
      type: "backend",
      init: () => undefined,
      read: async (wanted: string, namespace: string) => {
        const load = files[`./locales/${wanted}/${namespace}.json`];
        if (load === undefined) throw new Error(`No texts ${namespace} in ${wanted}`);
        return await load();
      },
    })
    .use(initReactI18next)
    .init({
      lng: language,
      supportedLngs: [...LANGUAGES],
      fallbackLng: LANGUAGES[0],
      load: "currentOnly",
      ns: ["common"],
      defaultNS: "common",
      fallbackNS: "common", // what shared parts say on a page that has texts of its own
      keySeparator: false,
      nsSeparator: ":",
      interpolation: { escapeValue: false },
      react: { useSuspense: true },
    });
  return instance;
}
