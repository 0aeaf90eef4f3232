/** API tokens as a list; a new one is shown once, each can be revoked. */
import { useState, type JSX } from "react";
import { useTranslation } from "react-i18next";
import { useSession } from "@/shared/api/context";
import { showInstant } from "@/shared/format/times";
import { Button } from "@/shared/ui/Button";
import { Confirm, Dialog } from "@/shared/ui/Dialog";
import { Notice } from "@/shared/ui/Notice";
import { Tag } from "@/shared/ui/Tag";
import { refusalText, type NewToken, type TokenEntry } from "./accountApi";
import { CopyButton } from "./CopyButton";
import { NewTokenDialog } from "./NewTokenDialog";

export interface TokenListProps {
  readonly tokens: readonly TokenEntry[];
  /** Without it nobody makes tokens here. */
  readonly onMake?: (token: NewToken) => Promise<string>;
  readonly onRevoke: (id: string) => Promise<unknown>;
}

export function TokenList({ tokens, onMake, onRevoke }: TokenListProps): JSX.Element {
  const { t, i18n } = useTranslation("account");
  const zone = useSession().time_zone;
  const [isMaking, setMaking] = useState(false);
  const [made, setMade] = useState<string | null>(null);
  const [leaving, setLeaving] = useState<TokenEntry | null>(null);
  const [refusal, setRefusal] = useState<string | null>(null);
  const when = (text: string): string => showInstant(text, i18n.language, zone);
  const make = async (token: NewToken): Promise<void> => {
    if (onMake === undefined) return;
    setMade(await onMake(token));
    setMaking(false);
  };
  const revoke = (token: TokenEntry): void => {
    setLeaving(null);
    setRefusal(null);
    onRevoke(token.id).catch((error: unknown) => setRefusal(refusalText(error, t)));
  };
  return (
    <>
      {refusal === null ? null : <Notice look="error">{refusal}</Notice>}
      <ul className="account-list">
        {tokens.map((one) => (
          <li key={one.id}>
            <div className="account-entry">
              <strong>
                {one.name} {new Date(one.expires_at) < new Date() ? <Tag color="red">{t("hasEnded")}</Tag> : null}
              </strong>
              <span className="account-scopes">
                {one.scopes.map((scope) => (
                  <code key={scope}>{scope}</code>
                ))}
              </span>
              <span>
                {t("tokenUntil", { until: when(one.expires_at) })} · {one.used_at === null ? t("neverUsed") : t("tokenUsed", { when: when(one.used_at), address: one.used_from })}
              </span>
            </div>
            <Button aria-label={t("revokeNamed", { name: one.name })} onClick={() => setLeaving(one)}>
              {t("revoke")}
            </Button>
          </li>
        ))}
      </ul>
      {tokens.length === 0 ? <p className="account-help">{t("noTokens")}</p> : null}
      {onMake === undefined ? null : (
        <Button icon="add" onClick={() => setMaking(true)}>
          {t("newToken")}
        </Button>
      )}
      {isMaking ? <NewTokenDialog onMake={make} onClose={() => setMaking(false)} /> : null}
      {made === null ? null : (
        <Dialog
          title={t("tokenMade")}
          onClose={() => setMade(null)}
          footer={
            <>
              <CopyButton text={made} />
              <Button look="primary" onClick={() => setMade(null)}>
                {t("written")}
              </Button>
            </>
          }
        >
          <p>{t("tokenMadeHelp")}</p>
          <p className="account-secret">
            <code>{made}</code>
          </p>
        </Dialog>
      )}
      {leaving === null ? null : (
        <Confirm title={t("revokeTitle", { name: leaving.name })} confirmText={t("revoke")} isDanger onConfirm={() => revoke(leaving)} onClose={() => setLeaving(null)}>
          <p>{t("revokeText")}</p>
        </Confirm>
      )}
    </>
  );
}
