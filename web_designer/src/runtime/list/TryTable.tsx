/** Asks a decision table what it answers: a form for its inputs, the answer, and the rows that match in their order. */
import { useMutation } from "@tanstack/react-query";
import { useMemo, type JSX } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useApi } from "@/shared/api/context";
import { decide, type Decided } from "@/shared/api/decisions";
import { useModel } from "@/shared/api/model";
import type { RecordJson } from "@/shared/api/records";
import { showCount } from "@/shared/format/numbers";
import { label } from "@/shared/i18n/label";
import { isBlank } from "@/shared/renderer/fieldValues";
import { FormModel } from "@/shared/renderer/formModel";
import { FormView } from "@/shared/renderer/FormView";
import { beside } from "@/shared/renderer/pointing";
import { entityOf, zoneOf, type DecisionModel, type EntityModel, type FieldModel } from "@/shared/renderer/types";
import { ValueText } from "@/shared/renderer/ValueText";
import { Button } from "@/shared/ui/Button";
import { Dialog } from "@/shared/ui/Dialog";
import { problemText } from "@/shared/ui/States";
import { answerField, DAY, inputFields, isDated, shownFields } from "./tryTable";
import "./try.css";

export interface TryTableProps {
  readonly entity: EntityModel;
  readonly decision: DecisionModel;
  readonly link: (row: RecordJson) => string;
  readonly onClose: () => void;
}

export function TryTable({ entity, decision, link, onClose }: TryTableProps): JSX.Element {
  const { t, i18n } = useTranslation(["decide", "form"]);
  const api = useApi();
  const model = useModel();
  const day = useMemo(() => ({ [i18n.language]: t("day") }), [i18n.language, t]);
  const asking = useMemo((): EntityModel => ({ ...entity, rules: [], computed: [], fields: inputFields(entity, decision, day) }), [entity, decision, day]);
  const store = useMemo(() => new FormModel({ entity: asking, entities: (one) => entityOf(model, one), record: { id: "", revision: 1 }, user: null, now: new Date(), zone: zoneOf(model) }), [asking, model]);
  const form = useMemo(() => ({ nodes: asking.fields.map((field) => ({ key: field.key, kind: "input" as const, field: field.key })) }), [asking]);
  const asked = useMutation({
    mutationFn: () => {
      const { [DAY]: date = null, ...inputs } = store.payload().values;
      return decide(api, model.app, entity.key, inputs, date as string | null);
    },
  });
  return (
    <Dialog
      title={t("title", { name: label(entity.name, i18n.language, entity.key) })}
      place="side"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t("common:close")}</Button>
          <Button look="primary" type="submit" form="try-form" isBusy={asked.isPending}>
            {t("run")}
          </Button>
        </>
      }
    >
      <form
        id="try-form"
        className="try"
        onSubmit={(event) => {
          event.preventDefault();
          asked.mutate();
        }}
      >
        <p className="form-help">{t(isDated(decision) ? "helpDated" : "help")}</p>
        <FormView model={model} entity={asking} form={form} mode="edit" language={i18n.language} isCompact store={store} />
      </form>
      {asked.isError ? (
        <p className="form-error" role="alert">
          {problemText(asked.error, t)}
        </p>
      ) : null}
      {asked.data === undefined ? null : <Answer entity={entity} decision={decision} decided={asked.data} link={link} />}
    </Dialog>
  );
}

interface AnswerProps {
  readonly entity: EntityModel;
  readonly decision: DecisionModel;
  readonly decided: Decided;
  readonly link: (row: RecordJson) => string;
}

function Answer({ entity, decision, decided, link }: AnswerProps): JSX.Element {
  const { t, i18n } = useTranslation("decide");
  const isOne = decision.policy === "first" || decision.policy === "only";
  const fields = shownFields(entity, decision);
  return (
    <div className="try-answer" aria-live="polite">
      <h3>{t(`policy.${decision.policy}`)}</h3>
      <dl className="try-values">
        {decision.outputs.map((key) => (
          <Output key={key} field={answerField(entity, decision, key)} answer={decided.answers[key]} row={isOne ? decided.records[0] : undefined} />
        ))}
      </dl>
      <h3>{decided.total === 0 ? t("noRows") : t("rows", { count: decided.total, shown: showCount(decided.total, i18n.language) })}</h3>
      <ol className="try-rows">
        {decided.records.map((row, place) => (
          <li key={row.id} className={isOne && place > 0 ? "try-row is-beaten" : "try-row"}>
            <Link to={link(row)}>{titleOf(entity, row)}</Link>
            {isOne && place === 0 && decided.total > 1 ? <span className="try-mark">{t("decides")}</span> : null}
            <Cells fields={fields} row={row} />
          </li>
        ))}
      </ol>
    </div>
  );
}

function Output({ field, answer, row }: { readonly field: FieldModel | undefined; readonly answer: Decided["answers"][string] | undefined; readonly row: RecordJson | undefined }): JSX.Element | null {
  const { t, i18n } = useTranslation("decide");
  const model = useModel();
  if (field === undefined || answer === undefined) return null;
  const values = Array.isArray(answer.value) && !Array.isArray(row?.[field.key]) ? (answer.value as unknown[]) : [answer.value];
  const isNothing = answer.error === undefined && values.every(isBlank);
  return (
    <div>
      <dt>{label(field.name, i18n.language, field.key)}</dt>
      <dd>
        {isNothing ? <span className="state-quiet">{t("nothing")}</span> : null}
        {isNothing
          ? null
          : values.map((value, place) => (
              <span key={place} className="try-value">
                <ValueText field={field} value={value} title={beside(row, field)} error={answer.error} language={i18n.language} zone={zoneOf(model)} />
              </span>
            ))}
      </dd>
    </div>
  );
}

/** What a row is found by and what it gives; what it leaves blank takes anything and is not shown. */
function Cells({ fields, row }: { readonly fields: readonly FieldModel[]; readonly row: RecordJson }): JSX.Element {
  const { i18n } = useTranslation("decide");
  const model = useModel();
  return (
    <dl className="try-cells">
      {fields
        .filter((field) => !isBlank(row[field.key]))
        .map((field) => (
          <div key={field.key}>
            <dt>{label(field.name, i18n.language, field.key)}</dt>
            <dd>
              <ValueText field={field} value={row[field.key]} title={beside(row, field)} language={i18n.language} zone={zoneOf(model)} />
            </dd>
          </div>
        ))}
    </dl>
  );
}

function titleOf(entity: EntityModel, row: RecordJson): string {
  const title = entity.title ? row[entity.title] : undefined;
  return typeof title === "string" && title !== "" ? title : row.id.slice(0, 8);
}
