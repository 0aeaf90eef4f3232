/** The records of many that were not changed, each with the reason. */
import type { JSX } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { Button } from "@/shared/ui/Button";
import { Dialog } from "@/shared/ui/Dialog";
import type { BulkRefusal } from "../changes/changesApi";
import "../changes/changes.css";

export interface RefusalsDialogProps {
  readonly app: string;
  readonly entity: string;
  readonly refusals: readonly BulkRefusal[];
  /** Whether others were changed. */
  readonly isPart?: boolean;
  readonly titleOf: (id: string) => string;
  readonly onClose: () => void;
  /** Confirms what rules only warn of, if they do of any. */
  readonly anyway?: { readonly count: number; readonly isBusy: boolean; readonly onPick: () => void } | undefined;
}

const MOST_SHOWN = 100;

export function RefusalsDialog({ app, entity, refusals, isPart = true, titleOf, onClose, anyway }: RefusalsDialogProps): JSX.Element {
  const { t } = useTranslation("changes");
  return (
    <Dialog
      title={t("refusedTitle", { count: refusals.length })}
      role="alertdialog"
      onClose={onClose}
      footer={
        <>
          {anyway === undefined ? null : (
            <Button isBusy={anyway.isBusy} onClick={anyway.onPick}>
              {t("anyway", { count: anyway.count })}
            </Button>
          )}
          <Button look="primary" data-first="" onClick={onClose}>
            {t("close")}
          </Button>
        </>
      }
    >
      {isPart ? <p>{t("refusedText")}</p> : null}
      <ul className="refusals">
        {refusals.slice(0, MOST_SHOWN).map((one, index) => (
          <li key={one.id ?? index}>
            {one.id === undefined ? null : <Link to={`/apps/${app}/records/${entity}/${one.id}`}>{titleOf(one.id)}</Link>}
            {one.errors.map((error) => (
              <span key={error.code + (error.pointer ?? "")}>{error.detail}</span>
            ))}
          </li>
        ))}
      </ul>
      {refusals.length > MOST_SHOWN ? <p>{t("refusedMore", { count: refusals.length - MOST_SHOWN })}</p> : null}
    </Dialog>
  );
}
