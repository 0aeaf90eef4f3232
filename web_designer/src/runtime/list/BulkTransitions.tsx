/** The transitions that all selected records could take: a button for each, the rest and on a phone all of them in a menu; asks before one is taken. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState, type JSX } from "react";
import { useTranslation } from "react-i18next";
import { useApi } from "@/shared/api/context";
import { PHONE, useMedia } from "@/shared/hooks/useMedia";
import { label } from "@/shared/i18n/label";
import type { EntityModel, TransitionModel } from "@/shared/renderer/types";
import { Button } from "@/shared/ui/Button";
import { Confirm } from "@/shared/ui/Dialog";
import { Menu } from "@/shared/ui/Menu";
import { readOpenTransitions, type Chosen } from "../changes/changesApi";

export interface BulkTransitionsProps {
  readonly app: string;
  readonly entity: EntityModel;
  readonly chosen: Chosen;
  /** How many records are selected, as a number for the form of words and as people read it. */
  readonly count: number;
  readonly shown: string;
  readonly isBusy: boolean;
  /** Grows with every change, after which other transitions may be open. */
  readonly round: number;
  /** Takes the transition and resolves when that is over. */
  readonly onTake: (transition: TransitionModel) => Promise<void>;
}

/** How many buttons stand beside each other before the rest goes into a menu. */
const MOST_BUTTONS = 3;

export function BulkTransitions({ app, entity, chosen, count, shown, isBusy, round, onTake }: BulkTransitionsProps): JSX.Element | null {
  const { t, i18n } = useTranslation("changes");
  const api = useApi();
  const isCompact = useMedia(PHONE);
  const [asking, setAsking] = useState<TransitionModel | null>(null);
  const transitions = entity.states?.transitions ?? [];
  const found = useQuery({
    queryKey: ["open transitions", app, entity.key, chosen, round],
    queryFn: ({ signal }) => readOpenTransitions(api, app, entity.key, chosen, signal),
    enabled: transitions.length > 0 && !("ids" in chosen && chosen.ids.length === 0),
    placeholderData: keepPreviousData,
    staleTime: 0,
  });
  const open = new Set(found.data?.transitions.filter((one) => one.open === found.data.records && one.open > 0).map((one) => one.key));
  const offered = transitions.filter((one) => open.has(one.key));
  const nameOf = (one: TransitionModel): string => label(one.name, i18n.language, one.key);
  const beside = isCompact ? [] : offered.slice(0, MOST_BUTTONS);
  const inMenu = offered.slice(beside.length);
  const question = asking?.confirm ? label(asking.confirm, i18n.language, "") : "";
  return (
    <>
      {beside.map((one) => (
        <Button key={one.key} disabled={found.isPlaceholderData} onClick={() => setAsking(one)}>
          {nameOf(one)}
        </Button>
      ))}
      {inMenu.length === 0 ? null : (
        <Menu label={t("transitions")} icon="more" side="end" entries={inMenu.map((one) => ({ key: one.key, text: nameOf(one), onPick: () => setAsking(one) }))} />
      )}
      {asking === null ? null : (
        <Confirm
          title={t("moveTitle", { name: nameOf(asking), count, shown })}
          confirmText={nameOf(asking)}
          isBusy={isBusy}
          onConfirm={() => void onTake(asking).then(() => setAsking(null))}
          onClose={() => setAsking(null)}
        >
          {question === "" ? null : <p>{question}</p>}
          <p>{t("moveText")}</p>
        </Confirm>
      )}
    </>
  );
}
