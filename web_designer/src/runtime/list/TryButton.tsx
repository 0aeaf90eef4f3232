/** The way from the list of a decision table to trying it; the panel comes when it is wanted. */
import { useState, type JSX } from "react";
import { useTranslation } from "react-i18next";
import type { RecordJson } from "@/shared/api/records";
import type { DecisionModel, EntityModel } from "@/shared/renderer/types";
import { Button } from "@/shared/ui/Button";
import { makePart, usePart } from "@/shared/ui/later";
import type { TryTableProps } from "./TryTable";

const tryPart = makePart<TryTableProps>(async () => (await import("./TryTable")).TryTable);

export interface TryButtonProps {
  readonly entity: EntityModel;
  readonly decision: DecisionModel;
  readonly link: (row: RecordJson) => string;
}

export function TryButton(props: TryButtonProps): JSX.Element {
  const { t } = useTranslation("list");
  const [isTrying, setTrying] = useState(false);
  const { Found: TryTable } = usePart(tryPart, isTrying);
  return (
    <>
      <Button onClick={() => setTrying(true)}>{t("tryTable")}</Button>
      {isTrying && TryTable !== undefined ? <TryTable {...props} onClose={() => setTrying(false)} /> : null}
    </>
  );
}
