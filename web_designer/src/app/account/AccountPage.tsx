/** How one signs in oneself: password, second factor, sessions and API tokens. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, type JSX } from "react";
import { useTranslation } from "react-i18next";
import { useApi, useSession } from "@/shared/api/context";
import { Failed, Loading } from "@/shared/ui/States";
import { accountKeys, endOtherSessions, endSession, makeToken, readAccount, readSessions, readTokens, revokeToken, type NewToken } from "./accountApi";
import { PasswordPart } from "./PasswordPart";
import { SecondFactorPart } from "./SecondFactorPart";
import { SessionList } from "./SessionList";
import { TokenList } from "./TokenList";
import "./account.css";

export default function AccountPage(): JSX.Element {
  const { t } = useTranslation("account");
  const api = useApi();
  const session = useSession();
  const account = useQuery({ queryKey: accountKeys.own, queryFn: () => readAccount(api) });
  useEffect(() => {
    document.title = t("title");
  }, [t]);
  if (account.isPending) return <Loading />;
  if (account.isError) return <Failed error={account.error} onRetry={() => void account.refetch()} />;
  return (
    <div className="page page-account">
      <header className="page-head">
        <div className="page-title">
          <h1>{t("title")}</h1>
          <span className="page-kind">{session.user.email}</span>
        </div>
      </header>
      <div className="account-parts">
        {session.must_enrol ? null : <PasswordPart hasPassword={account.data.has_password} />}
        <SecondFactorPart account={account.data} />
        {session.must_enrol ? null : (
          <>
            <Sessions />
            <Tokens />
          </>
        )}
      </div>
    </div>
  );
}

function Sessions(): JSX.Element {
  const { t } = useTranslation("account");
  const api = useApi();
  const client = useQueryClient();
  const sessions = useQuery({ queryKey: accountKeys.sessions, queryFn: () => readSessions(api) });
  const after = async (work: Promise<unknown>): Promise<void> => {
    await work;
    await client.invalidateQueries({ queryKey: accountKeys.sessions });
  };
  return (
    <section className="account-part" aria-labelledby="account-sessions-head">
      <h2 id="account-sessions-head">{t("sessions")}</h2>
      <p className="account-help">{t("sessionsHelp")}</p>
      {sessions.data === undefined ? <Loading /> : <SessionList sessions={sessions.data} onEnd={(id) => after(endSession(api, id))} onEndAll={() => after(endOtherSessions(api))} allText={t("endOthers")} />}
    </section>
  );
}

function Tokens(): JSX.Element {
  const { t } = useTranslation("account");
  const api = useApi();
  const client = useQueryClient();
  const tokens = useQuery({ queryKey: accountKeys.tokens, queryFn: () => readTokens(api) });
  const after = async <T,>(work: Promise<T>): Promise<T> => {
    const done = await work;
    await client.invalidateQueries({ queryKey: accountKeys.tokens });
    return done;
  };
  return (
    <section className="account-part" aria-labelledby="account-tokens-head">
      <h2 id="account-tokens-head">{t("tokens")}</h2>
      <p className="account-help">{t("tokensHelp")}</p>
      {tokens.data === undefined ? <Loading /> : <TokenList tokens={tokens.data} onMake={(token: NewToken) => after(makeToken(api, token))} onRevoke={(id) => after(revokeToken(api, id))} />}
    </section>
  );
}
