/** The bar at the bottom of a phone: all apps, the menu of the app one is in, oneself. */
import type { JSX } from "react";
import { useTranslation } from "react-i18next";
import { NavLink, useMatch } from "react-router";
import { Icon } from "@/shared/ui/Icon";

export function BottomBar(): JSX.Element {
  const { t } = useTranslation();
  const inApp = useMatch("/apps/:app/*");
  const app = inApp?.params.app;
  return (
    <nav className="bottom" aria-label={t("navigation")}>
      <NavLink to="/" end className="bottom-item">
        <Icon name="apps" size={22} />
        <span>{t("apps")}</span>
      </NavLink>
      {app === undefined ? null : (
        <NavLink to={`/apps/${app}`} end className="bottom-item">
          <Icon name="list" size={22} />
          <span>{t("menu")}</span>
        </NavLink>
      )}
    </nav>
  );
}
