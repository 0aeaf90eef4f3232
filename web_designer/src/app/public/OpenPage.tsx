/** The page behind a public link, for visitors without an account: asks for its password, shows the form to fill or the record to read. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState, type FormEvent, type JSX, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { ApiContext } from "@/shared/api/context";
import { ModelContext } from "@/shared/api/model";
import { Problem } from "@/shared/api/problem";
import { isPrepared, prepare } from "@/shared/formula";
import { label, LANGUAGES, type Language } from "@/shared/i18n/label";
import { treesOf } from "@/shared/renderer/formulaGraph";
import { entityOf, type EntityModel } from "@/shared/renderer/types";
import { Button } from "@/shared/ui/Button";
import { Notice } from "@/shared/ui/Notice";
import { PasswordInput } from "@/shared/ui/PasswordInput";
import { Loading, problemText, problemTitle } from "@/shared/ui/States";
import { FillForm } from "./FillForm";
import { LinkClient, type Opened } from "./linkClient";
import { ReadRecord } from "./ReadRecord";
import "./open.css";

const NAMES: Readonly<Record<Language, string>> = { "zh-CN": "简体中文", en: "English" };

/** The link stays in the address bar, behind the # that no server is sent: a visitor may load the page again or keep it. */
export default function OpenPage(): JSX.Element {
  const { i18n } = useTranslation("open");
  const [token] = useState(() => window.location.hash.slice(1));
  const client = useMemo(() => new LinkClient(token), [token]);
  const [{ password, attempt }, setGiven] = useState<{ readonly password: string | null; readonly attempt: number }>({ password: null, attempt: 0 });
  client.useLanguage(i18n.language);
  useEffect(() => {
    const follow = (): void => window.location.reload(); // another link was opened in the same place
    window.addEventListener("hashchange", follow);
    return () => window.removeEventListener("hashchange", follow);
  }, []);
  const opened = useQuery({ queryKey: ["open", token, attempt], queryFn: () => client.open(password), retry: false, staleTime: Infinity, refetchOnReconnect: false });
  if (opened.isPending) return <Loading />;
  if (opened.isError) {
    const isLocked = opened.error instanceof Problem && (opened.error.code === "access-public-link-locked" || opened.error.code === "access-too-many-attempts");
    if (isLocked) return <Locked error={password === null ? null : opened.error} onGiven={(given) => setGiven({ password: given, attempt: attempt + 1 })} />;
    return <Refused error={opened.error} onRetry={() => void opened.refetch()} />;
  }
  const found = opened.data;
  const entity = entityOf(found.model, found.entity);
  if (entity === undefined) return <Refused error={null} onRetry={() => void opened.refetch()} />;
  return (
    <ApiContext value={client}>
      <ModelContext value={found.model}>
        <Prepared opened={found} entity={entity} client={client} />
      </ModelContext>
    </ApiContext>
  );
}

/** Waits for the functions that only some formulas call. */
function Prepared({ opened, entity, client }: { readonly opened: Opened; readonly entity: EntityModel; readonly client: LinkClient }): JSX.Element {
  const { i18n } = useTranslation("open");
  const trees = useMemo(() => treesOf(entity), [entity]);
  const isNeeded = opened.kind === "fill" && !isPrepared(trees);
  const formulas = useQuery({
    queryKey: ["formulas", "open", opened.model.app, opened.model.version, entity.key],
    queryFn: async () => {
      await prepare(trees);
      return true;
    },
    enabled: isNeeded,
    gcTime: 0,
  });
  const form = opened.model.forms.find((one) => one.key === opened.form);
  const named = label(form?.name ?? entity.name, i18n.language, entity.key);
  const shown = entity.title && opened.record ? (opened.record[`${entity.title}__title`] ?? opened.record[entity.title]) : null;
  const title = typeof shown === "string" && shown !== "" ? `${named} ${shown}` : named;
  if (isNeeded && !formulas.isSuccess) return <Loading />;
  return (
    <OpenFrame title={title} app={label(opened.model.name, i18n.language, opened.model.app)}>
      {opened.kind === "read" && opened.record !== null ? (
        <ReadRecord opened={opened} entity={entity} record={opened.record} />
      ) : (
        <FillForm client={client} opened={opened} entity={entity} />
      )}
    </OpenFrame>
  );
}

function OpenFrame({ title, app, children }: { readonly title: string; readonly app: string; readonly children: ReactNode }): JSX.Element {
  const { t, i18n } = useTranslation("open");
  useEffect(() => {
    document.title = title;
  }, [title]);
  return (
    <main className="open">
      <header className="open-head">
        <div>
          {app === "" ? null : <p className="open-app">{app}</p>}
          <h1>{title}</h1>
        </div>
        <div className="open-languages" role="group" aria-label={t("common:language")}>
          {LANGUAGES.map((language) => (
            <button key={language} type="button" className="link" lang={language} aria-pressed={i18n.language === language} onClick={() => void i18n.changeLanguage(language)}>
              {NAMES[language]}
            </button>
          ))}
        </div>
      </header>
      <div className="open-card">{children}</div>
    </main>
  );
}

function Refused({ error, onRetry }: { readonly error: unknown; readonly onRetry: () => void }): JSX.Element {
  const { t } = useTranslation("open");
  const isAnswer = error instanceof Problem;
  return (
    <OpenFrame title={error === null ? t("failed") : problemTitle(error, t)} app="">
      <p className="state-quiet">{error === null ? t("failedText") : problemText(error, t)}</p>
      {isAnswer && error.status === 404 ? null : <Button onClick={onRetry}>{t("common:retry")}</Button>}
    </OpenFrame>
  );
}

function Locked({ error, onGiven }: { readonly error: unknown; readonly onGiven: (password: string) => void }): JSX.Element {
  const { t } = useTranslation("open");
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    onGiven(String(new FormData(event.currentTarget).get("password")));
  };
  return (
    <OpenFrame title={t("locked")} app="">
      <form className="open-lock" onSubmit={submit}>
        {error === null ? null : <Notice look="error">{problemText(error, t)}</Notice>}
        <div className="form-item">
          <label className="form-label" htmlFor="link-password">
            {t("password")}
          </label>
          <PasswordInput id="link-password" name="password" autoComplete="off" required autoFocus />
        </div>
        <Button type="submit" look="primary">
          {t("unlock")}
        </Button>
      </form>
    </OpenFrame>
  );
}
