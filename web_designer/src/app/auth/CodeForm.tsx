/** The second step of a sign-in: takes the code of the authenticator or a recovery code, and gives the session. */
import { useState, type FormEvent, type JSX } from "react";
import { useTranslation } from "react-i18next";
import { useApi } from "@/shared/api/context";
import { showCode, type Session } from "@/shared/api/platform";
import { Button } from "@/shared/ui/Button";
import { Notice } from "@/shared/ui/Notice";
import { problemText } from "@/shared/ui/States";

export function CodeForm({ onDone, onBack }: { readonly onDone: (session: Session) => Promise<void>; readonly onBack: () => void }): JSX.Element {
  const { t } = useTranslation("auth");
  const api = useApi();
  const [error, setError] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const form = event.currentTarget;
    setBusy(true);
    setError(null);
    try {
      await onDone(await showCode(api, String(new FormData(form).get("code"))));
    } catch (problem) {
      setError(problemText(problem, t));
      setBusy(false);
      form.querySelector<HTMLInputElement>("#code")?.select();
    }
  };
  return (
    <form className="auth-form" onSubmit={(event) => void submit(event)}>
      {error === null ? null : <Notice look="error">{error}</Notice>}
      <div className="form-item">
        <label className="form-label" htmlFor="code">
          {t("code")}
        </label>
        <input id="code" name="code" className="input" autoComplete="one-time-code" autoCapitalize="none" spellCheck={false} required autoFocus aria-describedby="code-help" />
        <p id="code-help" className="state-quiet">
          {t("codeHelp")}
        </p>
      </div>
      <Button type="submit" look="primary" isBusy={isBusy}>
        {t("continue")}
      </Button>
      <button type="button" className="link" onClick={onBack}>
        {t("back")}
      </button>
    </form>
  );
}
