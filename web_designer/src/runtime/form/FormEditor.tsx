/** The form with its bar: saves, guards what is not saved, and says plainly what went wrong and what one can do. */
import { useCallback, useEffect, useRef, useState, useSyncExternalStore, type JSX } from "react";
import { useTranslation } from "react-i18next";
import { useBlocker, useLocation, useNavigate, useSearchParams } from "react-router";
import { useModel } from "@/shared/api/model";
import type { RecordJson } from "@/shared/api/records";
import { PHONE, useMedia } from "@/shared/hooks/useMedia";
import { label } from "@/shared/i18n/label";
import { FormView } from "@/shared/renderer/FormView";
import type { FormModel } from "@/shared/renderer/formModel";
import { formOf } from "@/shared/renderer/types";
import { Button } from "@/shared/ui/Button";
import { Confirm } from "@/shared/ui/Dialog";
import { Notice } from "@/shared/ui/Notice";
import { later } from "@/shared/ui/later";
import { useToast } from "@/shared/ui/Toasts";
import { cameFrom } from "../cameFrom";
import type { ConflictDialogProps } from "./ConflictDialog";
import { ErrorSummary } from "./ErrorSummary";
import { usePreview } from "./usePreview";
import { useSave } from "./useSave";

/** What is asked when somebody else has saved the same record: for those who meet it. */
const ConflictDialog = later<ConflictDialogProps>(async () => (await import("./ConflictDialog")).ConflictDialog, () => <span role="status" />);

/** A wrong field, or in lines that are wrong as a whole (none where some are asked for) the first cell, else what adds one. */
const FIRST_WRONG = '[aria-invalid="true"], .lines.is-wrong :is([data-cell] :is(input, textarea, select), .lines-add)';

