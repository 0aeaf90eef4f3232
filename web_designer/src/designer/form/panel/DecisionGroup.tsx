/** Shows and edits whether an entity is a decision table, and how it decides: inputs, outputs, what becomes of the rows that match, days. */
import type { JSX } from "react";
import { label } from "@/shared/i18n/label";
import { Button } from "@/shared/ui/Button";
import { Notice } from "@/shared/ui/Notice";
import { useDesign, useDesignState, useDocument } from "../../core/DesignContext";
import { type DecisionDefinition, type DecisionInput, type EntityDefinition, entityOf, under } from "../../core/doc";
import type { Gesture } from "../../core/history";
import { useTexts } from "../../core/useTexts";
import { decisionPointer } from "../decisionFields";
import { MATCHES, NUMBERS, ORDERED, POLICIES, addInput, changeInput, decisionOf, givable, matchable, setDeciding, setMatch } from "../decisions";
import { issuesAt } from "../issuePlaces";
import { Group, SelectControl, SwitchControl, faultTexts } from "./controls";
import { focusPart } from "./focusPart";
import { Labelled } from "./Labelled";
import { useEdit } from "./useEdit";

export function DecisionGroup({ entity: key }: { readonly entity: string }): JSX.Element | null {
  const { t, language } = useTexts("designer.form");
  const { store } = useDesign();
  const document = useDocument();
  const issues = issuesAt(useDesignState((state) => state.issues), decisionPointer(key));
  const entity = entityOf(document, key);
  if (!entity || !["record", "decision"].includes(entity.kind ?? "record")) return null;
  const decision = decisionOf(entity);
  return (
    <Group title={t("group.decision")}>
      <SwitchControl
        title={t("decision.is")}
        value={decision !== null}
        hint={t("decision.hint")}
        onChange={(decides) => void store.getState().execute(setDeciding(document, key, decides))}
      />
      {issues.length > 0 ? <Notice look="error">{faultTexts(issues, language).join(" ")}</Notice> : null}
      {decision === null ? null : <Inputs entity={entity} decision={decision} />}
      {decision === null ? null : <Answers entity={entity} decision={decision} />}
    </Group>
  );
}

type PartProps = { readonly entity: EntityDefinition; readonly decision: DecisionDefinition };

function Inputs({ entity, decision }: PartProps): JSX.Element {
  const { t } = useTexts("designer.form");
  const { store, labels } = useDesign();
  const document = useDocument();
  const list = under(decisionPointer(entity.key), "inputs");
  const execute = (gesture: Gesture): void => void store.getState().execute(gesture);
  return (
    <>
      <h4>{t("decision.inputs")}</h4>
      <ol className="prop-list">
        {decision.inputs.map((input, index) => {
          const field = entity.fields.find((other) => other.key === (input.field ?? input.from ?? input.to));
          const name = label(input.name, labels, label(field?.name, labels, input.key));
          return (
            <li key={input.key} data-input={input.key}>
              <div className="prop-list-tools">
                <code>{name}</code>
                <Button look="text" icon="up" aria-label={t("decision.up", { name })} disabled={index === 0} onClick={() => execute(changeInput(document, entity.key, input.key, -1))} />
                <Button
                  look="text"
                  icon="down"
                  aria-label={t("decision.down", { name })}
                  disabled={index === decision.inputs.length - 1}
                  onClick={() => execute(changeInput(document, entity.key, input.key, 1))}
                />
                <Button
                  look="text"
                  icon="trash"
                  aria-label={t("decision.remove", { name })}
                  disabled={decision.inputs.length === 1}
                  onClick={() => focusPart(list, () => execute(changeInput(document, entity.key, input.key, 0)))}
                />
              </div>
              <SelectControl
                title={t("decision.match")}
                value={input.match}
                options={MATCHES.map((match) => ({ value: match, text: t(`decision.match.${match}`) }))}
                onChange={(match) => execute(setMatch(document, entity.key, input, match))}
              />
              <Fields entity={entity} input={input} />
              <Labelled pointer={under(list, input.key)} property="name" />
            </li>
          );
        })}
      </ol>
      <div>
        <Button icon="add" data-part={list} disabled={decision.inputs.length >= 12} onClick={() => execute(addInput(document, entity.key))}>
          {t("decision.add")}
        </Button>
      </div>
    </>
  );
}

