/** The mark beside a computed value; pressed, it shows how the value comes about: formula, what it reads, records behind it. */
import { useQuery } from "@tanstack/react-query";
import { useState, type JSX } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useApi } from "@/shared/api/context";
import { recordsPath } from "@/shared/api/records";
import { label } from "@/shared/i18n/label";
import { Button } from "@/shared/ui/Button";
import { Dialog } from "@/shared/ui/Dialog";
import { Failed, Loading } from "@/shared/ui/States";
import { useForm } from "../FormContext";
import { entityOf, fieldOf, zoneOf, type FieldModel, type Labels } from "../types";
import { ValueText } from "../ValueText";
import "./explain.css";

interface ReadInput {
  readonly path: readonly string[];
  readonly name: Labels;
  readonly value: unknown;
  readonly title?: unknown;
  readonly record: { readonly entity: string; readonly id: string; readonly title: string | null } | null;
  readonly hidden: boolean;
}

interface ReadList {
  readonly path: readonly string[];
  readonly name: Labels;
  readonly entity: string;
  readonly columns: readonly { readonly key: string; readonly name: Labels }[];
  readonly count: number | null;
  readonly hidden: number;
  readonly records: readonly { readonly id: string; readonly owner: string | null; readonly title: unknown; readonly values: Readonly<Record<string, unknown>> }[];
}

interface Explanation {
  readonly words: Labels;
  readonly value: unknown;
  readonly error: string | null;
  readonly inputs: readonly ReadInput[];
  readonly lists: readonly ReadList[];
}

export function ExplainValue({ field }: { readonly field: FieldModel }): JSX.Element {
  const { t } = useTranslation("explain");
  const { language } = useForm();
  const [isOpen, setOpen] = useState(false);
  const name = label(field.name, language, field.key);
  return (
    <>
      <button type="button" className="explain-mark" aria-label={t("ask", { name })} title={t("ask", { name })} onClick={() => setOpen(true)} />
      {isOpen ? (
        <Dialog title={t("title", { name })} onClose={() => setOpen(false)} footer={<Button onClick={() => setOpen(false)}>{t("close")}</Button>}>
          <Told field={field} />
        </Dialog>
      ) : null}
    </>
  );
}

function Told({ field }: { readonly field: FieldModel }): JSX.Element {
  const { t } = useTranslation("explain");
  const api = useApi();
  const { model, store, language } = useForm();
  const told = useQuery({
    queryKey: ["explain", model.app, store.entity.key, store.id, field.key, store.get("updated_at")],
    queryFn: ({ signal }) => api.json<Explanation>(`${recordsPath(model.app, store.entity.key)}/${store.id}/explain/${field.key}`, { signal }),
    staleTime: 0,
  });
  if (told.isError) return <Failed error={told.error} onRetry={() => void told.refetch()} />;
  if (!told.data) return <Loading />;
  const { words, value, error, inputs, lists } = told.data;
  return (
    <div className="explain">
      <p>
        <code>{label(words, language, "")}</code>
      </p>
      <p className="explain-value">
        = <ValueText field={field} value={value} title={null} error={error} language={language} zone={zoneOf(model)} />
      </p>
      {inputs.length > 0 ? (
        <dl>
          {inputs.map((input) => (
            <div key={input.path.join(".")}>
              <dt>{label(input.name, language, input.path.join("."))}</dt>
              <dd>{input.hidden ? <span className="explain-quiet">{t("hidden")}</span> : <Input input={input} />}</dd>
            </div>
          ))}
        </dl>
      ) : null}
      {lists.map((list) => (
        <Behind key={list.path.join(".")} list={list} />
      ))}
    </div>
  );
}

function Input({ input }: { readonly input: ReadInput }): JSX.Element {
  const { model, store, language } = useForm();
  const [last = ""] = input.path.slice(-1);
  const entity = input.record === null ? store.entity : entityOf(model, input.record.entity);
  const field = (entity === undefined ? undefined : fieldOf(entity, last)) ?? { key: last, kind: "text", name: {} };
  return (
    <>
      <ValueText field={field} value={input.value} title={input.title} language={language} zone={zoneOf(model)} />
      {input.record === null || input.record.entity.includes(".") ? null : (
        <Link className="explain-from" to={`/apps/${model.app}/records/${input.record.entity}/${input.record.id}`}>
          {input.record.title ?? input.record.id.slice(0, 8)}
        </Link>
      )}
    </>
  );
}

function Behind({ list }: { readonly list: ReadList }): JSX.Element {
  const { t } = useTranslation("explain");
  const { model, language } = useForm();
  const [owner = "", rows] = list.entity.split(".");
  const entity = entityOf(model, owner);
  const fieldsOf = (key: string): FieldModel => (entity === undefined ? undefined : fieldOf(entity, rows === undefined ? key : `${rows}.${key}`)) ?? { key, kind: "text", name: {} };
  const more = (list.count ?? 0) - list.records.length;
  return (
    <section>
      <h3>{t("behind", { name: label(list.name, language, list.path.join(".")), count: list.count ?? 0 })}</h3>
      {list.records.length > 0 ? (
        <div className="explain-table">
          <table>
            <thead>
              <tr>
                <th scope="col">{t("record")}</th>
                {list.columns.map((column) => (
                  <th key={column.key} scope="col">
                    {label(column.name, language, column.key)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {list.records.map((record) => (
                <tr key={record.id}>
                  <td>{entity === undefined ? String(record.title ?? "") : <Link to={`/apps/${model.app}/records/${owner}/${record.owner ?? record.id}`}>{typeof record.title === "string" && record.title !== "" ? record.title : record.id.slice(0, 8)}</Link>}</td>
                  {list.columns.map((column) => (
                    <td key={column.key}>
                      <ValueText field={fieldsOf(column.key)} value={record.values[column.key]} title={null} language={language} zone={zoneOf(model)} />
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : null}
      {more > 0 ? <p className="explain-quiet">{t("more", { count: more })}</p> : null}
      {list.hidden > 0 ? <p className="explain-quiet">{t("hiddenRecords", { count: list.hidden })}</p> : null}
    </section>
  );
}