export function FormEditor({ store, onReload }: { readonly store: FormModel; readonly onReload: () => void }): JSX.Element {
  const { t, i18n } = useTranslation("form");
  const model = useModel();
  const navigate = useNavigate();
  const { state: origin } = useLocation();
  const isFromDetail = cameFrom("detail", origin);
  const toast = useToast();
  const [parameters] = useSearchParams();
  const language = i18n.language;
  const isCompact = useMedia(PHONE);
  const save = useSave(model.app, store, language);
  const isLeaving = useRef(false);
  const page = useRef<HTMLDivElement>(null);
  usePreview(model.app, store);
  useSyncExternalStore(
    useCallback((changed: () => void) => store.subscribe("*", changed), [store]),
    () => store.changes(),
  );
  const isDirty = store.isDirty();
  const blocker = useBlocker(useCallback(() => store.isDirty() && !isLeaving.current, [store]));
  const viewKey = parameters.get("view");
  const view = model.views.find((one) => one.key === viewKey);
  const form = formOf(model, store.entity, parameters.get("form") ?? view?.form);
  const place = `/apps/${model.app}/records/${store.entity.key}`;
  const name = label(store.entity.name, language, store.entity.key);
  const titleKey = store.entity.title;
  const title = store.isNew ? t("newTitle", { name }) : `${name} ${String((titleKey ? (store.get(`${titleKey}__title`) ?? store.get(titleKey)) : null) ?? "")}`;
  const [canSubmitMore] = useState(store.isNew);
  const [isWaiting, setWaiting] = useState(false);
  const isAgainWanted = useRef(false);

  useEffect(() => {
    const stay = (event: BeforeUnloadEvent): void => {
      if (store.isDirty() && !isLeaving.current) event.preventDefault();
    };
    window.addEventListener("beforeunload", stay);
    return () => window.removeEventListener("beforeunload", stay);
  }, [store]);
  useEffect(() => {
    document.title = title;
  }, [title]);
  useEffect(() => {
    // Whoever makes a record begins to type; on a phone the keyboard would hide the form.
    if (!store.isNew || isCompact || document.activeElement !== document.body) return;
    const boxes = [...(page.current?.querySelectorAll<HTMLInputElement>("form :is(input, textarea)") ?? [])];
    (boxes.find((box) => box.value === "") ?? boxes[0])?.focus();
    // The form that stands at first; a window made narrow later takes no focus.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [store]);
  const round = save.state.step === "wrong" ? save.state.round : 0;
  useEffect(() => {
    if (round === 0) return;
    // After the frame in which fields are marked and cells give up the focus they had.
    const frame = requestAnimationFrame(() => page.current?.querySelector<HTMLElement>(FIRST_WRONG)?.focus());
    return () => cancelAnimationFrame(frame);
  }, [round]);

  const done = async (saved: RecordJson | null, isAgain: boolean): Promise<void> => {
    if (saved === null) return;
    toast(t("saved", { name }));
    isLeaving.current = true;
    const query = viewKey === null ? "" : `view=${encodeURIComponent(viewKey)}`;
    if (isAgain) await navigate(`${place}/new?${query}&n=${Date.now()}`, { replace: true, state: origin });
    else if (isFromDetail) await navigate(-1);
    else await navigate(`${place}/${store.id}${query ? `?${query}` : ""}`, { replace: true, state: origin });
  };
  const leave = async (): Promise<void> => {
    if (isFromDetail || cameFrom("list", origin)) await navigate(-1);
    else if (store.isNew) await navigate(view ? `/apps/${model.app}/views/${view.key}` : `/apps/${model.app}`);
    else await navigate(`${place}/${store.id}${viewKey === null ? "" : `?view=${viewKey}`}`);
  };
  const submit = async (isAgain = false): Promise<void> => {
    if (isWaiting) return;
    isAgainWanted.current = isAgain;
    // A cell being typed in gives its value when it is left.
    const focused = document.activeElement;
    if (focused instanceof HTMLInputElement && focused.getAttribute("role") === "combobox") focused.blur();
    // What was picked by its first letters may be on its way.
    if (store.awaited.isAny()) {
      setWaiting(true);
      await store.awaited.none();
      setWaiting(false);
    }
    // Nothing to save is as good as saved.
    if (!store.isNew && !store.isDirty()) await leave();
    else await done(await save.run(), isAgain);
  };
  const isSaving = isWaiting || save.state.step === "saving";
  return (
    <div
      className="page page-form"
      ref={page}
      onKeyDown={(event) => {
        if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
          event.preventDefault();
          void submit();
        }
      }}
    >
      <header className="page-head">
        <h1>{title}</h1>
        {isDirty ? <span className="page-state">{t("unsaved")}</span> : null}
        <div className="page-acts">
          <Button onClick={() => void leave()}>{t("common:cancel")}</Button>
          {canSubmitMore && !isCompact ? (
            <Button disabled={isSaving} onClick={() => void submit(true)}>
              {t("saveAndNew")}
            </Button>
          ) : null}
          <Button look="primary" isBusy={isSaving} title="Ctrl+S" onClick={() => void submit()}>
            {t("common:save")}
          </Button>
        </div>
      </header>
      <div className="page-notices">
        {save.state.step === "unanswered" ? (
          <Notice look="warning" action={<Button onClick={() => void submit()}>{t("common:retry")}</Button>}>
            {t("unanswered")}
          </Notice>
        ) : null}
        {save.state.step === "wrong" ? <ErrorSummary store={store} text={save.state.text} /> : null}
      </div>
      <div className="page-body">
        <form
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
          }}
        >
          <FormView model={model} entity={store.entity} form={form} mode="edit" language={language} isCompact={isCompact} store={store} />
        </form>
      </div>
      {save.state.step === "conflict" ? (
        <ConflictDialog
          store={store}
          theirs={save.state.theirs}
          language={language}
          onClose={save.dismiss}
          onKeepMine={(theirs) => void save.keepMine(theirs).then((saved) => done(saved, false))}
          onTakeTheirs={() => {
            save.dismiss();
            onReload();
          }}
        />
      ) : null}
      {save.state.step === "warned" ? (
        <Confirm title={t("warnedTitle")} confirmText={t("warnedSave")} onConfirm={() => void save.confirm().then((saved) => done(saved, isAgainWanted.current))} onClose={save.dismiss}>
          <ul className="warned">
            {save.state.texts.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        </Confirm>
      ) : null}
      {blocker.state === "blocked" ? (
        <Confirm title={t("leaveTitle")} confirmText={t("leave")} isDanger onConfirm={() => blocker.proceed()} onClose={() => blocker.reset()}>
          <p>{t("leaveText")}</p>
        </Confirm>
      ) : null}
    </div>
  );
}
