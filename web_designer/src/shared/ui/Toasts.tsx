/** Short notes that come up at the top and go by themselves; read out politely by screen readers. */
import { createContext, useCallback, useContext, useRef, useState, type JSX, type ReactNode } from "react";
import { later } from "./later";

export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly look: "done" | "failed";
  readonly act: ToastAct | undefined;
}

/** What one can do about what a note says. */
export interface ToastAct {
  readonly text: string;
  readonly onPick: () => void;
}

export interface NotesProps {
  readonly toasts: readonly Toast[];
}

export type ShowToast = (text: string, look?: Toast["look"], act?: ToastAct) => void;

const ToastContext = createContext<ShowToast>(() => undefined);

/** Returns how to show a note. */
export const useToast = (): ShowToast => useContext(ToastContext);

const Notes = later<NotesProps>(
  async () => (await import("./ToastNotes")).ToastNotes,
  () => <></>,
);

const KEPT = 5;

export function Toasts({ children }: { readonly children: ReactNode }): JSX.Element {
  const [toasts, setToasts] = useState<readonly Toast[]>([]);
  const next = useRef(0);
  const show = useCallback<ShowToast>((text, look = "done", act = undefined) => {
    next.current += 1;
    const toast = { id: next.current, text, look, act };
    setToasts((now) => [...now.slice(1 - KEPT), toast]);
  }, []);
  return (
    <ToastContext value={show}>
      {children}
      {toasts.length === 0 ? null : <Notes toasts={toasts} />}
    </ToastContext>
  );
}
