/** The page behind a one-time link: says whose it is and takes the new password, which signs in at once. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState, type FormEvent, type JSX } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { useApi } from "@/shared/api/context";
import { followLink, isHalf, readLink, type Session } from "@/shared/api/platform";
import { Problem } from "@/shared/api/problem";
import { productLanguage } from "@/shared/i18n/label";
import { Button, ButtonLink } from "@/shared/ui/Button";
import { Notice } from "@/shared/ui/Notice";
import { PasswordInput } from "@/shared/ui/PasswordInput";
import { SHORTEST } from "@/shared/ui/passwordStrength";
import { Loading, problemTitle } from "@/shared/ui/States";
import { useTakeSession } from "../shell/session";
import { AuthFrame } from "./AuthFrame";
import { inChosenLanguage } from "./chosenLanguage";
import { CodeForm } from "./CodeForm";

/** The token of the link: it stands behind the #, which no server is sent, and leaves the address bar and the history at once. */
function useToken(): string {
  const [token] = useState(() => window.location.hash.slice(1));
  useEffect(() => {
    window.history.replaceState(window.history.state, "", window.location.pathname);
    const follow = (): void => window.location.reload(); // another link was opened in the same place
    window.addEventListener("hashchange", follow);
    return () => window.removeEventListener("hashchange", follow);
  }, []);
  return token;
}

export default function OneTimeLink(): JSX.Element {
  const { t, i18n } = useTranslation("auth");
  const token = useToken();
  const api = useApi();
  const client = useQueryClient();
  const navigate = useNavigate();
  const take = useTakeSession();
  const link = useQuery({ queryKey: ["link", token], queryFn: () => readLink(api, token), retry: false, staleTime: Infinity });
  const [error, setError] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [needsCode, setNeedsCode] = useState(false);
  useEffect(() => {
    document.title = t("setPassword");
  }, [t]);
  if (link.isPending) return <Loading />;
  if (link.isError) {
    return (
      <AuthFrame title={t("linkInvalid")}>
        <p className="state-quiet">{link.error instanceof Problem ? link.error.detail || t("linkInvalidHelp") : problemTitle(link.error, t)}</p>
        <ButtonLink look="primary" to="/sign-in">
          {t("toSignIn")}
        </ButtonLink>
      </AuthFrame>
    );
  }
  const enter = async (session: Session): Promise<void> => {
    // What another person may have left; the link itself is used up and must not be asked for again.
    client.removeQueries({ predicate: (query) => query.queryKey[0] !== "link" });
    // An account begins in the language its owner reads this page in.
    await take(await inChosenLanguage(api, session, productLanguage(i18n.language)));
    await navigate("/", { replace: true });
  };
  if (needsCode) {
    return (
      <AuthFrame title={t("secondStep")}>
        <CodeForm onDone={enter} onBack={() => void navigate("/sign-in")} />
      </AuthFrame>
    );
  }
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const password = String(data.get("password"));
    if ([...password].length < SHORTEST) return setError(t("tooShort", { count: SHORTEST }));
    if (password !== data.get("again")) return setError(t("notTheSame"));
    setBusy(true);
    setError(null);
    try {
      const entered = await followLink(api, token, password);
      if (!isHalf(entered)) return await enter(entered);
      setNeedsCode(true);
    } catch (problem) {
      const detail = problem instanceof Problem ? problem.errors.map((one) => one.detail).join(" ") : "";
      setError(detail || problemTitle(problem, t));
      setBusy(false);
    }
  };
  return (
    <AuthFrame title={t("welcome", { name: link.data.name })}>
      <p className="state-quiet">{t("setPasswordHelp", { count: SHORTEST })}</p>
      <form className="auth-form" onSubmit={(event) => void submit(event)}>
        {error === null ? null : <Notice look="error">{error}</Notice>}
        <input type="hidden" name="username" autoComplete="username" value={link.data.email} readOnly />
        <div className="form-item">
          <label className="form-label" htmlFor="password">
            {t("newPassword")}
          </label>
          <PasswordInput id="password" name="password" autoComplete="new-password" required autoFocus own={[link.data.name, link.data.email]} />
        </div>
        <div className="form-item">
          <label className="form-label" htmlFor="again">
            {t("again")}
          </label>
          <PasswordInput id="again" name="again" autoComplete="new-password" required />
        </div>
        <Button type="submit" look="primary" isBusy={isBusy}>
          {t("setPassword")}
        </Button>
      </form>
    </AuthFrame>
  );
}
