/** Short notes that come up at the top and go by themselves; read out politely by screen readers. */
import { createContext, useCallback, useContext, useMemo, useState, type JSX, type ReactNode } from "react";
import { Icon } from "./Icon";

interface Toast {
  readonly id: number;
  readonly text: string;
  readonly look: "done" | "failed";
}

export type ShowToast = (text: string, look?: Toast["look"]) => void;

const ToastContext = createContext<ShowToast>(() => undefined);

/** Returns how to show a note. */
export const useToast = (): ShowToast => useContext(ToastContext);

const SHOWN_MS = 4000;

export function Toasts({ children }: { readonly children: ReactNode }): JSX.Element {
  const [toasts, setToasts] = useState<readonly Toast[]>([]);
  const show = useCallback<ShowToast>((text, look = "done") => {
    const id = performance.now();
    setToasts((now) => [...now.filter((one) => one.text !== text), { id, text, look }]);
    window.setTimeout(() => setToasts((now) => now.filter((one) => one.id !== id)), SHOWN_MS);
  }, []);
  const value = useMemo(() => show, [show]);
  return (
    <ToastContext value={value}>
      {children}
      <div className="toasts" role="status" aria-live="polite">
        {toasts.map((toast) => (
          <div key={toast.id} className={`toast toast-${toast.look}`}>
            <Icon name={toast.look === "done" ? "check" : "warning"} /> {toast.text}
          </div>
        ))}
      </div>
    </ToastContext>
  );
}
