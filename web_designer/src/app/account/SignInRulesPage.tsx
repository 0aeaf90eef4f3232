/** The site's rules of sign-in, for administrators: who needs a second factor, and from which networks people may come. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState, type FormEvent, type JSX } from "react";
import { useTranslation } from "react-i18next";
import { useApi } from "@/shared/api/context";
import { Button } from "@/shared/ui/Button";
import { Notice } from "@/shared/ui/Notice";
import { Failed, Loading } from "@/shared/ui/States";
import { useToast } from "@/shared/ui/Toasts";
import { accountKeys, readRules, refusalText, saveRules, type SignInRules, type SignInRulesBody } from "./accountApi";
import { NetworksInput, networksIn } from "./NetworksInput";
import "./account.css";

const WHOM = ["nobody", "administrators", "everyone"] as const;

export default function SignInRulesPage(): JSX.Element {
  const { t } = useTranslation("account");
  const api = useApi();
  const rules = useQuery({ queryKey: accountKeys.rules, queryFn: () => readRules(api), refetchOnWindowFocus: false });
  useEffect(() => {
    document.title = t("rules");
  }, [t]);
  if (rules.isPending) return <Loading />;
  if (rules.isError) return <Failed error={rules.error} onRetry={() => void rules.refetch()} />;
  return (
    <div className="page page-account">
      <header className="page-head">
        <div className="page-title">
          <h1>{t("rules")}</h1>
        </div>
      </header>
      <div className="account-parts">
        <Rules key={rules.data.revision} rules={rules.data} />
      </div>
    </div>
  );
}

function Rules({ rules }: { readonly rules: SignInRules }): JSX.Element {
  const { t } = useTranslation("account");
  const api = useApi();
  const client = useQueryClient();
  const toast = useToast();
  const [roles, setRoles] = useState(rules.roles);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const text = (name: string): string => String(data.get(name) ?? "");
    const body: SignInRulesBody = {
      revision: rules.revision,
      second_factor: WHOM.find((one) => one === text("whom")) ?? "nobody",
      networks: networksIn(text("networks")),
      roles: roles.map((_, place) => ({ role: text(`role-${place}`).trim(), networks: networksIn(text(`role-networks-${place}`)) })).filter((one) => one.role !== ""),
    };
    setBusy(true);
    setRefusal(null);
    try {
      client.setQueryData(accountKeys.rules, await saveRules(api, body));
      toast(t("saved"));
    } catch (error) {
      setRefusal(refusalText(error, t));
      setBusy(false);
    }
  };
  return (
    <form className="account-rules" onSubmit={(event) => void submit(event)}>
      {refusal === null ? null : <Notice look="error">{refusal}</Notice>}
      <fieldset className="account-part account-choices">
        <legend>
          <h2>{t("whoNeeds")}</h2>
        </legend>
        {WHOM.map((whom) => (
          <label key={whom}>
            <input type="radio" name="whom" value={whom} defaultChecked={rules.second_factor === whom} />
            <span>{t(`whom.${whom}`)}</span>
          </label>
        ))}
        <p className="account-help">{t("whoNeedsHelp")}</p>
      </fieldset>
      <section className="account-part" aria-labelledby="rules-networks-head">
        <h2 id="rules-networks-head">{t("networks")}</h2>
        <p className="account-help">{t("networksHelp", { address: rules.address })}</p>
        <NetworksInput id="networks" label={t("networksOfSite")} networks={rules.networks} />
        {roles.map((one, place) => (
          <div key={place} className="account-role">
            <div className="form-item">
              <label className="form-label" htmlFor={`role-${place}`}>
                {t("role")}
              </label>
              <input id={`role-${place}`} name={`role-${place}`} className="input" defaultValue={one.role} placeholder="organization.administrator" spellCheck={false} />
            </div>
            <NetworksInput id={`role-networks-${place}`} label={t("networksOfRole")} networks={one.networks} />
          </div>
        ))}
        <Button icon="add" onClick={() => setRoles([...roles, { role: "", networks: [] }])}>
          {t("addRole")}
        </Button>
      </section>
      <Button type="submit" look="primary" isBusy={isBusy}>
        {t("common:save")}
      </Button>
    </form>
  );
}
