/** What a new API token is for: its name, what it may read and write, and for how long; asks for the password of whoever makes it. */
import { useQuery } from "@tanstack/react-query";
import { useState, type FormEvent, type JSX } from "react";
import { useTranslation } from "react-i18next";
import { useApi, useSession } from "@/shared/api/context";
import { keys } from "@/shared/api/model";
import { readApps } from "@/shared/api/platform";
import { label } from "@/shared/i18n/label";
import { Button } from "@/shared/ui/Button";
import { Dialog } from "@/shared/ui/Dialog";
import { Notice } from "@/shared/ui/Notice";
import { PasswordInput } from "@/shared/ui/PasswordInput";
import { accountKeys, readAccount, refusalText, type NewToken } from "./accountApi";

const DAYS = [7, 30, 90, 365];

export function NewTokenDialog({ onMake, onClose }: { readonly onMake: (token: NewToken) => Promise<void>; readonly onClose: () => void }): JSX.Element {
  const { t, i18n } = useTranslation("account");
  const api = useApi();
  const { may, user } = useSession();
  const account = useQuery({ queryKey: accountKeys.own, queryFn: () => readAccount(api) });
  const apps = useQuery({ queryKey: keys.apps, queryFn: () => readApps(api), staleTime: 60_000 });
  const [refusal, setRefusal] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const scopes = data.getAll("scope").map(String).filter((scope) => scope !== "");
    if (scopes.length === 0) return setRefusal(t("noScope"));
    setBusy(true);
    setRefusal(null);
    try {
      await onMake({ name: String(data.get("name")), scopes, days: Number(data.get("days")), password: String(data.get("password") ?? "") });
    } catch (error) {
      setRefusal(refusalText(error, t));
      setBusy(false);
    }
  };
  const places = [{ prefix: "", name: t("allApps") }, ...(apps.data ?? []).map((one) => ({ prefix: `${one.key}.`, name: label(one.name, i18n.language, one.key) }))];
  return (
    <Dialog
      title={t("newToken")}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t("common:cancel")}</Button>
          <Button look="primary" type="submit" form="new-token" isBusy={isBusy}>
            {t("make")}
          </Button>
        </>
      }
    >
      {refusal === null ? null : <Notice look="error">{refusal}</Notice>}
      <form id="new-token" className="account-form" onSubmit={(event) => void submit(event)}>
        <div className="form-item">
          <label className="form-label" htmlFor="token-name">
            {t("tokenName")}
          </label>
          <input id="token-name" name="name" className="input" maxLength={100} required autoFocus />
        </div>
        <fieldset className="account-places">
          <legend className="form-label">{t("scopes")}</legend>
          {places.map(({ prefix, name }) => (
            <label key={prefix}>
              <span>{name}</span>
              <select name="scope" className="input" defaultValue="">
                <option value="">{t("scope.none")}</option>
                <option value={`${prefix}read`}>{t("scope.read")}</option>
                <option value={`${prefix}write`}>{t("scope.write")}</option>
              </select>
            </label>
          ))}
          {[...may, ...(may.includes("install") ? ["administer"] : [])].map((act) => (
            <label key={act} className="account-act">
              <input type="checkbox" name="scope" value={`*.${act}`} />
              <span>{t(`act.${act}`)}</span>
            </label>
          ))}
        </fieldset>
        <div className="form-item">
          <label className="form-label" htmlFor="token-days">
            {t("ends")}
          </label>
          <select id="token-days" name="days" className="input" defaultValue="90">
            {DAYS.map((days) => (
              <option key={days} value={days}>
                {t("afterDays", { count: days })}
              </option>
            ))}
          </select>
        </div>
        <input type="hidden" name="username" autoComplete="username" value={user.email} readOnly />
        {account.data?.has_password === false ? null : (
          <div className="form-item">
            <label className="form-label" htmlFor="token-password">
              {t("yourPassword")}
            </label>
            <PasswordInput id="token-password" name="password" autoComplete="current-password" required />
          </div>
        )}
      </form>
    </Dialog>
  );
}
