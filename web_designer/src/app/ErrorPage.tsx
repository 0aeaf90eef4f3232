/** What is shown when a page itself fails or does not exist: never a blank screen. */
import { useEffect, type JSX } from "react";
import { useTranslation } from "react-i18next";
import { useRouteError } from "react-router";
import { Button, ButtonLink } from "@/shared/ui/Button";
import { Empty } from "@/shared/ui/States";

export function ErrorPage(): JSX.Element {
  const { t } = useTranslation();
  const error = useRouteError();
  useEffect(() => {
    window.reportError(error);
  }, [error]);
  return (
    <main className="page-alone">
      <Empty icon="warning" title={t("pageFailed")}>
        <p className="state-quiet">{t("pageFailedHelp")}</p>
        <Button look="primary" icon="refresh" onClick={() => window.location.reload()}>
          {t("reload")}
        </Button>
      </Empty>
    </main>
  );
}

export function NotFoundPage(): JSX.Element {
  const { t } = useTranslation();
  return (
    <main className="page-alone">
      <Empty icon="search" title={t("pageMissing")}>
        <ButtonLink look="primary" to="/">
          {t("toApps")}
        </ButtonLink>
      </Empty>
    </main>
  );
}
