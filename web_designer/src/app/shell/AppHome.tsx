/** The start of an app: on a desk its first view, on a phone its menu. */
import { useEffect, type JSX } from "react";
import { useTranslation } from "react-i18next";
import { Navigate } from "react-router";
import { useModel } from "@/shared/api/model";
import { PHONE, useMedia } from "@/shared/hooks/useMedia";
import { label } from "@/shared/i18n/label";
import { Empty } from "@/shared/ui/States";
import { MenuList, ToPublicLinks } from "./AppLayout";

export default function AppHome(): JSX.Element {
  const { t, i18n } = useTranslation();
  const model = useModel();
  const isPhone = useMedia(PHONE);
  const name = label(model.name, i18n.language, model.app);
  const listed = model.menus.flatMap((menu) => menu.items).map((item) => model.views.find((view) => view.key === item.view));
  const first = listed.find((view) => view !== undefined) ?? model.views[0];
  useEffect(() => {
    document.title = name;
  }, [name]);
  if (first === undefined) return <Empty icon="list" title={t("emptyApp")} />;
  if (!isPhone) return <Navigate to={`/apps/${model.app}/views/${first.key}`} replace />;
  return (
    <div className="page">
      <header className="page-head">
        <h1>{name}</h1>
      </header>
      <MenuList />
      <ToPublicLinks />
    </div>
  );
}
