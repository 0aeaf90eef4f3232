/** Who vouches for people, for administrators: OpenID providers and LDAP directories, set up, tried out and removed. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type JSX } from "react";
import { useTranslation } from "react-i18next";
import { useApi } from "@/shared/api/context";
import { Button } from "@/shared/ui/Button";
import { Confirm } from "@/shared/ui/Dialog";
import { Notice } from "@/shared/ui/Notice";
import { Page } from "@/shared/ui/Page";
import { Failed, Loading } from "@/shared/ui/States";
import { peopleKeys, readProviders, refusalText, removeProvider, tryProvider, type Provider, type ProviderKind } from "./peopleApi";
import { ProviderDialog } from "./ProviderDialog";
import "./people.css";

export default function ProvidersPage(): JSX.Element {
  const { t } = useTranslation("people");
  const api = useApi();
  const client = useQueryClient();
  const providers = useQuery({ queryKey: peopleKeys.providers, queryFn: () => readProviders(api), refetchOnWindowFocus: false });
  const [open, setOpen] = useState<Provider | ProviderKind | null>(null);
  const close = (): void => {
    setOpen(null);
    void client.invalidateQueries({ queryKey: peopleKeys.providers });
  };
  const acts = (
    <>
      <Button icon="add" onClick={() => setOpen("oidc")}>
        {t("addOidc")}
      </Button>
      <Button icon="add" onClick={() => setOpen("ldap")}>
        {t("addLdap")}
      </Button>
    </>
  );
  return (
    <Page title={t("providers")} look="page-people" acts={acts}>
      {providers.isPending ? (
        <Loading />
      ) : providers.isError ? (
        <Failed error={providers.error} onRetry={() => void providers.refetch()} />
      ) : (
        <div className="people-parts">
          {providers.data.has_ldap || !providers.data.providers.some((one) => one.kind === "ldap") ? null : <Notice look="warning">{t("noLdap")}</Notice>}
          <p className="people-help">{t("providersHelp")}</p>
          {providers.data.providers.map((one) => (
            <Known key={one.key} provider={one} onEdit={() => setOpen(one)} onRemoved={close} />
          ))}
        </div>
      )}
      {open === null ? null : <ProviderDialog known={typeof open === "string" ? null : open} kind={typeof open === "string" ? open : open.kind} onClose={close} />}
    </Page>
  );
}

function Known({ provider, onEdit, onRemoved }: { readonly provider: Provider; readonly onEdit: () => void; readonly onRemoved: () => void }): JSX.Element {
  const { t } = useTranslation("people");
  const api = useApi();
  const [found, setFound] = useState<Readonly<Record<string, string>> | null>(null);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [isAsking, setAsking] = useState(false);
  const act = async (work: () => Promise<void>): Promise<void> => {
    setBusy(true);
    setRefusal(null);
    setFound(null);
    try {
      await work();
    } catch (error) {
      setRefusal(refusalText(error, t));
    }
    setBusy(false);
  };
  const attempt = (login: string): Promise<void> => act(async () => setFound(await tryProvider(api, provider.key, login)));
  const remove = (): Promise<void> =>
    act(async () => {
      await removeProvider(api, provider.key);
      onRemoved();
    });
  return (
    <section className="people-part" aria-labelledby={`provider-${provider.key}`}>
      <h2 id={`provider-${provider.key}`}>{provider.name}</h2>
      <p className="people-help">
        {t(`kindOf.${provider.kind}`)} · {t(provider.is_active ? "isOn" : "isOff")}
      </p>
      {provider.return_address === "" ? null : (
        <p className="people-help">
          {t("returnAddress")} <code className="people-found">{provider.return_address}</code>
        </p>
      )}
      {refusal === null ? null : <Notice look="error">{refusal}</Notice>}
      {found === null ? null : (
        <Notice look="info">
          <p className="people-found">{Object.keys(found).length === 0 ? t("foundNobody") : t("found")}</p>
          {Object.entries(found).map(([name, value]) => (
            <p key={name} className="people-found">
              {name}: {value}
            </p>
          ))}
        </Notice>
      )}
      <form
        className="people-acts"
        onSubmit={(event) => {
          event.preventDefault();
          void attempt(String(new FormData(event.currentTarget).get("login") ?? ""));
        }}
      >
        <Button onClick={onEdit}>{t("edit")}</Button>
        {provider.kind === "ldap" ? <input name="login" className="input" aria-label={t("tryWhom")} placeholder={t("tryWhom")} autoComplete="off" /> : null}
        <Button type="submit" isBusy={isBusy}>
          {t("try")}
        </Button>
        <Button look="text" onClick={() => setAsking(true)}>
          {t("remove")}
        </Button>
      </form>
      {isAsking ? (
        <Confirm title={t("removeTitle", { name: provider.name })} confirmText={t("remove")} isDanger isBusy={isBusy} onConfirm={() => void remove()} onClose={() => setAsking(false)}>
          <p>{t("removeHelp")}</p>
        </Confirm>
      ) : null}
    </section>
  );
}
