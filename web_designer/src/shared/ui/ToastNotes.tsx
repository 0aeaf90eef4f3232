/** The notes themselves: antd's messages; the same text twice is one note that stays longer. */
import { message } from "antd";
import { useEffect, useRef, type JSX } from "react";
import { Icon } from "./Icon";
import type { NotesProps } from "./Toasts";

const SHOWN_S = 4;

export function ToastNotes({ toasts }: NotesProps): JSX.Element {
  const [api, holder] = message.useMessage({ top: 12 });
  const shown = useRef(0);
  useEffect(() => {
    for (const { id, text, look } of toasts.filter((toast) => toast.id > shown.current)) {
      const polite = { role: "status" };
      void api.open({ key: text, content: text, type: look === "done" ? "success" : "error", icon: <Icon name={look === "done" ? "check" : "warning"} />, duration: SHOWN_S, className: `toast-${look}`, ...polite });
      shown.current = id;
    }
  }, [api, toasts]);
  return <>{holder}</>;
}
