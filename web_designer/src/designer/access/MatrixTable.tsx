/** The matrix: a row for each entity, a column for each role; a cell shows what the role may do with it, and opens it. */
import type { JSX } from "react";
import { label } from "@/shared/i18n/label";
import { Button } from "@/shared/ui/Button";
import { useDesign, useDocument } from "../core/DesignContext";
import { type EntityDefinition } from "../core/doc";
import { useTexts } from "../core/useTexts";
import type { Chosen } from "./AccessPage";
import { MAIN, addRole, markOf, policiesAt, policiesOf, rolesOf, transitionsOf } from "./policies";

type Props = { readonly chosen: Chosen | null; readonly onChoose: (chosen: Chosen) => void };

export function MatrixTable({ chosen, onChoose }: Props): JSX.Element {
  const { t, language } = useTexts("designer.access");
  const { store } = useDesign();
  const document = useDocument();
  const own = rolesOf(document);
  // Roles of the organization, of which policies of this app speak.
  const others = [...new Set(policiesOf(document).map((policy) => policy.role))].filter((key) => !own.some((role) => role.key === key));
  const add = (): void => {
    const made = addRole(document, language);
    store.getState().execute(made.gesture);
    onChoose({ role: made.key, entity: null });
  };
  return (
    <div className="access-scroll" tabIndex={0} role="region" aria-label={t("matrix")}>
      <table className="access-matrix">
        <thead>
          <tr>
            <th scope="col">{t("entity")}</th>
            {own.map((role) => (
              <th key={role.key} scope="col">
                <button type="button" className="access-role" aria-pressed={chosen?.role === role.key && chosen.entity === null} onClick={() => onChoose({ role: role.key, entity: null })}>
                  {label(role.name, language, role.key)}
                </button>
              </th>
            ))}
            {others.map((key) => (
              <th key={key} scope="col">
                {key}
              </th>
            ))}
            <th>
              <Button icon="add" onClick={add}>
                {t("add-role")}
              </Button>
            </th>
          </tr>
        </thead>
        <tbody>
          {document.entities.filter((entity) => typeof entity.key === "string").map((entity) => (
            <tr key={entity.key}>
              <th scope="row">{label(entity.name, language, entity.key)}</th>
              {[...own.map((role) => role.key), ...others].map((role) => (
                <td key={role}>
                  <Cell role={role} roleName={label(own.find((one) => one.key === role)?.name, language, role)} entity={entity} isChosen={chosen?.role === role && chosen.entity === entity.key} onChoose={onChoose} />
                </td>
              ))}
              <td />
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

type CellProps = { readonly role: string; readonly roleName: string; readonly entity: EntityDefinition; readonly isChosen: boolean; readonly onChoose: (chosen: Chosen) => void };

function Cell({ role, roleName, entity, isChosen, onChoose }: CellProps): JSX.Element {
  const { t, language } = useTexts("designer.access");
  const policies = policiesAt(useDocument(), role, entity.key);
  const transitions = transitionsOf(entity).map(({ key }) => key);
  const marks = MAIN.map((action) => ({ action, mark: markOf(policies, action, transitions) }));
  const told = marks.map(({ action, mark }) => `${t(`action.${action}`)}: ${t(`mark.${mark}`)}`).join(language === "en" ? ", " : "，");
  const hasLevels = policies.some((policy) => (policy.levels ?? []).length > 0);
  return (
    <button type="button" className="access-cell" aria-pressed={isChosen} aria-label={t("cell", { role: roleName, entity: label(entity.name, language, entity.key), told })} onClick={() => onChoose({ role, entity: entity.key })}>
      {marks.map(({ action, mark }) => (
        <span key={action} className={`access-mark access-mark-${mark}`} aria-hidden="true">
          {t(`short.${action}`)}
        </span>
      ))}
      {hasLevels ? (
        <span className="access-mark-fields" aria-hidden="true">
          {t("short.fields")}
        </span>
      ) : null}
    </button>
  );
}
