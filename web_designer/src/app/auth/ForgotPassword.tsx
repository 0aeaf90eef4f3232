/** The page for somebody who forgot their password: takes an e-mail, and says the same whoever has it. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState, type FormEvent, type JSX } from "react";
import { useTranslation } from "react-i18next";
import { useApi } from "@/shared/api/context";
import { askReset, readSignInOptions } from "@/shared/api/platform";
import { Problem } from "@/shared/api/problem";
import { Button, ButtonLink } from "@/shared/ui/Button";
import { Notice } from "@/shared/ui/Notice";
import { problemText } from "@/shared/ui/States";
import { AuthFrame } from "./AuthFrame";

export default function ForgotPassword(): JSX.Element {
  const { t } = useTranslation("auth");
  const api = useApi();
  const options = useQuery({ queryKey: ["sign-in options"], queryFn: () => readSignInOptions(api), staleTime: 60_000 });
  const [error, setError] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [isAsked, setAsked] = useState(false);
  useEffect(() => {
    document.title = t("forgot");
  }, [t]);
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const email = String(new FormData(event.currentTarget).get("email")).trim();
    setBusy(true);
    setError(null);
    try {
      await askReset(api, email);
      setAsked(true);
    } catch (problem) {
      const wait = problem instanceof Problem && problem.status === 429 ? problem.retryAfter : null;
      setError(wait === null ? problemText(problem, t) : t("tooMany", { seconds: wait }));
      setBusy(false);
    }
  };
  const canReset = options.data?.can_reset ?? true;
  return (
    <AuthFrame title={t("forgot")}>
      {isAsked || !canReset ? (
        <>
          <Notice look="info">{t(isAsked ? "resetSent" : "noReset")}</Notice>
          <ButtonLink look="primary" to="/sign-in">
            {t("toSignIn")}
          </ButtonLink>
        </>
      ) : (
        <>
          <p className="state-quiet">{t("forgotHelp")}</p>
          <form className="auth-form" onSubmit={(event) => void submit(event)}>
            {error === null ? null : <Notice look="error">{error}</Notice>}
            <div className="form-item">
              <label className="form-label" htmlFor="email">
                {t("email")}
              </label>
              <input id="email" name="email" className="input" type="email" autoComplete="username" required autoFocus />
            </div>
            <Button type="submit" look="primary" isBusy={isBusy}>
              {t("sendReset")}
            </Button>
            <ButtonLink to="/sign-in" look="text">
              {t("back")}
            </ButtonLink>
          </form>
        </>
      )}
    </AuthFrame>
  );
}
