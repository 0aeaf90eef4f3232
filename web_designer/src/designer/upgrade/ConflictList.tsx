/** Shows places that both sides changed, each with what was installed and what either side has, and takes a decision for one or for all. */
import type { JSX } from "react";
import { label } from "@/shared/i18n/label";
import { useTexts } from "../core/useTexts";
import type { Rule, Side, UpgradeConflict } from "./upgradeApi";

interface ConflictProps {
  readonly conflicts: readonly UpgradeConflict[];
  readonly chosenOf: (pointer: string) => Side | null;
  readonly rule: Rule;
  readonly onChoose: (pointer: string, side: Side) => void;
  readonly onRule: (rule: Rule) => void;
}

const RULES = [null, "ours", "theirs", "labels"] as const;
const SIDES = ["ours", "theirs"] as const;

export function ConflictList({ conflicts, chosenOf, rule, onChoose, onRule }: ConflictProps): JSX.Element {
  const { t } = useTexts("designer.upgrade");
  return (
    <div className="upgrade-conflicts">
      <h3>{t("conflicts", { count: conflicts.length })}</h3>
      <div className="segments upgrade-conflict-rule" role="group" aria-label={t("rule")}>
        {RULES.map((one) => (
          <button key={one ?? "each"} type="button" aria-pressed={rule === one} onClick={() => onRule(one)}>
            {t(`rule.${one ?? "each"}`)}
          </button>
        ))}
      </div>
      <ul className="upgrade-conflict-list">
        {conflicts.map((conflict) => (
          <li key={conflict.pointer}>
            <ConflictChoice conflict={conflict} chosen={chosenOf(conflict.pointer)} onChoose={(side) => onChoose(conflict.pointer, side)} />
          </li>
        ))}
      </ul>
    </div>
  );
}

type ChoiceProps = { readonly conflict: UpgradeConflict; readonly chosen: Side | null; readonly onChoose: (side: Side) => void };

function ConflictChoice({ conflict, chosen, onChoose }: ChoiceProps): JSX.Element {
  const { t, language } = useTexts("designer.upgrade");
  return (
    <fieldset className="upgrade-conflict" data-chosen={chosen ?? "none"}>
      <legend>{label(conflict.place, language, conflict.pointer)}</legend>
      <div className="upgrade-conflict-sides">
        <div className="upgrade-conflict-side">
          <span className="upgrade-conflict-whose">{t("side.base")}</span>
          <span className="upgrade-conflict-value">{label(conflict.base, language)}</span>
        </div>
        {SIDES.map((side) => (
          <label key={side} className="upgrade-conflict-side upgrade-conflict-choice">
            <span className="upgrade-conflict-whose">
              <input type="radio" name={conflict.pointer} checked={chosen === side} onChange={() => onChoose(side)} /> {t(`side.${side}`)}
            </span>
            <span className="upgrade-conflict-value">{label(conflict[side], language)}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
