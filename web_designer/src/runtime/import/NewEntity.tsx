/** Makes a new entity of a sheet: its name is asked, the draft of the app gets it, and the designer opens its form to be looked over. */
import { useState, type FormEvent, type JSX } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { useApi } from "@/shared/api/context";
import { draftEntity, type ImportState } from "@/shared/api/imports";
import { Button } from "@/shared/ui/Button";
import { Dialog } from "@/shared/ui/Dialog";
import { Notice } from "@/shared/ui/Notice";
import { problemText } from "@/shared/ui/States";

export function NewEntity({ found, app }: { readonly found: ImportState; readonly app: string }): JSX.Element {
  const { t } = useTranslation("import");
  const api = useApi();
  const navigate = useNavigate();
  const [isOpen, setOpen] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [name, setName] = useState(() => found.file_name.replace(/\.[^.]*$/, "").slice(0, 60));
  const make = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (name.trim() === "" || isBusy) return;
    setBusy(true);
    setRefusal(null);
    try {
      const made = await draftEntity(api, app, found.id, name.trim());
      await navigate(`/design/${app}/forms/${made.form}`);
    } catch (problem) {
      setRefusal(problemText(problem, t));
      setBusy(false);
    }
  };
  return (
    <>
      <Button icon="design" onClick={() => setOpen(true)}>
        {t("newEntity")}
      </Button>
      {isOpen ? (
        <Dialog
          title={t("newEntity")}
          onClose={() => setOpen(false)}
          footer={
            <>
              <Button onClick={() => setOpen(false)}>{t("common:cancel")}</Button>
              <Button look="primary" type="submit" form="import-entity" isBusy={isBusy}>
                {t("newEntityMake")}
              </Button>
            </>
          }
        >
          {refusal === null ? null : <Notice look="error">{refusal}</Notice>}
          <form id="import-entity" className="import-part-plain" onSubmit={(event) => void make(event)}>
            <label className="import-option">
              <span>{t("newEntityName")}</span>
              <input className="input" required maxLength={60} value={name} onChange={(event) => setName(event.target.value)} />
            </label>
            <p className="import-help">{t("newEntityHelp")}</p>
          </form>
        </Dialog>
      ) : null}
    </>
  );
}
