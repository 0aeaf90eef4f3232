/** Shows places that both sides changed, or that are used and would go, each with what was installed and what either side has, and takes a decision for one or for all. */
import type { JSX } from "react";
import { label } from "@/shared/i18n/label";
import { useTexts } from "../core/useTexts";
import type { Rule, Side, UpgradeConflict } from "./upgradeApi";

/** Whether sides are versions, or an element is kept or goes with its package. */
export type Kind = "upgrade" | "packages" | "removal";

interface ConflictProps {
  readonly kind: Kind;
  readonly conflicts: readonly UpgradeConflict[];
  readonly chosenOf: (pointer: string) => Side | null;
  readonly rule: Rule;
  readonly onChoose: (pointer: string, side: Side) => void;
  readonly onRule: (rule: Rule) => void;
}

const RULES = [null, "ours", "theirs", "labels"] as const;
/** Words of their own make no difference where elements go. */
const REMOVAL_RULES = [null, "ours", "theirs"] as const;
const SIDES = ["ours", "theirs"] as const;

export function ConflictList({ kind, conflicts, chosenOf, rule, onChoose, onRule }: ConflictProps): JSX.Element {
  const { t } = useTexts("designer.upgrade");
  const isRemoval = kind === "removal";
  return (
    <div className="upgrade-conflicts">
      <h3>{t(isRemoval ? "used" : "conflicts", { count: conflicts.length })}</h3>
      <div className="segments upgrade-conflict-rule" role="group" aria-label={t("rule")}>
        {(isRemoval ? REMOVAL_RULES : RULES).map((one) => (
          <button key={one ?? "each"} type="button" aria-pressed={rule === one} onClick={() => onRule(one)}>
            {t(isRemoval ? `rule.removal.${one ?? "each"}` : `rule.${one ?? "each"}`)}
          </button>
        ))}
      </div>
      <ul className="upgrade-conflict-list">
        {conflicts.map((conflict) => (
          <li key={conflict.pointer}>
            <ConflictChoice kind={kind} conflict={conflict} chosen={chosenOf(conflict.pointer)} onChoose={(side) => onChoose(conflict.pointer, side)} />
          </li>
        ))}
      </ul>
    </div>
  );
}

interface ChoiceProps {
  readonly kind: Kind;
  readonly conflict: UpgradeConflict;
  readonly chosen: Side | null;
  readonly onChoose: (side: Side) => void;
}

function ConflictChoice({ kind, conflict, chosen, onChoose }: ChoiceProps): JSX.Element {
  const { t, language } = useTexts("designer.upgrade");
  return (
    <fieldset className="upgrade-conflict" data-chosen={chosen ?? "none"}>
      <legend>{label(conflict.place, language, conflict.pointer)}</legend>
      {conflict.used_by.length === 0 ? null : (
        <div className="upgrade-used">
          {t("used-by")}
          <ul className="upgrade-records">
            {conflict.used_by.map((one) => (
              <li key={one.pointer}>
                {label(one.text, language, one.pointer)} <span className="upgrade-stand-when">{label(one.origin, language)}</span>
              </li>
            ))}
          </ul>
        </div>
      )}
      <div className="upgrade-conflict-sides">
        <div className="upgrade-conflict-side">
          <span className="upgrade-conflict-whose">{t("side.base")}</span>
          <span className="upgrade-conflict-value">{label(conflict.base, language)}</span>
        </div>
        {SIDES.map((side) => (
          <label key={side} className="upgrade-conflict-side upgrade-conflict-choice">
            <span className="upgrade-conflict-whose">
              <input type="radio" name={conflict.pointer} checked={chosen === side} onChange={() => onChoose(side)} /> {t(kind === "removal" ? `side.removal.${side}` : `side.${side}`)}
            </span>
            <span className="upgrade-conflict-value">{label(conflict[side], language)}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
