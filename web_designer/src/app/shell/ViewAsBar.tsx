/** The bar above every page while an administrator looks as somebody else: as whom, and the way back to oneself. */
import type { JSX } from "react";
import { useTranslation } from "react-i18next";
import { useApi, useSession } from "@/shared/api/context";
import { Button } from "@/shared/ui/Button";

export function ViewAsBar(): JSX.Element {
  const { t } = useTranslation("access");
  const api = useApi();
  const session = useSession();
  const leave = (): void => {
    api.viewAs(null);
    // Everything that has been loaded is the other's: the page begins anew.
    window.location.assign("/");
  };
  return (
    <div className="view-as" role="status">
      <span>{t("viewing", { name: session.user.name })}</span>
      <Button onClick={leave}>{t("leave")}</Button>
    </div>
  );
}
