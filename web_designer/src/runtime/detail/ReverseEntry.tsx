/** Takes back an entry of a ledger, after asking: shows the button, makes the entry that turns it round and opens that one. */
import { useState, type JSX } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { useApi } from "@/shared/api/context";
import { reverseEntry, type RecordJson } from "@/shared/api/records";
import { Problem } from "@/shared/api/problem";
import { Button } from "@/shared/ui/Button";
import { Confirm } from "@/shared/ui/Dialog";
import { Notice } from "@/shared/ui/Notice";
import { problemText } from "@/shared/ui/States";
import { useToast } from "@/shared/ui/Toasts";

export interface ReverseProps {
  readonly app: string;
  readonly entity: string;
  readonly record: RecordJson;
  readonly title: string;
}

export default function ReverseEntry({ app, entity, record, title }: ReverseProps): JSX.Element {
  const { t } = useTranslation("detail");
  const api = useApi();
  const navigate = useNavigate();
  const toast = useToast();
  const [isAsking, setAsking] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [key, setKey] = useState("");

  const ask = (): void => {
    setKey(crypto.randomUUID());
    setRefusal(null);
    setAsking(true);
  };
  const reverse = async (): Promise<void> => {
    setBusy(true);
    setRefusal(null);
    try {
      const made = await reverseEntry(api, app, entity, record.id, key);
      setAsking(false);
      toast(t("reversed", { name: title }));
      await navigate(`/apps/${app}/records/${entity}/${made.id}`);
    } catch (error) {
      const why = error instanceof Problem ? error.errors.map((one) => one.detail).join(" ") : "";
      setRefusal(why === "" ? problemText(error, t) : why);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Button onClick={ask}>{t("reverse")}</Button>
      {isAsking ? (
        <Confirm title={t("reverseTitle", { name: title })} confirmText={t("reverse")} isBusy={isBusy} onConfirm={() => void reverse()} onClose={() => setAsking(false)}>
          {refusal === null ? null : <Notice look="error">{refusal}</Notice>}
          <p>{t("reverseText")}</p>
        </Confirm>
      ) : null}
    </>
  );
}
