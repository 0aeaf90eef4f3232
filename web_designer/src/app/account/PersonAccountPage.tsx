/** How another person signs in, for administrators: sessions, second factor, API tokens and allowed networks. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState, type FormEvent, type JSX } from "react";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import { useApi, useSession } from "@/shared/api/context";
import { showInstant } from "@/shared/format/times";
import { Button, ButtonLink } from "@/shared/ui/Button";
import { Confirm } from "@/shared/ui/Dialog";
import { Notice } from "@/shared/ui/Notice";
import { Failed, Loading } from "@/shared/ui/States";
import { Tag } from "@/shared/ui/Tag";
import { useToast } from "@/shared/ui/Toasts";
import {
  accountKeys,
  endPersonSession,
  endPersonSessions,
  makePersonToken,
  readPersonAccount,
  refusalText,
  resetSecondFactor,
  revokePersonToken,
  setPersonNetworks,
  type PersonAccount,
} from "./accountApi";
import { InvitePart } from "../people/InvitePart";
import { NetworksInput, networksIn } from "./NetworksInput";
import { SessionList } from "./SessionList";
import { TokenList } from "./TokenList";
import "./account.css";

export default function PersonAccountPage(): JSX.Element {
  const { t } = useTranslation("account");
  const api = useApi();
  const client = useQueryClient();
  const { id = "" } = useParams();
  const person = useQuery({ queryKey: accountKeys.person(id), queryFn: () => readPersonAccount(api, id) });
  const name = person.data?.name ?? "";
  useEffect(() => {
    document.title = t("personTitle", { name });
  }, [t, name]);
  if (person.isPending) return <Loading />;
  if (person.isError) return <Failed error={person.error} onRetry={() => void person.refetch()} />;
  const after = async <T,>(work: Promise<T>): Promise<T> => {
    const done = await work;
    await client.invalidateQueries({ queryKey: accountKeys.person(id) });
    return done;
  };
  const { is_service: isService, tokens, sessions } = person.data;
  return (
    <div className="page page-account">
      <header className="page-head">
        <ButtonLink look="text" icon="back" to={`/apps/organization/records/user/${id}`} label={t("backToRecord")} children={null} />
        <div className="page-title">
          <h1>{t("personTitle", { name })}</h1>
          <span className="page-kind">
            {person.data.email} {isService ? <Tag color="purple">{t("service")}</Tag> : null}
          </span>
        </div>
      </header>
      <div className="account-parts">
        {isService ? null : <InvitePart user={id} />}
        {isService ? null : <Factor person={person.data} onReset={() => after(resetSecondFactor(api, id))} />}
        {isService ? null : (
          <section className="account-part" aria-labelledby="account-sessions-head">
            <h2 id="account-sessions-head">{t("sessions")}</h2>
            <SessionList sessions={sessions} onEnd={(session) => after(endPersonSession(api, id, session))} onEndAll={() => after(endPersonSessions(api, id))} allText={t("endAll")} />
          </section>
        )}
        <section className="account-part" aria-labelledby="account-tokens-head">
          <h2 id="account-tokens-head">{t("tokens")}</h2>
          <p className="account-help">{t(isService ? "serviceTokensHelp" : "othersTokensHelp")}</p>
          <TokenList tokens={tokens} onRevoke={(token) => after(revokePersonToken(api, id, token))} {...(isService ? { onMake: (token) => after(makePersonToken(api, id, token)) } : {})} />
        </section>
        <PersonNetworks key={person.data.networks.join()} person={person.data} onSave={(networks) => after(setPersonNetworks(api, id, networks))} />
      </div>
    </div>
  );
}

function Factor({ person, onReset }: { readonly person: PersonAccount; readonly onReset: () => Promise<unknown> }): JSX.Element {
  const { t, i18n } = useTranslation("account");
  const zone = useSession().time_zone;
  const [isAsking, setAsking] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const factor = person.second_factor;
  const reset = (): void => {
    setAsking(false);
    onReset().catch((error: unknown) => setRefusal(refusalText(error, t)));
  };
  return (
    <section className="account-part" aria-labelledby="account-factor-head">
      <h2 id="account-factor-head">{t("secondFactor")}</h2>
      {refusal === null ? null : <Notice look="error">{refusal}</Notice>}
      {factor === null ? (
        <p className="account-help">{t("noFactor")}</p>
      ) : (
        <>
          <p>{t("factorSince", { when: showInstant(factor.since, i18n.language, zone), count: factor.recovery_codes })}</p>
          <Button onClick={() => setAsking(true)}>{t("reset")}</Button>
        </>
      )}
      {isAsking ? (
        <Confirm title={t("resetTitle", { name: person.name })} confirmText={t("reset")} isDanger onConfirm={reset} onClose={() => setAsking(false)}>
          <p>{t("resetText")}</p>
        </Confirm>
      ) : null}
    </section>
  );
}

function PersonNetworks({ person, onSave }: { readonly person: PersonAccount; readonly onSave: (networks: string[]) => Promise<unknown> }): JSX.Element {
  const { t } = useTranslation("account");
  const toast = useToast();
  const [refusal, setRefusal] = useState<string | null>(null);
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    setRefusal(null);
    try {
      await onSave(networksIn(String(new FormData(event.currentTarget).get("person-networks"))));
      toast(t("saved"));
    } catch (error) {
      setRefusal(refusalText(error, t));
    }
  };
  return (
    <section className="account-part" aria-labelledby="account-networks-head">
      <h2 id="account-networks-head">{t("networks")}</h2>
      <form className="account-form" onSubmit={(event) => void submit(event)}>
        {refusal === null ? null : <Notice look="error">{refusal}</Notice>}
        <NetworksInput id="person-networks" label={t("networksOfPerson")} help={t("networksOfPersonHelp")} networks={person.networks} />
        <Button type="submit">{t("common:save")}</Button>
      </form>
    </section>
  );
}
