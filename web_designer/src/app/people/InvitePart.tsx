/** One user's way in, for administrators: a link by mail, or to be handed on. */
import { useQuery } from "@tanstack/react-query";
import { useState, type JSX } from "react";
import { useTranslation } from "react-i18next";
import { useApi } from "@/shared/api/context";
import { readSignInOptions } from "@/shared/api/platform";
import { Button } from "@/shared/ui/Button";
import { Notice } from "@/shared/ui/Notice";
import { useToast } from "@/shared/ui/Toasts";
import { InviteLinks } from "./InviteLinks";
import { invite, refusalText, type Invited } from "./peopleApi";
import "./people.css";

export function InvitePart({ user }: { readonly user: string }): JSX.Element {
  const { t } = useTranslation("people");
  const api = useApi();
  const toast = useToast();
  const options = useQuery({ queryKey: ["sign-in options"], queryFn: () => readSignInOptions(api), staleTime: 60_000 });
  const [links, setLinks] = useState<readonly Invited[]>([]);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const send = async (by: "mail" | "link"): Promise<void> => {
    setBusy(true);
    setRefusal(null);
    try {
      const invited = await invite(api, [user], by);
      setLinks(by === "link" ? invited : []);
      if (by === "mail") toast(t("mailed", { count: invited.length }));
    } catch (error) {
      setRefusal(refusalText(error, t));
    }
    setBusy(false);
  };
  return (
    <section className="people-part" aria-labelledby="people-way-in">
      <h2 id="people-way-in">{t("wayIn")}</h2>
      <p className="people-help">{t("wayInHelp")}</p>
      {refusal === null ? null : <Notice look="error">{refusal}</Notice>}
      {links.length === 0 ? null : <InviteLinks links={links} />}
      <div className="people-acts">
        {options.data?.can_reset === true ? (
          <Button isBusy={isBusy} onClick={() => void send("mail")}>
            {t("inviteByMail")}
          </Button>
        ) : null}
        <Button isBusy={isBusy} onClick={() => void send("link")}>
          {t("showLinks")}
        </Button>
      </div>
    </section>
  );
}
