/** What one may do with a record in the state it is in: a button for each transition; asks first where the app says so. */
import { useRef, useState, type JSX } from "react";
import { useTranslation } from "react-i18next";
import { useApi } from "@/shared/api/context";
import { useModel } from "@/shared/api/model";
import { Problem } from "@/shared/api/problem";
import { takeTransition, type RecordJson } from "@/shared/api/records";
import { newId } from "@/shared/format/ids";
import { label } from "@/shared/i18n/label";
import type { EntityModel, TransitionModel } from "@/shared/renderer/types";
import { Button } from "@/shared/ui/Button";
import { Confirm } from "@/shared/ui/Dialog";
import { Menu } from "@/shared/ui/Menu";
import { Notice } from "@/shared/ui/Notice";
import { problemText } from "@/shared/ui/States";

export interface TransitionsProps {
  readonly entity: EntityModel;
  readonly record: RecordJson;
  readonly isCompact: boolean;
  /** Is told when the record has moved, or turned out to be another than was shown. */
  readonly onMoved: (isDone: boolean, name: string) => void;
}

interface Asking {
  readonly transition: TransitionModel;
  readonly texts: readonly string[];
  readonly isWarned: boolean;
  readonly refusal: readonly string[];
}

/** How many buttons stand beside each other before the rest goes into a menu. */
const MOST_BUTTONS = 3;

export default function Transitions({ entity, record, isCompact, onMoved }: TransitionsProps): JSX.Element | null {
  const { t, i18n } = useTranslation("detail");
  const model = useModel();
  const api = useApi();
  const [asking, setAsking] = useState<Asking | null>(null);
  const [busy, setBusy] = useState<string | null>(null);
  const attempt = useRef({ of: "", key: "" });
  const open = Array.isArray(record["transitions"]) ? (record["transitions"] as readonly string[]) : [];
  const found = (entity.states?.transitions ?? []).filter((one) => open.includes(one.key));
  if (found.length === 0 && asking === null) return null;
  const nameOf = (one: TransitionModel): string => label(one.name, i18n.language, one.key);

  const take = async (transition: TransitionModel, isConfirmed: boolean): Promise<void> => {
    if (busy !== null) return;
    setBusy(transition.key);
    const of = `${transition.key} ${record.revision}`;
    if (attempt.current.of !== of) attempt.current = { of, key: newId() };
    try {
      await takeTransition(api, model.app, entity.key, record.id, transition.key, record.revision ?? 0, attempt.current.key, isConfirmed);
      setAsking(null);
      onMoved(true, nameOf(transition));
    } catch (error) {
      const texts = error instanceof Problem && error.errors.length > 0 ? error.errors.map((one) => one.detail) : [problemText(error, t)];
      const isWarned = error instanceof Problem && error.code === "record-unconfirmed";
      setAsking({ transition, texts: isWarned ? texts : [], isWarned, refusal: isWarned ? [] : texts });
      if (error instanceof Problem && error.status === 409) onMoved(false, nameOf(transition));
    } finally {
      setBusy(null);
    }
  };
  const begin = (transition: TransitionModel): void => {
    const question = transition.confirm ? label(transition.confirm, i18n.language, "") : "";
    if (question === "") void take(transition, false);
    else setAsking({ transition, texts: [question], isWarned: false, refusal: [] });
  };
  const beside = isCompact ? [] : found.slice(0, MOST_BUTTONS);
  const inMenu = found.slice(beside.length);
  return (
    <>
      {beside.map((one) => (
        <Button key={one.key} isBusy={busy === one.key} onClick={() => begin(one)}>
          {nameOf(one)}
        </Button>
      ))}
      {inMenu.length === 0 ? null : (
        <Menu label={t("transitions")} icon="more" side="end" entries={inMenu.map((one) => ({ key: one.key, text: nameOf(one), onPick: () => begin(one) }))} />
      )}
      {asking === null ? null : (
        <Confirm
          title={nameOf(asking.transition)}
          confirmText={asking.refusal.length > 0 ? t("common:retry") : nameOf(asking.transition)}
          isBusy={busy !== null}
          onConfirm={() => void take(asking.transition, asking.isWarned)}
          onClose={() => setAsking(null)}
        >
          {asking.refusal.length === 0 ? null : <Notice look="error">{asking.refusal.join(" ")}</Notice>}
          {asking.texts.map((text) => (
            <p key={text}>{text}</p>
          ))}
        </Confirm>
      )}
    </>
  );
}
