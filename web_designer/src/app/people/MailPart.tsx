/** What the server does about mail: whether it can send any, a test, and the latest, those that failed first. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type JSX } from "react";
import { useTranslation } from "react-i18next";
import { useApi, useSession } from "@/shared/api/context";
import { Button } from "@/shared/ui/Button";
import { Notice } from "@/shared/ui/Notice";
import { Loading } from "@/shared/ui/States";
import { useToast } from "@/shared/ui/Toasts";
import { peopleKeys, readMail, refusalText, sendAgain, testMail } from "./peopleApi";

export function MailPart(): JSX.Element {
  const { t, i18n } = useTranslation("people");
  const api = useApi();
  const client = useQueryClient();
  const toast = useToast();
  const { email } = useSession().user;
  const mail = useQuery({ queryKey: peopleKeys.mail, queryFn: () => readMail(api) });
  const [refusal, setRefusal] = useState<string | null>(null);
  const [busy, setBusy] = useState<string | null>(null);
  const act = async (name: string, work: () => Promise<unknown>, done: string): Promise<void> => {
    setBusy(name);
    setRefusal(null);
    try {
      await work();
      toast(done);
      await client.invalidateQueries({ queryKey: peopleKeys.mail });
    } catch (error) {
      setRefusal(refusalText(error, t));
    }
    setBusy(null);
  };
  return (
    <section className="people-part" aria-labelledby="people-mail">
      <h2 id="people-mail">{t("mail")}</h2>
      {mail.data === undefined ? (
        <Loading />
      ) : mail.data.is_set_up ? (
        <>
          <p className="people-help">{t("mailSetUp", { sender: mail.data.sender, host: mail.data.host })}</p>
          {refusal === null ? null : <Notice look="error">{refusal}</Notice>}
          <div className="people-acts">
            <Button isBusy={busy === "test"} onClick={() => void act("test", () => testMail(api), t("testSent", { email }))}>
              {t("sendTest")}
            </Button>
          </div>
          <ul className="people-list">
            {mail.data.mails.map((one) => (
              <li key={one.id}>
                <span>
                  <strong>{t(`kind.${one.kind}`)}</strong> <span className="people-quiet">{one.email}</span>
                  {one.reason === "" ? null : <span className={one.state === "failed" ? "people-bad" : "people-quiet"}>{one.reason}</span>}
                </span>
                <span className="people-state">
                  <span className={one.state === "failed" ? "people-bad" : "people-quiet"}>
                    {t(`state.${one.state}`)} · {new Date(one.updated_at).toLocaleString(i18n.language)}
                  </span>
                  {one.state === "failed" ? (
                    <Button isBusy={busy === one.id} onClick={() => void act(one.id, () => sendAgain(api, one.id), t("queued"))}>
                      {t("again")}
                    </Button>
                  ) : null}
                </span>
              </li>
            ))}
          </ul>
        </>
      ) : (
        <Notice look="info">{t("mailNotSetUp")}</Notice>
      )}
    </section>
  );
}
