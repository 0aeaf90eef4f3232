/** Lists the rules of the entity a form is for: what each says and where; rules are added, ordered and taken away here. */
import type { JSX } from "react";
import { label } from "@/shared/i18n/label";
import { Button } from "@/shared/ui/Button";
import { useDesign, useDesignState, useDocument, usePublished } from "../../core/DesignContext";
import { entityOf, under } from "../../core/doc";
import type { Gesture } from "../../core/history";
import { useTexts } from "../../core/useTexts";
import { issuesAt } from "../issuePlaces";
import { addRule, missingIn, removeRule, rulesOf, rulesPointer, shiftRule } from "../rules";
import { Group } from "./controls";
import { focusPart } from "./focusPart";

export function RulesGroup({ entity }: { readonly entity: string }): JSX.Element {
  const { t } = useTexts("designer.form");
  const { store, labels } = useDesign();
  const document = useDocument();
  const published = usePublished();
  const issues = useDesignState((state) => state.issues);
  const rules = rulesOf(document, entity);
  const execute = (gesture: Gesture): void => void store.getState().execute(gesture);
  return (
    <Group title={t("group.rules")}>
      {rules.length === 0 ? <p className="design-hint">{t("rules.none")}</p> : null}
      <ol className="prop-list part-list">
        {rules.map((rule, index) => {
          const pointer = under(rulesPointer(entity), rule.key);
          const name = label(rule.message, labels, t("rule.new"));
          const field = entityOf(document, entity)?.fields.find((other) => other.key === rule.at);
          const isUnfinished = missingIn(rule).length > 0;
          const fault = isUnfinished ? t("rule.unfinished") : issuesAt(issues, pointer).length > 0 ? t("has-issue") : null;
          return (
            <li key={rule.key} data-rule={rule.key}>
              <button type="button" className="part-name" data-part={pointer} onClick={() => store.getState().select(pointer)} title={t("rule.edit")}>
                <span>{name}</span>
                {rule.at === undefined ? null : <small>{label(field?.name, labels, rule.at)}</small>}
                {fault === null ? null : <small className="part-fault">{fault}</small>}
              </button>
              <span className="prop-list-tools">
                <Button look="text" icon="up" aria-label={t("rule.up", { name })} disabled={index === 0} onClick={() => execute(shiftRule(document, pointer, -1))} />
                <Button
                  look="text"
                  icon="down"
                  aria-label={t("rule.down", { name })}
                  disabled={index === rules.length - 1}
                  onClick={() => execute(shiftRule(document, pointer, 1))}
                />
                <Button
                  look="text"
                  icon="trash"
                  aria-label={t("rule.remove", { name })}
                  disabled={rule.locked === true}
                  onClick={() => focusPart(rulesPointer(entity), () => execute(removeRule(document, pointer)))}
                />
              </span>
            </li>
          );
        })}
      </ol>
      <div>
        <Button
          icon="add"
          data-part={rulesPointer(entity)}
          onClick={() => {
            const made = addRule(document, published, entity);
            store.getState().execute(made.gesture, made.selection);
          }}
        >
          {t("rule.add")}
        </Button>
      </div>
    </Group>
  );
}
