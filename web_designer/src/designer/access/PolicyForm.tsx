/** One policy: its actions, whose records it is for and which of those, and what it lets people do with single fields. */
import { type JSX, useId } from "react";
import { label } from "@/shared/i18n/label";
import { Button } from "@/shared/ui/Button";
import { Notice } from "@/shared/ui/Notice";
import { useDesign, useDesignState, useDocument } from "../core/DesignContext";
import { type EntityDefinition, under } from "../core/doc";
import { useTexts } from "../core/useTexts";
import { issuesAt } from "../form/issuePlaces";
import { SelectControl, faultTexts } from "../form/panel/controls";
import { useEdit } from "../form/panel/useEdit";
import { FormulaControl } from "../formula/FormulaControl";
import { LevelTable } from "./LevelTable";
import { FINER, MAIN, type PolicyDefinition, ROWS, actionsOf, change, ownersOf, policyPointer, removePolicy, toggleAction, transitionsOf } from "./policies";

type Props = { readonly policy: PolicyDefinition; readonly entity: EntityDefinition };

export function PolicyForm({ policy, entity }: Props): JSX.Element {
  const { t, language } = useTexts("designer.access");
  const { app, store } = useDesign();
  const document = useDocument();
  const at = policyPointer(policy.key);
  const edit = useEdit(at);
  const issues = issuesAt(useDesignState((state) => state.issues), at);
  const inWhere = issuesAt(issues, under(at, "where"));
  const others = issues.filter((issue) => !inWhere.includes(issue));
  const isLocked = policy.locked === true;
  const rows = policy.rows ?? "all";
  const owners = ownersOf(entity).map((field) => ({ value: field.key, text: label(field.name, language, field.key) }));
  const owner = policy.owner ?? "created_by";
  const isListed = owner === "created_by" || owners.some((one) => one.value === owner);
  return (
    <fieldset className={policy.deny ? "access-policy access-denial" : "access-policy"} disabled={isLocked}>
      <legend>{policy.deny ? t("denial", { key: policy.key }) : t("policy", { key: policy.key })}</legend>
      {isLocked ? <Notice look="info">{t("locked")}</Notice> : null}
      {others.length > 0 ? <Notice look="error">{faultTexts(others, language).join(" ")}</Notice> : null}
      <Actions policy={policy} entity={entity} />
      <SelectControl
        title={t("rows")}
        value={rows}
        options={ROWS.map((value) => ({ value, text: t(`rows.${value}`) }))}
        onChange={(value) => void store.getState().execute(change(document, policy.key, { rows: value === "all" ? undefined : value }))}
      />
      {rows === "all" || rows === "shared" ? null : (
        <SelectControl
          title={t("owner")}
          value={owner}
          options={[{ value: "created_by", text: t("owner.created_by") }, ...(isListed ? [] : [{ value: owner, text: owner }]), ...owners]}
          onChange={(value) => void store.getState().execute(change(document, policy.key, { owner: value === "created_by" ? undefined : value }))}
        />
      )}
      <FormulaControl
        title={t("where")}
        name={`where-${policy.key}`}
        value={policy.where ?? ""}
        subject={{ app, entity: entity.key, use: "condition" }}
        hint={t("where.hint")}
        isDisabled={isLocked}
        issues={inWhere}
        onChange={(text) => edit.type("where", text === "" ? undefined : text)}
        onLeave={edit.leave}
      />
      <LevelTable policy={policy} entity={entity} />
      {isLocked ? null : (
        <Button look="text" icon="trash" onClick={() => void store.getState().execute(removePolicy(document, policy.key))}>
          {policy.deny ? t("remove-denial") : t("remove-policy")}
        </Button>
      )}
    </fieldset>
  );
}

function Actions({ policy, entity }: Props): JSX.Element {
  const { t, language } = useTexts("designer.access");
  const transitions = transitionsOf(entity);
  return (
    <>
      <div className="access-actions" role="group" aria-label={t("actions")}>
        {MAIN.map((action) => (
          <ActionCheck key={action} policy={policy} entity={entity} action={action} text={t(`action.${action}`)} />
        ))}
      </div>
      <details className="access-finer">
        <summary>{t("finer")}</summary>
        <div className="access-actions" role="group" aria-label={t("finer")}>
          {FINER.map((action) => (
            <ActionCheck key={action} policy={policy} entity={entity} action={action} text={t(`action.${action}`)} />
          ))}
          {transitions.map(({ key, name }) => (
            <ActionCheck key={key} policy={policy} entity={entity} action={`transition.${key}`} text={label(name, language, key)} />
          ))}
        </div>
      </details>
    </>
  );
}

function ActionCheck({ policy, entity, action, text }: Props & { readonly action: string; readonly text: string }): JSX.Element {
  const id = useId();
  const { store } = useDesign();
  const document = useDocument();
  const transitions = transitionsOf(entity).map(({ key }) => key);
  const toggle = (): void => {
    const gesture = toggleAction(document, policy, action, transitions);
    if (gesture !== null) store.getState().execute(gesture);
  };
  return (
    <label htmlFor={id} className="access-check">
      <input id={id} type="checkbox" checked={actionsOf(policy, transitions).has(action)} onChange={toggle} /> {text}
    </label>
  );
}
