/** Sessions as a list: on which device, from where, since when, last seen; each can be ended. */
import { useState, type JSX } from "react";
import { useTranslation } from "react-i18next";
import { useSession } from "@/shared/api/context";
import { showInstant } from "@/shared/format/times";
import { Button } from "@/shared/ui/Button";
import { Notice } from "@/shared/ui/Notice";
import { Tag } from "@/shared/ui/Tag";
import { refusalText, type SessionEntry } from "./accountApi";
import { deviceName } from "./deviceName";

export interface SessionListProps {
  readonly sessions: readonly SessionEntry[];
  readonly onEnd: (id: string) => Promise<unknown>;
  readonly onEndAll: () => Promise<unknown>;
  readonly allText: string;
}

export function SessionList({ sessions, onEnd, onEndAll, allText }: SessionListProps): JSX.Element {
  const { t, i18n } = useTranslation("account");
  const zone = useSession().time_zone;
  const [refusal, setRefusal] = useState<string | null>(null);
  const carryOut = (work: () => Promise<unknown>): void => {
    setRefusal(null);
    work().catch((error: unknown) => setRefusal(refusalText(error, t)));
  };
  const when = (text: string): string => showInstant(text, i18n.language, zone);
  const others = sessions.filter((one) => !one.is_this).length;
  return (
    <>
      {refusal === null ? null : <Notice look="error">{refusal}</Notice>}
      <ul className="account-list">
        {sessions.map((one) => (
          <li key={one.id}>
            <div className="account-entry">
              <strong title={one.agent}>
                {deviceName(one.agent)} {one.is_this ? <Tag color="green">{t("thisOne")}</Tag> : null}
              </strong>
              <span>{t("sessionFrom", { address: one.address || "–", method: t(`method.${one.method}`, { defaultValue: one.method }) })}</span>
              <span>{t("sessionTimes", { started: when(one.created_at), seen: when(one.seen_at) })}</span>
            </div>
            {one.is_this ? null : (
              <Button aria-label={t("endNamed", { name: deviceName(one.agent) })} onClick={() => carryOut(() => onEnd(one.id))}>
                {t("end")}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {sessions.length === 0 ? <p className="account-help">{t("noSessions")}</p> : null}
      {others > 0 ? <Button onClick={() => carryOut(onEndAll)}>{allText}</Button> : null}
    </>
  );
}
