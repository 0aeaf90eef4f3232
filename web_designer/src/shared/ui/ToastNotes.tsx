/** The notes themselves: antd's messages; the same text twice is one note that stays longer. */
import { message } from "antd";
import { useEffect, useRef, type JSX } from "react";
import { Icon } from "./Icon";
import type { NotesProps } from "./Toasts";

const SHOWN_S = 4;
/** A note one can act on stays until one has had the time to. */
const ACT_SHOWN_S = 12;

export function ToastNotes({ toasts }: NotesProps): JSX.Element {
  const [api, holder] = message.useMessage({ top: 12 });
  const shown = useRef(0);
  useEffect(() => {
    for (const { id, text, look, act } of toasts.filter((toast) => toast.id > shown.current)) {
      const polite = { role: "status" };
      const key = act === undefined ? text : `${text} ${id}`;
      const pick = (): void => {
        api.destroy(key);
        act?.onPick();
      };
      const content =
        act === undefined ? (
          text
        ) : (
          <>
            {text}{" "}
            <button type="button" className="link toast-act" onClick={pick}>
              {act.text}
            </button>
          </>
        );
      void api.open({ key, content, type: look === "done" ? "success" : "error", icon: <Icon name={look === "done" ? "check" : "warning"} />, duration: act === undefined ? SHOWN_S : ACT_SHOWN_S, className: `toast-${look}`, ...polite });
      shown.current = id;
    }
  }, [api, toasts]);
  return <>{holder}</>;
}
