/** Shows what merges by itself: what the new version brings, which changes of the customer stay, and what becomes of records. */
import type { JSX } from "react";
import { label } from "@/shared/i18n/label";
import { Icon } from "@/shared/ui/Icon";
import { useTexts } from "../core/useTexts";
import type { Kind } from "./ConflictList";
import type { UpgradePlan } from "./upgradeApi";

const SIGNS = { added: "add", changed: "edit", removed: "trash" } as const;
const SIDES = ["theirs", "ours"] as const;
const FATES = ["new", "renewed", "kept", "deleted", "unmet"] as const;
const LEAVING = ["retired", "stays"] as const;

export function MergedList({ kind, plan }: { readonly kind: Kind; readonly plan: UpgradePlan }): JSX.Element {
  const { t, language } = useTexts("designer.upgrade");
  return (
    <>
      {SIDES.map((side) => {
        const merged = plan.merged.filter((one) => one.side === side);
        const whose = side === "theirs" && kind === "removal" ? "goes" : side;
        return (
          <details key={side} className="upgrade-merged" open={side === "theirs"}>
            <summary>{t(`merged.${whose}`, { count: merged.length })}</summary>
            <ul className="change-list">
              {merged.map(({ change }) => (
                <li key={`${change.kind}:${change.pointer}:${label(change.text, language)}`} data-kind={change.kind}>
                  <span className={`change-sign change-${change.kind}`}>
                    <Icon name={SIGNS[change.kind]} size={14} /> {t(`change.${change.kind}`)}
                  </span>
                  <span>{label(change.text, language, change.pointer)}</span>
                </li>
              ))}
            </ul>
          </details>
        );
      })}
      {FATES.map((fate) => {
        const records = plan.seed.filter((one) => one.fate === fate);
        return records.length === 0 ? null : (
          <details key={fate} className="upgrade-merged">
            <summary>{t(`seed.${fate}`, { count: records.length })}</summary>
            <ul className="upgrade-records">
              {records.map((one) => (
                <li key={`${one.part} ${one.entity} ${one.key}`}>
                  {label(one.text, language, one.key)} {one.part === "demo" ? t("demo") : ""}
                </li>
              ))}
            </ul>
          </details>
        );
      })}
      {LEAVING.map((fate) => {
        const records = (plan.records ?? []).filter((one) => one.fate === fate);
        return records.length === 0 ? null : (
          <details key={fate} className="upgrade-merged">
            <summary>{t(`leaving.${fate}`, { count: records.length })}</summary>
            <ul className="upgrade-records">
              {records.map((one) => (
                <li key={`${one.part} ${one.entity} ${one.key}`}>
                  {label(one.text, language, one.key)} {one.title} {one.part === "demo" ? t("demo") : ""}
                </li>
              ))}
            </ul>
          </details>
        );
      })}
    </>
  );
}
