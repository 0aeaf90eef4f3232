/** Who has no way in yet, for administrators: invites them by mail or gives their links to hand on; and what became of mail. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type JSX } from "react";
import { useTranslation } from "react-i18next";
import { useApi } from "@/shared/api/context";
import { Button } from "@/shared/ui/Button";
import { Notice } from "@/shared/ui/Notice";
import { Page } from "@/shared/ui/Page";
import { Failed, Loading } from "@/shared/ui/States";
import { useToast } from "@/shared/ui/Toasts";
import { InviteLinks } from "./InviteLinks";
import { MailPart } from "./MailPart";
import { invite, peopleKeys, readInvitees, refusalText, type Invited, type Invitees } from "./peopleApi";
import "./people.css";

export default function InvitationsPage(): JSX.Element {
  const { t } = useTranslation("people");
  const api = useApi();
  const invitees = useQuery({ queryKey: peopleKeys.invitees, queryFn: () => readInvitees(api) });
  return (
    <Page title={t("invitations")} look="page-people">
      {invitees.isPending ? (
        <Loading />
      ) : invitees.isError ? (
        <Failed error={invitees.error} onRetry={() => void invitees.refetch()} />
      ) : (
        <div className="people-parts">
          <Waiting known={invitees.data} />
          <MailPart />
        </div>
      )}
    </Page>
  );
}

function Waiting({ known }: { readonly known: Invitees }): JSX.Element {
  const { t, i18n } = useTranslation("people");
  const api = useApi();
  const client = useQueryClient();
  const toast = useToast();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [links, setLinks] = useState<readonly Invited[]>([]);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const all = known.invitees.map((one) => one.id);
  const turn = (id: string): void => setChosen((now) => new Set(now.has(id) ? [...now].filter((other) => other !== id) : [...now, id]));
  const send = async (by: "mail" | "link"): Promise<void> => {
    setBusy(true);
    setRefusal(null);
    try {
      const invited = await invite(api, all.filter((id) => chosen.has(id)), by);
      setLinks(by === "link" ? invited : []);
      if (by === "mail") toast(t("mailed", { count: invited.length }));
      setChosen(new Set());
      await Promise.all([peopleKeys.invitees, peopleKeys.mail].map((queryKey) => client.invalidateQueries({ queryKey })));
    } catch (error) {
      setRefusal(refusalText(error, t));
    }
    setBusy(false);
  };
  return (
    <section className="people-part" aria-labelledby="people-waiting">
      <h2 id="people-waiting">{t("waiting")}</h2>
      <p className="people-help">{t(known.can_mail ? "waitingHelp" : "waitingHelpNoMail")}</p>
      {refusal === null ? null : <Notice look="error">{refusal}</Notice>}
      {links.length === 0 ? null : <InviteLinks links={links} />}
      {all.length === 0 ? (
        <p className="people-help">{t("nobodyWaits")}</p>
      ) : (
        <>
          <label className="people-choice people-all">
            <input type="checkbox" checked={chosen.size === all.length} onChange={() => setChosen(new Set(chosen.size === all.length ? [] : all))} />
            <span>{t("everybody", { count: all.length })}</span>
          </label>
          <ul className="people-list">
            {known.invitees.map((one) => (
              <li key={one.id}>
                <label className="people-choice">
                  <input type="checkbox" checked={chosen.has(one.id)} onChange={() => turn(one.id)} />
                  <span>
                    <strong>{one.name}</strong>
                    <span className="people-quiet">{one.email}</span>
                  </span>
                </label>
                <span className={one.mail === "failed" ? "people-bad" : "people-quiet"}>
                  {one.mail === "failed"
                    ? t("mailFailed", { reason: one.reason })
                    : one.mail === "waiting"
                      ? t("mailWaiting")
                      : one.invited_at === null
                        ? t("notInvited")
                        : t("invitedAt", { when: new Date(one.invited_at).toLocaleString(i18n.language) })}
                </span>
              </li>
            ))}
          </ul>
          <div className="people-acts">
            {known.can_mail ? (
              <Button look="primary" isBusy={isBusy} disabled={chosen.size === 0} onClick={() => void send("mail")}>
                {t("inviteByMail")}
              </Button>
            ) : null}
            <Button look={known.can_mail ? "plain" : "primary"} isBusy={isBusy} disabled={chosen.size === 0} onClick={() => void send("link")}>
              {t("showLinks")}
            </Button>
          </div>
        </>
      )}
    </section>
  );
}
