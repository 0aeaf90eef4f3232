/** Asks for the password over the page when the session has ended, so that what is being filled in below stays. */
import { useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent, type JSX } from "react";
import { useTranslation } from "react-i18next";
import { useApi, useSession } from "@/shared/api/context";
import { isHalf, signIn, type Session } from "@/shared/api/platform";
import { Button, ButtonLink } from "@/shared/ui/Button";
import { Dialog } from "@/shared/ui/Dialog";
import { Notice } from "@/shared/ui/Notice";
import { PasswordInput } from "@/shared/ui/PasswordInput";
import { problemText } from "@/shared/ui/States";
import { useTakeSession } from "../shell/session";
import { CodeForm } from "./CodeForm";

export default function SignInAgain({ onClose }: { readonly onClose: () => void }): JSX.Element {
  const { t } = useTranslation("auth");
  const api = useApi();
  const client = useQueryClient();
  const take = useTakeSession();
  const { user } = useSession();
  const [error, setError] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [needsCode, setNeedsCode] = useState(false);
  const enter = async (session: Session): Promise<void> => {
    await take(session);
    // What was refused meanwhile is asked for again.
    await client.invalidateQueries({ predicate: (query) => query.state.status === "error" });
  };
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const password = String(new FormData(event.currentTarget).get("password"));
    setBusy(true);
    setError(null);
    try {
      const entered = await signIn(api, user.email, password);
      if (!isHalf(entered)) return await enter(entered);
      setNeedsCode(true);
      setBusy(false);
    } catch (problem) {
      setError(problemText(problem, t));
      setBusy(false);
    }
  };
  if (needsCode) {
    return (
      <Dialog title={t("secondStep")} onClose={onClose}>
        <CodeForm onDone={enter} onBack={() => setNeedsCode(false)} />
      </Dialog>
    );
  }
  return (
    <Dialog
      title={t("againTitle")}
      onClose={onClose}
      footer={
        <>
          <ButtonLink to="/sign-in">{t("otherPerson")}</ButtonLink>
          <Button look="primary" type="submit" form="sign-in-again" isBusy={isBusy}>
            {t("signIn")}
          </Button>
        </>
      }
    >
      {error === null ? null : <Notice look="error">{error}</Notice>}
      <p>{t("againText", { email: user.email })}</p>
      <form id="sign-in-again" className="form-item" onSubmit={(event) => void submit(event)}>
        <input type="hidden" name="username" autoComplete="username" value={user.email} readOnly />
        <label className="form-label" htmlFor="again-password">
          {t("password")}
        </label>
        <PasswordInput id="again-password" name="password" autoComplete="current-password" required />
      </form>
    </Dialog>
  );
}
