/** Lists the fields and functions an expression may use, for those who do not know their names: search, read, insert. */
import { useQuery } from "@tanstack/react-query";
import { type JSX, useDeferredValue, useId, useState } from "react";
import { useApi } from "@/shared/api/context";
import { label } from "@/shared/i18n/label";
import { Button } from "@/shared/ui/Button";
import { useTexts } from "../core/useTexts";
import { type Completion, type FunctionEntry, type FunctionGroup, type Subject, checkExpression, readFunctions } from "./expressionApi";
import { type FormulaWording, typeWords } from "./wording";

type Insert = (completion: Pick<Completion, "insert" | "caret" | "kind">, label: string) => void;
type BrowserProps = { readonly subject: Subject; readonly wording: FormulaWording; readonly onInsert: Insert; readonly onClose: () => void };

/** The group that stands for the fields of the record. */
const FIELDS = "fields";

export function FunctionBrowser({ subject, wording, onInsert, onClose }: BrowserProps): JSX.Element {
  const { t, language } = useTexts("designer.formula");
  const api = useApi();
  const id = useId();
  const [search, setSearch] = useState("");
  const [group, setGroup] = useState(FIELDS);
  const wanted = useDeferredValue(search.trim().toLowerCase());
  const functions = useQuery({ queryKey: ["functions"], queryFn: () => readFunctions(api), staleTime: Infinity });
  const fields = useQuery({ queryKey: ["expression fields", subject], queryFn: ({ signal }) => checkExpression(api, subject, "", 0, signal), staleTime: 5000 });
  const groups = usable(functions.data ?? [], subject.use);
  const own = (fields.data?.completions ?? []).filter((one) => one.kind === "field" || one.kind === "root");
  const foundFields = own.filter((one) => wanted === "" || [one.insert, ...Object.values(one.label)].some((text) => text.toLowerCase().includes(wanted)));
  const shownFields = wanted === "" && group !== FIELDS ? [] : foundFields;
  const shownFunctions = groups.filter((one) => wanted !== "" || one.key === group).flatMap((one) => one.functions.filter((row) => wanted === "" || meets(row, wanted)));
  return (
    <section className="formula-browser" aria-label={t("browser")}>
      <div className="formula-browser-head">
        <input className="input" type="search" aria-label={t("search")} placeholder={t("search")} value={search} onChange={(event) => setSearch(event.target.value)} />
        <Button look="text" icon="close" aria-label={t("close")} onClick={onClose} />
      </div>
      {wanted === "" ? (
        <div className="formula-groups" role="group" aria-label={t("groups")}>
          {[{ key: FIELDS, name: t("fields") }, ...groups.map((one) => ({ key: one.key, name: label(one.name, language, one.key) }))].map((one) => (
            <button key={one.key} type="button" aria-pressed={one.key === group} onClick={() => setGroup(one.key)}>
              {one.name}
            </button>
          ))}
        </div>
      ) : null}
      <ul className="formula-rows" aria-label={t("found")}>
        {shownFields.map((one) => (
          <li key={`field ${one.insert}`}>
            <button type="button" className="formula-row" title={t("insert")} onClick={() => onInsert(one, wording.labelOf(one))}>
              <span className="formula-chip">{wording.labelOf(one)}</span>
              <small>{one.type === null ? "" : typeWords(t, one.type)}</small>
            </button>
          </li>
        ))}
        {shownFunctions.map((row) => (
          <FunctionRow key={row.name} id={`${id}-${row.name}`} row={row} language={language} onInsert={onInsert} />
        ))}
      </ul>
      {functions.isError || fields.isError ? <p className="prop-fault">{t("unreachable")}</p> : null}
      {functions.isSuccess && shownFields.length + shownFunctions.length === 0 ? <p className="design-hint">{t("nothing")}</p> : null}
    </section>
  );
}

type RowProps = { readonly id: string; readonly row: FunctionEntry; readonly language: string; readonly onInsert: Insert };

function FunctionRow({ id, row, language, onInsert }: RowProps): JSX.Element {
  const { t } = useTexts("designer.formula");
  const [isOpen, setOpen] = useState(false);
  return (
    <li>
      <button type="button" className="formula-row" aria-expanded={isOpen} aria-controls={id} onClick={() => setOpen(!isOpen)}>
        <code>{titleOf(row)}</code>
        <small>{label(row.doc, language)}</small>
      </button>
      {isOpen ? (
        <div className="formula-help" id={id}>
          <p>
            <code>{row.written}</code>
          </p>
          <Button icon="add" onClick={() => onInsert({ insert: row.insert, caret: row.caret, kind: "function" }, row.name)}>
            {t("insert")}
          </Button>
          <dl>
            {row.arguments.map((argument) => (
              <div key={argument.name}>
                <dt>{label(argument.label, language, argument.name)}</dt>
                <dd>
                  {typeWords(t, argument.type)}
                  {argument.optional ? ` · ${argument.default === null ? t("optional") : t("default", { value: argument.default })}` : ""}
                </dd>
              </div>
            ))}
            <div>
              <dt>{t("answer")}</dt>
              <dd>{typeWords(t, row.type)}</dd>
            </div>
            {row.errors.length > 0 ? (
              <div>
                <dt>{t("errors")}</dt>
                <dd>{row.errors.join(", ")}</dd>
              </div>
            ) : null}
          </dl>
          {row.examples.map((example) => (
            <p key={example.text}>
              <code>
                {example.text} → {example.answer}
              </code>
            </p>
          ))}
        </div>
      ) : null}
    </li>
  );
}

/** Functions by name, operators as they are written. */
function titleOf(row: FunctionEntry): string {
  return /^[A-Z]/.test(row.name) ? row.name : row.written;
}

function meets(row: FunctionEntry, wanted: string): boolean {
  return [row.name, row.written, ...row.aliases, ...Object.values(row.doc)].some((text) => text.toLowerCase().includes(wanted));
}

/** Leave out what may not be called where the expression is used. */
function usable(groups: readonly FunctionGroup[], use: Subject["use"]): readonly FunctionGroup[] {
  const place = use === "where" || use === "filter" ? "sql" : use === "condition" ? "browser" : "python";
  const isUsable = (row: FunctionEntry): boolean => row.runs_in.includes(place) && (use !== "formula" || row.steady);
  return groups.map((group) => ({ ...group, functions: group.functions.filter(isUsable) })).filter((group) => group.functions.length > 0);
}
