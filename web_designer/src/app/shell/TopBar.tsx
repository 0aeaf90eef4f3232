/** The bar above every page: the mark, the app one is in with a switch to others, and the person. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { JSX } from "react";
import { useTranslation } from "react-i18next";
import { Link, useMatch, useNavigate } from "react-router";
import { useApi, useSession } from "@/shared/api/context";
import { keys } from "@/shared/api/model";
import { changeLanguage, readApps, readSignOut, signOut } from "@/shared/api/platform";
import { label, LANGUAGES, type Language } from "@/shared/i18n/label";
import { Icon } from "@/shared/ui/Icon";
import { Menu } from "@/shared/ui/Menu";
import { problemText } from "@/shared/ui/States";
import { useToast } from "@/shared/ui/Toasts";
import { forgetRecent } from "@/runtime/recent";
import { SearchButton } from "../search/SearchButton";
import { AppMark } from "./AppMark";
import { useTakeSession } from "./session";

const NAMES: Readonly<Record<Language, string>> = { "zh-CN": "简体中文", en: "English" };

/** Where the menu of the person leads: its text, the address, and the act it is for beside `install`; for everybody where that is blank. */
const PLACES = [
  ["security", "/account", ""],
  ["people", "/people", "install"],
  ["calendar", "/calendar", "install"],
  ["signInRules", "/sign-in-rules", "install"],
  ["invitations", "/invitations", "install"],
  ["providers", "/providers", "install"],
  ["publicLinks", "/public-links", "install"],
  ["auditLog", "/audit", "audit"],
] as const;

export function TopBar(): JSX.Element {
  const { t } = useTranslation();
  return (
    <header className="top">
      <Link to="/" className="top-mark" aria-label={t("toApps")}>
        <Mark />
        <span className="top-name">{t("product")}</span>
      </Link>
      <AppSwitch />
      <span className="top-space" />
      <SearchButton />
      <UserMenu />
    </header>
  );
}

/** Returns the mark of the product: a bracket of three arms. */
export function Mark({ size = 24 }: { readonly size?: number }): JSX.Element {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="7" fill="var(--primary)" />
      <path d="M6 9h20v3.4H6zM9 14.6h14V18H9zM12 20.2h8v3.4h-8z" fill="#fff" />
      <path d="M14.3 9h3.4v15.6h-3.4z" fill="#fff" />
    </svg>
  );
}

function AppSwitch(): JSX.Element | null {
  const { t, i18n } = useTranslation();
  const api = useApi();
  const navigate = useNavigate();
  const inApp = useMatch("/apps/:app/*");
  const inDesign = useMatch("/design/:app/*");
  const current = (inApp ?? inDesign)?.params.app;
  const apps = useQuery({ queryKey: keys.apps, queryFn: () => readApps(api), staleTime: 60_000 });
  const app = apps.data?.find((one) => one.key === current);
  if (app === undefined || apps.data === undefined) return null;
  return (
    <Menu
      className="top-apps"
      label={t("switchApp")}
      button={
        <>
          <span className="top-app">{label(app.name, i18n.language, app.key)}</span>
          <Icon name="down" size={14} />
        </>
      }
      entries={[
        ...apps.data.map((one) => ({
          key: one.key,
          text: (
            <>
              <AppMark icon={one.icon} name={one.key} size={24} /> {label(one.name, i18n.language, one.key)}
            </>
          ),
          isCurrent: one.key === current,
          onPick: () => void navigate(`/apps/${one.key}`),
        })),
        {
          key: "*",
          text: (
            <>
              <Icon name="apps" size={18} /> {t("allApps")}
            </>
          ),
          onPick: () => void navigate("/"),
        },
      ]}
    />
  );
}

export function UserMenu(): JSX.Element {
  const { t, i18n } = useTranslation();
  const api = useApi();
  const client = useQueryClient();
  const navigate = useNavigate();
  const toast = useToast();
  const session = useSession();
  const take = useTakeSession();
  const speak = async (language: Language): Promise<void> => {
    try {
      await take(await changeLanguage(api, language));
    } catch (error) {
      toast(problemText(error, t), "failed");
    }
  };
  const leave = async (): Promise<void> => {
    try {
      const elsewhere = await readSignOut(api);
      await signOut(api);
      forgetRecent();
      if (elsewhere !== null) return window.location.assign(elsewhere);
      await navigate("/sign-in");
      client.clear();
    } catch (error) {
      toast(problemText(error, t), "failed");
    }
  };
  return (
    <Menu
      className="top-user"
      side="end"
      label={t("userMenu", { name: session.user.name })}
      button={<span className="avatar">{[...session.user.name][0]}</span>}
      head={
        <div className="menu-head">
          <strong>{session.user.name}</strong>
          <span>{session.user.email}</span>
        </div>
      }
      entries={[
        ...LANGUAGES.map((language) => ({
          key: language,
          text: <span lang={language}>{NAMES[language]}</span>,
          isCurrent: i18n.language === language,
          onPick: () => void speak(language),
        })),
        ...PLACES.filter(([, , act]) => act === "" || session.may.includes("install") || session.may.some((one) => one === act)).map(([text, to]) => ({
          key: text,
          text: t(text),
          onPick: () => void navigate(to),
        })),
        { key: "out", text: t("signOut"), onPick: () => void leave() },
      ]}
    />
  );
}
