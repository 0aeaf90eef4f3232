/** One's own second factor: set up with a QR code and a first code, recovery codes shown once, given up with the password. */
import { useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent, type JSX } from "react";
import { useTranslation } from "react-i18next";
import { useApi, useSession } from "@/shared/api/context";
import { readSession } from "@/shared/api/platform";
import { showInstant } from "@/shared/format/times";
import { Button } from "@/shared/ui/Button";
import { Dialog } from "@/shared/ui/Dialog";
import { Notice } from "@/shared/ui/Notice";
import { useTakeSession } from "../shell/session";
import { accountKeys, beginSecondFactor, confirmSecondFactor, refusalText, removeSecondFactor, renewRecoveryCodes, type Account, type Enrolment } from "./accountApi";
import { CopyButton } from "./CopyButton";
import { ProofDialog } from "./ProofDialog";

type Asked = "begin" | "renew" | "remove";

export function SecondFactorPart({ account }: { readonly account: Account }): JSX.Element {
  const { t, i18n } = useTranslation("account");
  const api = useApi();
  const client = useQueryClient();
  const take = useTakeSession();
  const session = useSession();
  const [asked, setAsked] = useState<Asked | null>(null);
  const [enrolment, setEnrolment] = useState<Enrolment | null>(null);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const factor = account.second_factor;
  const renew = (): Promise<void> => client.invalidateQueries({ queryKey: accountKeys.own });
  const proven = async (password: string): Promise<void> => {
    if (asked === "begin") setEnrolment(await beginSecondFactor(api, password));
    if (asked === "renew") setCodes(await renewRecoveryCodes(api, password));
    if (asked === "remove") await removeSecondFactor(api, password);
    setAsked(null);
    await renew();
  };
  const confirmed = (made: readonly string[]): void => {
    setEnrolment(null);
    setCodes(made);
    void renew();
  };
  const written = async (): Promise<void> => {
    setCodes(null);
    // Where one was required, everything else is open from here on.
    await take(await readSession(api));
  };
  return (
    <section className="account-part" aria-labelledby="account-factor-head">
      <h2 id="account-factor-head">{t("secondFactor")}</h2>
      <p className="account-help">{t("secondFactorHelp")}</p>
      {session.must_enrol ? <Notice look="warning">{t("mustEnrol")}</Notice> : null}
      {factor === null ? (
        <Button look="primary" onClick={() => setAsked("begin")}>
          {t("setUp")}
        </Button>
      ) : (
        <>
          <p>{t("factorSince", { when: showInstant(factor.since, i18n.language, session.time_zone), count: factor.recovery_codes })}</p>
          <div className="account-acts">
            <Button onClick={() => setAsked("renew")}>{t("newRecoveryCodes")}</Button>
            <Button onClick={() => setAsked("remove")}>{t("giveUp")}</Button>
          </div>
        </>
      )}
      {asked === null ? null : (
        <ProofDialog
          title={t({ begin: "setUp", renew: "newRecoveryCodes", remove: "giveUp" }[asked])}
          act={t(asked === "remove" ? "giveUp" : "continue")}
          hasPassword={account.has_password}
          isDanger={asked === "remove"}
          onProof={proven}
          onClose={() => setAsked(null)}
        >
          <p>{t({ begin: "setUpText", renew: "renewText", remove: "giveUpText" }[asked])}</p>
        </ProofDialog>
      )}
      {enrolment === null ? null : <EnrolDialog enrolment={enrolment} onConfirmed={confirmed} onClose={() => setEnrolment(null)} />}
      {codes === null ? null : <CodesDialog codes={codes} onClose={() => void written()} />}
    </section>
  );
}

function EnrolDialog({ enrolment, onConfirmed, onClose }: { readonly enrolment: Enrolment; readonly onConfirmed: (codes: readonly string[]) => void; readonly onClose: () => void }): JSX.Element {
  const { t } = useTranslation("account");
  const api = useApi();
  const [refusal, setRefusal] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const code = String(new FormData(event.currentTarget).get("code"));
    setBusy(true);
    setRefusal(null);
    try {
      onConfirmed(await confirmSecondFactor(api, code));
    } catch (error) {
      setRefusal(refusalText(error, t));
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={t("setUp")}
      onClose={onClose}
      footer={
        <Button look="primary" type="submit" form="enrol" isBusy={isBusy}>
          {t("confirm")}
        </Button>
      }
    >
      {refusal === null ? null : <Notice look="error">{refusal}</Notice>}
      <p>{t("scan")}</p>
      <img className="account-qr" alt={t("qr")} src={`data:image/svg+xml;utf8,${encodeURIComponent(enrolment.qr)}`} />
      <p className="account-help">{t("orType")}</p>
      <p className="account-secret">
        <code>{enrolment.secret.replace(/(.{4})(?=.)/g, "$1 ")}</code>
        <CopyButton text={enrolment.secret} />
      </p>
      <form id="enrol" className="form-item" onSubmit={(event) => void submit(event)}>
        <label className="form-label" htmlFor="enrol-code">
          {t("firstCode")}
        </label>
        <input id="enrol-code" name="code" className="input account-code" inputMode="numeric" autoComplete="one-time-code" required />
      </form>
    </Dialog>
  );
}

function CodesDialog({ codes, onClose }: { readonly codes: readonly string[]; readonly onClose: () => void }): JSX.Element {
  const { t } = useTranslation("account");
  return (
    <Dialog
      title={t("recoveryCodes")}
      onClose={onClose}
      footer={
        <>
          <CopyButton text={codes.join("\n")} />
          <Button look="primary" onClick={onClose}>
            {t("written")}
          </Button>
        </>
      }
    >
      <p>{t("recoveryHelp")}</p>
      <ul className="account-codes">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
