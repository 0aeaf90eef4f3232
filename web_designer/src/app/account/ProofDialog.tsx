/** Asks for one's password before something that changes how one signs in. */
import { useState, type FormEvent, type JSX, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useSession } from "@/shared/api/context";
import { Button } from "@/shared/ui/Button";
import { Dialog } from "@/shared/ui/Dialog";
import { Notice } from "@/shared/ui/Notice";
import { PasswordInput } from "@/shared/ui/PasswordInput";
import { refusalText } from "./accountApi";

export interface ProofProps {
  readonly title: string;
  readonly act: string;
  readonly hasPassword: boolean;
  readonly isDanger?: boolean;
  readonly onProof: (password: string) => Promise<void>;
  readonly onClose: () => void;
  readonly children?: ReactNode;
}

export function ProofDialog({ title, act, hasPassword, isDanger = false, onProof, onClose, children }: ProofProps): JSX.Element {
  const { t } = useTranslation("account");
  const { user } = useSession();
  const [refusal, setRefusal] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const password = String(new FormData(event.currentTarget).get("password") ?? "");
    setBusy(true);
    setRefusal(null);
    try {
      await onProof(password);
    } catch (error) {
      setRefusal(refusalText(error, t));
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={title}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t("common:cancel")}</Button>
          <Button look={isDanger ? "danger" : "primary"} type="submit" form="proof" isBusy={isBusy}>
            {act}
          </Button>
        </>
      }
    >
      {refusal === null ? null : <Notice look="error">{refusal}</Notice>}
      {children}
      <form id="proof" className="form-item" onSubmit={(event) => void submit(event)}>
        <input type="hidden" name="username" autoComplete="username" value={user.email} readOnly />
        {hasPassword ? (
          <>
            <label className="form-label" htmlFor="proof-password">
              {t("yourPassword")}
            </label>
            <PasswordInput id="proof-password" name="password" autoComplete="current-password" required autoFocus />
          </>
        ) : null}
      </form>
    </Dialog>
  );
}
