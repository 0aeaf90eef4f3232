/** Makes a public link: its name, its bounds, and of a form the references a visitor may choose; then shows its address, once. */
import { useQueryClient } from "@tanstack/react-query";
import { useId, useRef, useState, type FormEvent, type JSX } from "react";
import { useTranslation } from "react-i18next";
import { useApi, useSession } from "@/shared/api/context";
import { Problem } from "@/shared/api/problem";
import { localToInstant } from "@/shared/format/times";
import { label } from "@/shared/i18n/label";
import type { EntityModel, FormDefinition } from "@/shared/renderer/types";
import { Button } from "@/shared/ui/Button";
import { copyText, selectText } from "@/shared/ui/copyText";
import { DateInput } from "@/shared/ui/DateInput";
import { Notice } from "@/shared/ui/Notice";
import { problemText } from "@/shared/ui/States";
import { makeLink, type NewLink as Wanted } from "./linksApi";
import "./links.css";

export interface NewLinkProps {
  readonly app: string;
  readonly entity: EntityModel;
  /** The record that is read; none for a form to fill. */
  readonly record?: string;
  /** The forms to choose from; none: the one the record is shown with. */
  readonly forms: readonly FormDefinition[];
  readonly name: string;
}

/** Every reference of an entity by its path, those of rows too; files and users one signs as are none to offer. */
function referencesOf(entity: EntityModel): readonly { readonly path: string; readonly name: EntityModel["name"] }[] {
  const found: { path: string; name: EntityModel["name"] }[] = [];
  for (const field of entity.fields) {
    if (field.to && field.types === undefined && field.to !== entity.key) found.push({ path: field.key, name: field.name });
    for (const inner of field.fields ?? []) if (inner.to && inner.types === undefined && inner.to !== entity.key) found.push({ path: `${field.key}.${inner.key}`, name: inner.name });
  }
  return found;
}

export function NewLink({ app, entity, record, forms, name }: NewLinkProps): JSX.Element {
  const { t, i18n } = useTranslation("links");
  const api = useApi();
  const zone = useSession().time_zone;
  const client = useQueryClient();
  const id = useId();
  const [until, setUntil] = useState("");
  const [url, setUrl] = useState<string | null>(null);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const references = record === undefined ? referencesOf(entity) : [];
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const said = (key: string): string => String(data.get(key) ?? "");
    const wanted: Wanted = {
      app,
      entity: entity.key,
      kind: record === undefined ? "fill" : "read",
      ...(record === undefined ? {} : { record }),
      form: said("form") || null,
      lookups: data.getAll("lookup").map(String),
      name: said("name").trim(),
      password: said("password") || null,
      expires_at: until === "" ? null : localToInstant(`${until}T23:59:59`, zone),
      most_uses: said("most") === "" ? null : Number(said("most")),
    };
    setBusy(true);
    setRefusal(null);
    try {
      setUrl(await makeLink(api, wanted));
      await client.invalidateQueries({ queryKey: ["public links"] });
    } catch (error) {
      const told = error instanceof Problem ? error.errors.map((one) => one.detail).join(" ") : "";
      setRefusal(told || problemText(error, t));
    } finally {
      setBusy(false);
    }
  };
  if (url !== null) return <MadeLink url={url} onAgain={() => setUrl(null)} />;
  return (
    <form className="links-form" onSubmit={(event) => void submit(event)}>
      {refusal === null ? null : <Notice look="error">{refusal}</Notice>}
      <label htmlFor={`${id}-name`}>{t("name")}</label>
      <input id={`${id}-name`} name="name" className="input" defaultValue={name} maxLength={100} required />
      {forms.length === 0 ? null : (
        <>
          <label htmlFor={`${id}-form`}>{t("form")}</label>
          <select id={`${id}-form`} name="form" className="input" defaultValue={forms[0]?.key ?? ""}>
            {forms.map((one) => (
              <option key={one.key} value={one.key}>
                {label(one.name, i18n.language, one.key)}
              </option>
            ))}
          </select>
        </>
      )}
      <label htmlFor={`${id}-password`}>{t("password")}</label>
      <input id={`${id}-password`} name="password" className="input" type="text" minLength={8} maxLength={200} autoComplete="off" placeholder={t("optional")} />
      <label htmlFor={`${id}-until`}>{t("ends")}</label>
      <DateInput inputId={`${id}-until`} value={until} onChange={setUntil} aria={{}} />
      <label htmlFor={`${id}-most`}>{t(record === undefined ? "mostSent" : "mostOpened")}</label>
      <input id={`${id}-most`} name="most" className="input" type="number" min={1} max={1_000_000} step={1} inputMode="numeric" placeholder={t("optional")} />
      {references.length === 0 ? null : (
        <fieldset className="links-lookups">
          <legend>{t("lookups")}</legend>
          {references.map((one) => (
            <label key={one.path}>
              <input type="checkbox" name="lookup" value={one.path} />
              {label(one.name, i18n.language, one.path)}
            </label>
          ))}
          <p className="links-facts">{t("lookupsHelp")}</p>
        </fieldset>
      )}
      <p className="links-facts links-wide">{t(record === undefined ? "fillHelp" : "readHelp")}</p>
      <div className="links-wide">
        <Button look="primary" type="submit" isBusy={isBusy}>
          {t("make")}
        </Button>
      </div>
    </form>
  );
}

function MadeLink({ url, onAgain }: { readonly url: string; readonly onAgain: () => void }): JSX.Element {
  const { t } = useTranslation("links");
  const id = useId();
  const address = useRef<HTMLInputElement>(null);
  const [isCopied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    const came = await copyText(url);
    setCopied(came);
    if (!came) selectText(address.current);
  };
  return (
    <div className="links-made">
      <Notice look="info">{t("made")}</Notice>
      <label htmlFor={id}>{t("address")}</label>
      <input ref={address} id={id} className="input" readOnly value={url} onFocus={(event) => event.currentTarget.select()} />
      <div className="links-acts">
        <Button icon={isCopied ? "check" : "copy"} onClick={() => void copy()}>
          {t(isCopied ? "copied" : "copy")}
        </Button>
        <Button look="text" onClick={onAgain}>
          {t("another")}
        </Button>
      </div>
    </div>
  );
}
