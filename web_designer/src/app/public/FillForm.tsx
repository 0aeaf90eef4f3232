/** The form of a public link: a visitor fills it in, sends it, and is thanked. */
import { useEffect, useRef, useState, type JSX } from "react";
import { useTranslation } from "react-i18next";
import { PHONE, useMedia } from "@/shared/hooks/useMedia";
import { ErrorSummary } from "@/runtime/form/ErrorSummary";
import { FormModel } from "@/shared/renderer/formModel";
import { FormView } from "@/shared/renderer/FormView";
import { entityOf, formOf, zoneOf, type EntityModel } from "@/shared/renderer/types";
import { Button } from "@/shared/ui/Button";
import { Confirm } from "@/shared/ui/Dialog";
import { Notice } from "@/shared/ui/Notice";
import type { LinkClient, Opened } from "./linkClient";
import { useSend } from "./useSend";

/** A wrong field, or in lines that are wrong as a whole the first cell, else what adds one. */
const FIRST_WRONG = '[aria-invalid="true"], .lines.is-wrong :is([data-cell] :is(input, textarea, select), .lines-add)';

export interface FillFormProps {
  readonly client: LinkClient;
  readonly opened: Opened;
  readonly entity: EntityModel;
}

export function FillForm(props: FillFormProps): JSX.Element {
  const [round, setRound] = useState(0);
  return <OneForm key={round} {...props} onAgain={() => setRound(round + 1)} />;
}

function OneForm({ client, opened, entity, onAgain }: FillFormProps & { readonly onAgain: () => void }): JSX.Element {
  const { t, i18n } = useTranslation("open");
  const language = i18n.language;
  const isCompact = useMedia(PHONE);
  const model = opened.model;
  const [store] = useState(() => {
    const made = new FormModel({ entity, entities: (key) => entityOf(model, key), record: null, user: null, app: model.app, now: new Date(), zone: zoneOf(model) });
    for (const field of entity.fields) if (field.kind === "lines" && field.required === true && made.rows(field.key).length === 0) made.addRow(field.key);
    return made;
  });
  const { state, send, dismiss } = useSend(client, store, language);
  const page = useRef<HTMLFormElement>(null);
  const thanks = useRef<HTMLHeadingElement>(null);
  const isSent = state.step === "sent";
  const round = state.step === "wrong" ? state.round : 0;
  useEffect(() => {
    if (round === 0) return;
    const frame = requestAnimationFrame(() => page.current?.querySelector<HTMLElement>(FIRST_WRONG)?.focus());
    return () => cancelAnimationFrame(frame);
  }, [round]);
  useEffect(() => {
    if (isSent) thanks.current?.focus();
  }, [isSent]);
  useEffect(() => {
    const stay = (event: BeforeUnloadEvent): void => {
      if (store.isDirty() && !isSent) event.preventDefault();
    };
    window.addEventListener("beforeunload", stay);
    return () => window.removeEventListener("beforeunload", stay);
  }, [store, isSent]);
  if (state.step === "sent") {
    return (
      <div className="open-thanks">
        <h2 ref={thanks} tabIndex={-1}>
          {t("thanks")}
        </h2>
        <p className="state-quiet">{t("thanksText")}</p>
        {state.canAgain ? <Button onClick={onAgain}>{t("again")}</Button> : null}
      </div>
    );
  }
  const submit = async (): Promise<void> => {
    // A cell being typed in gives its value when it is left; what was picked by its first letters may be on its way.
    const focused = document.activeElement;
    if (focused instanceof HTMLInputElement && focused.getAttribute("role") === "combobox") focused.blur();
    if (store.awaited.isAny()) await store.awaited.none();
    await send();
  };
  return (
    <form
      ref={page}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      {state.step === "unanswered" ? (
        <Notice look="warning" action={<Button onClick={() => void submit()}>{t("common:retry")}</Button>}>
          {t("unanswered")}
        </Notice>
      ) : null}
      {state.step === "wrong" ? <ErrorSummary store={store} text={state.text} /> : null}
      <FormView model={model} entity={entity} form={formOf(model, entity, opened.form)} mode="edit" language={language} isCompact={isCompact} store={store} isOutside />
      <div className="open-acts">
        <Button type="submit" look="primary" isBusy={state.step === "sending"}>
          {t("send")}
        </Button>
      </div>
      {state.step === "warned" ? (
        <Confirm title={t("warnedTitle")} confirmText={t("warnedSend")} onConfirm={() => void send(true)} onClose={dismiss}>
          <ul className="warned">
            {state.texts.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        </Confirm>
      ) : null}
    </form>
  );
}
