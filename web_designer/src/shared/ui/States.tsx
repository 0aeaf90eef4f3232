/** What a page shows when there is nothing to show yet, nothing at all, or something went wrong. */
import type { JSX, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { NoAnswer, Problem } from "@/shared/api/problem";
import { Button } from "./Button";
import { Icon } from "./Icon";

export function Loading(): JSX.Element {
  const { t } = useTranslation();
  return (
    <div className="state" role="status">
      <span className="spinner spinner-large" aria-hidden="true" />
      <p className="state-quiet">{t("loading")}</p>
    </div>
  );
}

export function Empty({ icon = "plain", title, children }: { readonly icon?: string; readonly title: ReactNode; readonly children?: ReactNode }): JSX.Element {
  return (
    <div className="state">
      <span className="state-icon">
        <Icon name={icon} size={28} />
      </span>
      <p className="state-title">{title}</p>
      {children}
    </div>
  );
}

export function Failed({ error, onRetry }: { readonly error: unknown; readonly onRetry?: () => void }): JSX.Element {
  const { t } = useTranslation();
  return (
    <div className="state" role="alert">
      <span className="state-icon state-icon-bad">
        <Icon name="warning" size={28} />
      </span>
      <p className="state-title">{problemTitle(error, t)}</p>
      {error instanceof Problem && error.title !== "" && error.detail !== "" && error.detail !== error.title ? <p className="state-quiet">{error.detail}</p> : null}
      {onRetry === undefined ? null : (
        <Button icon="refresh" onClick={onRetry}>
          {t("retry")}
        </Button>
      )}
    </div>
  );
}

/** Returns one line that says what went wrong. */
export function problemTitle(error: unknown, t: (key: string) => string): string {
  if (error instanceof NoAnswer) return t("noAnswer");
  if (error instanceof Problem) return error.title || error.detail || t("failed");
  return t("failed");
}

/** Returns a sentence that says what went wrong and, where the server knows, what to do about it. */
export function problemText(error: unknown, t: (key: string) => string): string {
  return error instanceof Problem && error.detail !== "" ? error.detail : problemTitle(error, t);
}
