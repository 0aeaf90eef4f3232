/** Shown in place of a page of the designer that could not be opened: why, and for who may not design the app the way back to it. */
import type { JSX } from "react";
import { Problem } from "@/shared/api/problem";
import { ButtonLink } from "@/shared/ui/Button";
import { Empty, Failed } from "@/shared/ui/States";
import { useTexts } from "./useTexts";

export function NotOpened({ app, error, onRetry }: { readonly app: string; readonly error: unknown; readonly onRetry: () => void }): JSX.Element {
  const { t } = useTexts("designer.publish");
  if (!(error instanceof Problem) || error.status !== 403) return <Failed error={error} onRetry={onRetry} />;
  return (
    <Empty icon="warning" title={t("may-not-design")}>
      <p className="state-quiet">{t("may-not-design.hint")}</p>
      <ButtonLink to={`/apps/${app}`}>{t("to-app")}</ButtonLink>
    </Empty>
  );
}
