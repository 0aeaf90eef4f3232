/** A modal window over the page, in the middle or at the side: the browser keeps focus inside and gives it back. */
import { useEffect, useId, useRef, type JSX, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "./Button";

export interface DialogProps {
  readonly title: ReactNode;
  readonly onClose: () => void;
  readonly children?: ReactNode;
  readonly footer?: ReactNode;
  readonly place?: "center" | "side" | "bottom";
  readonly role?: "dialog" | "alertdialog";
}

export function Dialog({ title, onClose, children, footer, place = "center", role = "dialog" }: DialogProps): JSX.Element {
  const { t } = useTranslation();
  const ref = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const dialog = ref.current;
    const before = document.activeElement;
    if (dialog !== null && !dialog.open) {
      dialog.showModal();
      // The browser would take the first button, which closes.
      dialog.querySelector<HTMLElement>("[data-first], .dialog-body :is(input, select, textarea):not([tabindex='-1'])")?.focus();
    }
    return () => {
      dialog?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={ref}
      role={role}
      aria-labelledby={titleId}
      className={`dialog dialog-${place}`}
      onCancel={(event) => {
        if (event.target !== ref.current) return;
        event.preventDefault();
        onClose();
      }}
      onMouseDown={(event) => {
        if (event.target === ref.current) onClose();
      }}
    >
      <div className="dialog-inside">
        <header className="dialog-head">
          <h2 id={titleId}>{title}</h2>
          <Button look="text" icon="close" aria-label={t("close")} onClick={onClose} />
        </header>
        <div className="dialog-body">{children}</div>
        {footer === undefined ? null : <footer className="dialog-foot">{footer}</footer>}
      </div>
    </dialog>
  );
}

export interface ConfirmProps {
  readonly title: ReactNode;
  readonly children?: ReactNode;
  readonly confirmText: string;
  readonly isDanger?: boolean;
  readonly isBusy?: boolean;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

/** Asks before something that matters; the safe answer has the focus. */
export function Confirm({ title, children, confirmText, isDanger = false, isBusy = false, onConfirm, onClose }: ConfirmProps): JSX.Element {
  const { t } = useTranslation();
  return (
    <Dialog
      title={title}
      role="alertdialog"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose} data-first="">
            {t("cancel")}
          </Button>
          <Button look={isDanger ? "danger" : "primary"} isBusy={isBusy} onClick={onConfirm}>
            {confirmText}
          </Button>
        </>
      }
    >
      {children}
    </Dialog>
  );
}
