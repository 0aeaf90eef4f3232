/** A modal window over the page, in the middle or at the side: it keeps the focus inside and gives it back. */
import type { JSX, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "./Button";
import { later } from "./later";

export interface DialogProps {
  readonly title: ReactNode;
  readonly onClose: () => void;
  readonly children?: ReactNode;
  readonly footer?: ReactNode;
  readonly place?: "center" | "side" | "bottom";
  readonly role?: "dialog" | "alertdialog";
}

export const Dialog = later<DialogProps>(
  async () => (await import("./DialogWindow")).DialogWindow,
  () => <></>,
);

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
