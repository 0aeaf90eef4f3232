/** The frame of one app: loads its model, shows its menu beside the page, hands the model to all below. */
import { useQuery } from "@tanstack/react-query";
import { Suspense, type JSX } from "react";
import { useTranslation } from "react-i18next";
import { NavLink, Outlet, useLocation, useParams } from "react-router";
import { useApi } from "@/shared/api/context";
import { keys, ModelContext, useModel } from "@/shared/api/model";
import { readModel } from "@/shared/api/platform";
import { PHONE, useMedia } from "@/shared/hooks/useMedia";
import { label } from "@/shared/i18n/label";
import { formOf, entityOf } from "@/shared/renderer/types";
import { Icon } from "@/shared/ui/Icon";
import { Failed, Loading } from "@/shared/ui/States";

export default function AppLayout(): JSX.Element {
  const api = useApi();
  const { app = "" } = useParams();
  const isPhone = useMedia(PHONE);
  const model = useQuery({ queryKey: keys.model(app), queryFn: () => readModel(api, app), staleTime: 30_000, refetchOnWindowFocus: true });
  if (model.isPending) return <Loading />;
  if (model.isError && !model.data) return <Failed error={model.error} onRetry={() => void model.refetch()} />;
  return (
    <ModelContext value={model.data}>
      <div className="app">
        {isPhone ? null : <SideMenu />}
        <div className="app-page">
          <Suspense fallback={<Loading />}>
            <Outlet />
          </Suspense>
        </div>
      </div>
    </ModelContext>
  );
}

function SideMenu(): JSX.Element {
  const { t } = useTranslation();
  const model = useModel();
  const form = useCurrentForm();
  return (
    <aside className="side">
      <MenuList />
      {model.may.includes("design") && form !== undefined ? (
        <NavLink className="side-design" to={`/design/${model.app}/forms/${form}`}>
          <Icon name="design" />
          <span>{t("design")}</span>
        </NavLink>
      ) : null}
      {model.may.includes("design") ? (
        <NavLink className="side-design" to={`/apps/${model.app}/import`}>
          <Icon name="add" />
          <span>{t("fromSheet")}</span>
        </NavLink>
      ) : null}
      <ToPublicLinks />
    </aside>
  );
}

/** Leads those who publish the app to its public links. */
export function ToPublicLinks(): JSX.Element | null {
  const { t } = useTranslation();
  const model = useModel();
  if (!model.may.includes("publish")) return null;
  return (
    <NavLink className="side-design" to={`/apps/${model.app}/public-links`}>
      <Icon name="people" />
      <span>{t("publicLinks")}</span>
    </NavLink>
  );
}

/** Returns the form that belongs to the page one is on: what "design" opens. */
function useCurrentForm(): string | undefined {
  const model = useModel();
  const { view, entity } = useParams();
  const parameters = new URLSearchParams(useLocation().search);
  const shown = model.views.find((one) => one.key === (view ?? parameters.get("view")));
  const found = entityOf(model, entity ?? shown?.entity ?? model.views[0]?.entity ?? "");
  const key = found === undefined ? undefined : formOf(model, found, shown?.entity === found.key ? shown.form : null).key;
  return model.forms.find((form) => form.key === key)?.key ?? model.forms[0]?.key;
}

/** The menu of the app: groups of views. */
export function MenuList(): JSX.Element {
  const { t, i18n } = useTranslation();
  const model = useModel();
  const { view, entity } = useParams();
  const parameters = new URLSearchParams(useLocation().search);
  const current = view ?? parameters.get("view") ?? model.views.find((one) => one.entity === entity)?.key;
  return (
    <nav className="side-menu" aria-label={t("menu")}>
      {model.menus.map((menu) => (
        <div key={menu.key} className="side-group">
          <p className="side-title">{label(menu.name, i18n.language, menu.key)}</p>
          <ul>
            {menu.items.map((item) => {
              const target = model.views.find((one) => one.key === item.view);
              if (target === undefined) return null;
              return (
                <li key={item.key}>
                  <NavLink to={`/apps/${model.app}/views/${target.key}`} className={target.key === current ? "side-item active" : "side-item"}>
                    <Icon name={item.icon ?? menu.icon ?? "list"} size={18} />
                    <span>{label(item.name, i18n.language) || label(target.name, i18n.language, target.key)}</span>
                  </NavLink>
                </li>
              );
            })}
          </ul>
        </div>
      ))}
    </nav>
  );
}
