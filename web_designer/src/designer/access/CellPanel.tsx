/** What one role may do with one entity, beside the matrix: each of its policies and denials, and how to add one. */
import type { JSX } from "react";
import type { Warning } from "@/shared/api/access";
import { label } from "@/shared/i18n/label";
import { Button } from "@/shared/ui/Button";
import { Notice } from "@/shared/ui/Notice";
import { useDesign, useDocument } from "../core/DesignContext";
import { entityOf, isWithin, pointerOf } from "../core/doc";
import { useTexts } from "../core/useTexts";
import { PolicyForm } from "./PolicyForm";
import { addPolicy, policiesAt, policyPointer, rolesOf } from "./policies";

type Props = { readonly role: string; readonly entity: string; readonly warnings: readonly Warning[] };

export function CellPanel({ role, entity: key, warnings }: Props): JSX.Element | null {
  const { t, language } = useTexts("designer.access");
  const { store } = useDesign();
  const document = useDocument();
  const entity = entityOf(document, key);
  if (entity === undefined) return null;
  const policies = policiesAt(document, role, key);
  const about = warnings.filter((one) => isWithin(one.pointer, pointerOf("entities", key)) || policies.some((policy) => isWithin(one.pointer, policyPointer(policy.key))));
  return (
    <section className="design-panel" aria-label={t("policies")}>
      <h2>
        {label(rolesOf(document).find((one) => one.key === role)?.name, language, role)} · {label(entity.name, language, key)}
      </h2>
      {about.length === 0 ? null : (
        <Notice look="warning">
          <ul>
            {about.map((one) => (
              <li key={`${one.pointer}:${one.code}:${label(one.message, "en")}`}>{label(one.message, language, one.code)}</li>
            ))}
          </ul>
        </Notice>
      )}
      {policies.length === 0 ? <p className="design-hint">{t("nothing")}</p> : null}
      {policies.map((policy) => (
        <PolicyForm key={policy.key} policy={policy} entity={entity} />
      ))}
      <div className="node-actions">
        <Button icon="add" onClick={() => void store.getState().execute(addPolicy(document, role, key, false))}>
          {t("add-policy")}
        </Button>
        <Button icon="add" onClick={() => void store.getState().execute(addPolicy(document, role, key, true))}>
          {t("add-denial")}
        </Button>
      </div>
    </section>
  );
}
