/** The window itself: antd's modal in the middle, its drawer at the side or, on a phone, from below. */
import { Drawer, Modal } from "antd";
import { useEffect, useRef, useState, type JSX } from "react";
import { useTranslation } from "react-i18next";
import type { DialogProps } from "./Dialog";
import { Icon } from "./Icon";

/** What gets the focus first: the safe answer, else the first input; the library would take the window as a whole. */
const FIRST = "[data-first], .dialog-body :is(input:not([type='hidden']), select, textarea):not([tabindex='-1'])";

export function DialogWindow({ title, onClose, children, footer, place = "center", role = "dialog" }: DialogProps): JSX.Element {
  const { t } = useTranslation();
  const panel = useRef<HTMLDivElement>(null);
  const [before] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    },
    [before],
  );
  const shared = {
    open: true,
    title: <h2>{title}</h2>,
    panelRef: (element: HTMLDivElement | null) => {
      panel.current = element;
      element?.setAttribute("role", role);
    },
    footer: footer === undefined ? null : <div className="dialog-foot">{footer}</div>,
    closable: { closeIcon: <Icon name="close" />, "aria-label": t("close"), placement: "end" as const },
    afterOpenChange: (isOpen: boolean) => {
      if (isOpen) panel.current?.querySelector<HTMLElement>(FIRST)?.focus();
    },
  };
  const body = <div className="dialog-body">{children}</div>;
  if (place === "center") {
    return (
      <Modal {...shared} onCancel={onClose} centered width="min(520px, calc(100vw - 32px))">
        {body}
      </Modal>
    );
  }
  const isBelow = place === "bottom";
  return (
    <Drawer {...shared} onClose={onClose} placement={isBelow ? "bottom" : "right"} size={isBelow ? "auto" : "min(480px, 100vw)"}>
      {body}
    </Drawer>
  );
}
