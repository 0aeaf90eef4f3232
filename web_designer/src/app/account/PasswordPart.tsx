/** One's own password: when it is changed all other sessions end. */
import { useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent, type JSX } from "react";
import { useTranslation } from "react-i18next";
import { useApi, useSession } from "@/shared/api/context";
import { Button } from "@/shared/ui/Button";
import { Notice } from "@/shared/ui/Notice";
import { PasswordInput } from "@/shared/ui/PasswordInput";
import { useToast } from "@/shared/ui/Toasts";
import { accountKeys, changePassword, refusalText } from "./accountApi";

export function PasswordPart({ hasPassword }: { readonly hasPassword: boolean }): JSX.Element {
  const { t } = useTranslation("account");
  const api = useApi();
  const client = useQueryClient();
  const toast = useToast();
  const { user } = useSession();
  const [refusal, setRefusal] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const form = event.currentTarget;
    const data = new FormData(form);
    const password = String(data.get("password"));
    if (password !== data.get("again")) return setRefusal(t("notTheSame"));
    setBusy(true);
    setRefusal(null);
    try {
      await changePassword(api, String(data.get("current") ?? ""), password);
      form.reset();
      toast(t("passwordChanged"));
      await client.invalidateQueries({ queryKey: accountKeys.own });
    } catch (error) {
      setRefusal(refusalText(error, t));
    }
    setBusy(false);
  };
  const input = (name: string, text: string, complete: string): JSX.Element => (
    <div className="form-item">
      <label className="form-label" htmlFor={`account-${name}`}>
        {text}
      </label>
      <PasswordInput id={`account-${name}`} name={name} autoComplete={complete} required {...(name === "password" ? { own: [user.name, user.email] } : {})} />
    </div>
  );
  return (
    <section className="account-part" aria-labelledby="account-password-head">
      <h2 id="account-password-head">{t("password")}</h2>
      <p className="account-help">{t("passwordHelp")}</p>
      <form className="account-form" onSubmit={(event) => void submit(event)}>
        {refusal === null ? null : <Notice look="error">{refusal}</Notice>}
        <input type="hidden" name="username" autoComplete="username" value={user.email} readOnly />
        {hasPassword ? input("current", t("currentPassword"), "current-password") : null}
        {input("password", t("newPassword"), "new-password")}
        {input("again", t("again"), "new-password")}
        <Button type="submit" look="primary" isBusy={isBusy}>
          {t("changePassword")}
        </Button>
      </form>
    </section>
  );
}
