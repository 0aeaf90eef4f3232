/** The page on which people sign in; afterwards they are where they wanted to go. */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState, type FormEvent, type JSX } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate, useSearchParams } from "react-router";
import { useApi } from "@/shared/api/context";
import { isHalf, signIn, type Session } from "@/shared/api/platform";
import { Problem } from "@/shared/api/problem";
import { Button } from "@/shared/ui/Button";
import { Notice } from "@/shared/ui/Notice";
import { PasswordInput } from "@/shared/ui/PasswordInput";
import { problemText } from "@/shared/ui/States";
import { useTakeSession } from "../shell/session";
import { AuthFrame } from "./AuthFrame";
import { inChosenLanguage } from "./chosenLanguage";
import { CodeForm } from "./CodeForm";
import { nextPlace } from "./nextPlace";
import { OtherWays } from "./OtherWays";

const REFUSED: ReadonlySet<string> = new Set([
  "access-provider-sign-in-lost",
  "access-provider-refused",
  "access-outside-inactive",
  "access-outside-unknown",
  "access-outside-email-taken",
  "access-outside-email-unverified",
  "access-address-refused",
  "access-too-many-attempts",
]);

/** Returns what to say where a provider was no way in: the address holds a code of the product's own, whose words are here. */
function refusalOf(code: string | null, t: (key: string) => string): string | null {
  if (code === null) return null;
  return t(REFUSED.has(code) ? `refused.${code}` : "refused");
}

export default function SignIn(): JSX.Element {
  const { t } = useTranslation("auth");
  const api = useApi();
  const client = useQueryClient();
  const take = useTakeSession();
  const navigate = useNavigate();
  const [parameters] = useSearchParams();
  const [error, setError] = useState<string | null>(refusalOf(parameters.get("refused"), t));
  const [isBusy, setBusy] = useState(false);
  const [needsCode, setNeedsCode] = useState(parameters.get("step") === "code");
  const password = useRef<HTMLInputElement>(null);
  useEffect(() => {
    document.title = t("signIn");
  }, [t]);

  const enter = async (session: Session): Promise<void> => {
    client.clear();
    await take(await inChosenLanguage(api, session));
    await navigate(nextPlace(parameters.get("next")), { replace: true });
  };
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    setBusy(true);
    setError(null);
    try {
      const entered = await signIn(api, String(data.get("email")).trim(), String(data.get("password")));
      if (!isHalf(entered)) return await enter(entered);
      setNeedsCode(true);
      setBusy(false);
    } catch (problem) {
      const wait = problem instanceof Problem && problem.status === 429 ? problem.retryAfter : null;
      setError(wait === null ? problemText(problem, t) : t("tooMany", { seconds: wait }));
      setBusy(false);
      password.current?.select();
    }
  };
  if (needsCode) {
    return (
      <AuthFrame title={t("secondStep")}>
        <CodeForm onDone={enter} onBack={() => setNeedsCode(false)} />
      </AuthFrame>
    );
  }
  return (
    <AuthFrame title={t("signIn")}>
      <form className="auth-form" onSubmit={(event) => void submit(event)}>
        {error === null ? null : <Notice look="error">{error}</Notice>}
        <div className="form-item">
          <label className="form-label" htmlFor="email">
            {t("email")}
          </label>
          {/* Not of type email: who is in a directory may be called otherwise there. */}
          <input id="email" name="email" className="input" inputMode="email" autoCapitalize="none" spellCheck={false} autoComplete="username" required autoFocus />
        </div>
        <div className="form-item">
          <label className="form-label" htmlFor="password">
            {t("password")}
          </label>
          <PasswordInput id="password" ref={password} name="password" autoComplete="current-password" required />
        </div>
        <Button type="submit" look="primary" isBusy={isBusy}>
          {t("signIn")}
        </Button>
      </form>
      <OtherWays next={nextPlace(parameters.get("next"))} />
    </AuthFrame>
  );
}
