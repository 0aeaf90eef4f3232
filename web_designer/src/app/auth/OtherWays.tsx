/** The other ways in on the page of the sign-in: providers to go to, and a new password by mail. */
import { useQuery } from "@tanstack/react-query";
import type { JSX } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useApi } from "@/shared/api/context";
import { readSignInOptions } from "@/shared/api/platform";

export function OtherWays({ next }: { readonly next: string }): JSX.Element {
  const { t } = useTranslation("auth");
  const api = useApi();
  const options = useQuery({ queryKey: ["sign-in options"], queryFn: () => readSignInOptions(api), staleTime: 60_000 });
  const providers = options.data?.providers ?? [];
  return (
    <>
      <Link className="link auth-forgot" to="/forgot-password">
        {t("forgot")}
      </Link>
      {providers.length === 0 ? null : (
        <div className="auth-providers" role="group" aria-label={t("otherWays")}>
          <p className="auth-or">{t("or")}</p>
          {providers.map((one) => (
            <a key={one.key} className="auth-provider" href={`/api/oidc/${one.key}/start?next=${encodeURIComponent(next)}`}>
              {t("signInWith", { name: one.name })}
            </a>
          ))}
        </div>
      )}
    </>
  );
}