function Fields({ entity, input }: { readonly entity: EntityDefinition; readonly input: DecisionInput }): JSX.Element {
  const { t } = useTexts("designer.form");
  const edit = useEdit(under(decisionPointer(entity.key), "inputs", input.key));
  const fields = matchable(entity, input.match);
  return (
    <>
      {(input.match === "range" ? (["from", "to"] as const) : (["field"] as const)).map((name) => (
        <FieldSelect key={name} title={t(`decision.${name}`)} fields={fields} value={input[name]} none={name === "field" ? null : t("decision.open")} onChoose={(key) => edit.choose(name, key)} />
      ))}
    </>
  );
}

type FieldSelectProps = {
  readonly title: string;
  readonly fields: EntityDefinition["fields"];
  readonly value: string | undefined;
  /** What choosing no field means; null where there has to be one. */
  readonly none: string | null;
  readonly hint?: string;
  readonly onChoose: (key: string | undefined) => void;
};

function FieldSelect({ title, fields, value, none, hint, onChoose }: FieldSelectProps): JSX.Element {
  const { labels } = useDesign();
  const isKnown = value === undefined || fields.some((field) => field.key === value);
  return (
    <SelectControl
      title={title}
      value={value ?? ""}
      options={[
        ...(none === null && value !== undefined ? [] : [{ value: "", text: none ?? "" }]),
        ...(isKnown ? [] : [{ value, text: value }]),
        ...fields.map((field) => ({ value: field.key, text: label(field.name, labels, field.key) })),
      ]}
      {...(hint === undefined ? {} : { hint })}
      onChange={(key) => onChoose(key === "" ? undefined : key)}
    />
  );
}

function Answers({ entity, decision }: PartProps): JSX.Element {
  const { t } = useTexts("designer.form");
  const { labels } = useDesign();
  const edit = useEdit(decisionPointer(entity.key));
  const used = new Set([...decision.inputs.flatMap(({ field, from, to }) => [field, from, to]), decision.first, decision.last]);
  const outputs = givable(entity, decision.policy).filter(({ key }) => decision.outputs.includes(key) || !used.has(key));
  const numbers = entity.fields.filter((field) => NUMBERS.includes(field.kind));
  const days = entity.fields.filter((field) => field.kind === "date");
  const put = (key: string, isGiven: boolean): void => edit.choose("outputs", isGiven ? [...decision.outputs, key] : decision.outputs.filter((other) => other !== key));
  return (
    <>
      <SelectControl
        title={t("decision.policy")}
        value={decision.policy}
        options={POLICIES.map((policy) => ({ value: policy, text: t(`decision.policy.${policy}`) }))}
        onChange={(policy) => edit.choose("policy", policy)}
      />
      <h4>{t("decision.outputs")}</h4>
      {outputs.map((field) => (
        <SwitchControl key={field.key} title={label(field.name, labels, field.key)} value={decision.outputs.includes(field.key)} onChange={(isGiven) => put(field.key, isGiven)} />
      ))}
      {ORDERED.includes(decision.policy) || decision.order !== undefined ? (
        <FieldSelect title={t("decision.order")} fields={numbers} value={decision.order} none={t("decision.most-said")} hint={t("decision.order-hint")} onChoose={(key) => edit.choose("order", key)} />
      ) : null}
      <FieldSelect title={t("decision.first")} fields={days} value={decision.first} none={t("decision.always")} onChoose={(key) => edit.choose("first", key)} />
      <FieldSelect title={t("decision.last")} fields={days} value={decision.last} none={t("decision.always")} hint={t("decision.days-hint")} onChoose={(key) => edit.choose("last", key)} />
      <SwitchControl title={t("decision.overlap")} value={decision.overlap === "refuse"} hint={t("decision.overlap-hint")} onChange={(isRefused) => edit.choose("overlap", isRefused ? "refuse" : undefined)} />
    </>
  );
}
