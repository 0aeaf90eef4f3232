/** What a policy lets people do with single fields: a level each, `when` for some of the records only, and the level of the others. */
import type { JSX } from "react";
import { label } from "@/shared/i18n/label";
import { useDesign, useDesignState, useDocument } from "../core/DesignContext";
import { type EntityDefinition, under } from "../core/doc";
import { useTexts } from "../core/useTexts";
import { issuesAt } from "../form/issuePlaces";
import { SelectControl } from "../form/panel/controls";
import { useEdit } from "../form/panel/useEdit";
import { FormulaControl } from "../formula/FormulaControl";
import { LEVELS, type Level, type PolicyDefinition, type PolicyLevel, change, fieldsOf, policyPointer, setLevel } from "./policies";

type Props = { readonly policy: PolicyDefinition; readonly entity: EntityDefinition };

export function LevelTable({ policy, entity }: Props): JSX.Element {
  const { t, language } = useTexts("designer.access");
  const { store } = useDesign();
  const document = useDocument();
  const levels = policy.levels ?? [];
  return (
    <details className="access-finer" open={levels.length > 0}>
      <summary>{levels.length === 0 ? t("fields") : t("fields.count", { count: levels.length })}</summary>
      {policy.deny ? null : (
        <SelectControl
          title={t("others")}
          value={policy.others ?? "write"}
          options={(["write", "read", "hidden"] as const).map((value) => ({ value, text: t(`level.${value}`) }))}
          onChange={(value) => void store.getState().execute(change(document, policy.key, { others: value === "write" ? undefined : value }))}
        />
      )}
      <table className="access-levels">
        <thead>
          <tr>
            <th scope="col">{t("field")}</th>
            <th scope="col">{t("level")}</th>
          </tr>
        </thead>
        <tbody>
          {fieldsOf(entity).map(({ key, field, inside }) => {
            const there = levels.find((one) => one.key === key);
            const name = `${inside === undefined ? "" : `${label(inside.name, language, inside.key)} › `}${label(field.name, language, field.key)}`;
            return (
              <tr key={key}>
                <th scope="row">{name}</th>
                <td>
                  <select
                    className="input"
                    aria-label={t("level-of", { name })}
                    value={there?.level ?? ""}
                    onChange={(event) => void store.getState().execute(setLevel(document, policy, key, event.target.value === "" ? null : (event.target.value as Level)))}
                  >
                    <option value="">{t("level.as-others")}</option>
                    {LEVELS.map((level) => (
                      <option key={level} value={level}>
                        {t(`level.${level}`)}
                      </option>
                    ))}
                  </select>
                  {there === undefined ? null : <When policy={policy} entity={entity} level={there} name={name} />}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </details>
  );
}

function When({ policy, entity, level, name }: Props & { readonly level: PolicyLevel; readonly name: string }): JSX.Element {
  const { t } = useTexts("designer.access");
  const { app } = useDesign();
  const at = under(policyPointer(policy.key), "levels", level.key);
  const edit = useEdit(at);
  const issues = issuesAt(useDesignState((state) => state.issues), under(at, "when"));
  return (
    <FormulaControl
      title={t("when", { name })}
      name={`when-${policy.key}-${level.key}`}
      value={level.when ?? ""}
      subject={{ app, entity: entity.key, use: "condition" }}
      hint={t("when.always")}
      isDisabled={policy.locked === true}
      issues={issues}
      onChange={(text) => edit.type("when", text === "" ? undefined : text)}
      onLeave={edit.leave}
    />
  );
}
