/** A provider being set up: what its kind asks for, and whom it lets in; the secret is written and never read back. */
import { useState, type FormEvent, type JSX } from "react";
import { useTranslation } from "react-i18next";
import { useApi } from "@/shared/api/context";
import { Button } from "@/shared/ui/Button";
import { Dialog } from "@/shared/ui/Dialog";
import { Notice } from "@/shared/ui/Notice";
import { FIELDS, groupRolesIn, groupRolesText, wordsIn, type ProviderField } from "./providerFields";
import { refusalText, saveProvider, type Provider, type ProviderKind } from "./peopleApi";

export interface ProviderDialogProps {
  readonly known: Provider | null;
  readonly kind: ProviderKind;
  readonly onClose: () => void;
}

export function ProviderDialog({ known, kind, onClose }: ProviderDialogProps): JSX.Element {
  const { t } = useTranslation("people");
  const api = useApi();
  const [refusal, setRefusal] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const text = (name: string): string => String(data.get(name) ?? "").trim();
    const options = Object.fromEntries(FIELDS[kind].map((field) => [field.name, valueOf(field, text(field.name))]));
    setBusy(true);
    setRefusal(null);
    try {
      const secret = String(data.get("secret") ?? "");
      await saveProvider(api, known?.key ?? text("key"), {
        revision: known?.revision ?? 0,
        kind,
        name: text("name"),
        is_active: data.get("active") === "on",
        options,
        ...(secret === "" ? {} : { secret }),
      });
      onClose();
    } catch (error) {
      setRefusal(refusalText(error, t));
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={known?.name ?? t(kind === "oidc" ? "addOidc" : "addLdap")}
      place="side"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t("common:cancel")}</Button>
          <Button look="primary" type="submit" form="provider" isBusy={isBusy}>
            {t("common:save")}
          </Button>
        </>
      }
    >
      <form id="provider" className="people-form" onSubmit={(event) => void submit(event)}>
        {refusal === null ? null : <Notice look="error">{refusal}</Notice>}
        <Line name="name" value={known?.name ?? ""} isNeeded />
        {known === null ? <Line name="key" value={kind === "oidc" ? "sso" : "ldap"} isNeeded /> : null}
        <label className="people-choice">
          <input type="checkbox" name="active" defaultChecked={known?.is_active ?? true} />
          <span>{t("option.active")}</span>
        </label>
        {FIELDS[kind].map((field) => (
          <Option key={field.name} field={field} value={known?.options[field.name]} />
        ))}
        <Line name="secret" value="" kind="password" help={known?.has_secret === true ? t("secretKept") : t("secretHelp")} />
      </form>
    </Dialog>
  );
}

function valueOf(field: ProviderField, text: string): unknown {
  if (field.shape === "words") return wordsIn(text);
  if (field.shape === "groups") return groupRolesIn(text);
  if (field.shape === "number") return Number(text);
  if (field.shape === "flag") return text === "on";
  return text;
}

function Option({ field, value }: { readonly field: ProviderField; readonly value: unknown }): JSX.Element {
  const { t } = useTranslation("people");
  const id = `provider-${field.name}`;
  const now = value ?? field.begins;
  const help = field.hasHelp === true ? t(`help.${field.name}`) : "";
  if (field.shape === "flag") {
    return (
      <label className="people-choice">
        <input type="checkbox" name={field.name} defaultChecked={now === true} />
        <span>{t(`option.${field.name}`)}</span>
      </label>
    );
  }
  if (field.shape === "choice") {
    return (
      <div className="form-item">
        <label className="form-label" htmlFor={id}>
          {t(`option.${field.name}`)}
        </label>
        <select id={id} name={field.name} className="input" defaultValue={String(now)}>
          {(field.choices ?? []).map((choice) => (
            <option key={choice} value={choice}>
              {t(`choice.${field.name}.${choice}`)}
            </option>
          ))}
        </select>
        {help === "" ? null : <p className="people-quiet">{help}</p>}
      </div>
    );
  }
  const shown = field.shape === "words" ? (now as readonly string[]).join(" ") : field.shape === "groups" ? groupRolesText(now) : String(now);
  return <Line name={field.name} value={shown} isNeeded={field.isNeeded === true} isLong={field.shape === "long" || field.shape === "groups"} kind={field.shape === "number" ? "number" : "text"} help={help} />;
}

interface LineProps {
  readonly name: string;
  readonly value: string;
  readonly isNeeded?: boolean;
  readonly isLong?: boolean;
  readonly kind?: "text" | "number" | "password";
  readonly help?: string;
}

function Line({ name, value, isNeeded = false, isLong = false, kind = "text", help = "" }: LineProps): JSX.Element {
  const { t } = useTranslation("people");
  const id = `provider-${name}`;
  const about = help === "" ? {} : { "aria-describedby": `${id}-help` };
  return (
    <div className="form-item">
      <label className="form-label" htmlFor={id}>
        {t(`option.${name}`)}
      </label>
      {isLong ? (
        <textarea id={id} name={name} className="input textarea" defaultValue={value} spellCheck={false} {...about} />
      ) : (
        <input id={id} name={name} className="input" type={kind} defaultValue={value} required={isNeeded} spellCheck={false} autoComplete={kind === "password" ? "new-password" : "off"} {...about} />
      )}
      {help === "" ? null : (
        <p id={`${id}-help`} className="people-quiet">
          {help}
        </p>
      )}
    </div>
  );
}
