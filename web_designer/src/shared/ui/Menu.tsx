/** A button that opens a list of actions or links; arrows move, Escape closes and gives the focus back. */
import { useEffect, useId, useRef, useState, type JSX, type KeyboardEvent, type ReactNode } from "react";

export interface MenuEntry {
  readonly key: string;
  readonly text: ReactNode;
  readonly isCurrent?: boolean;
  readonly isDanger?: boolean;
  readonly onPick: () => void;
}

export interface MenuProps {
  readonly button: ReactNode;
  readonly label: string;
  readonly entries: readonly MenuEntry[];
  readonly head?: ReactNode;
  readonly side?: "start" | "end";
  readonly className?: string;
}

export function Menu({ button, label, entries, head, side = "start", className = "" }: MenuProps): JSX.Element {
  const [isOpen, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const trigger = useRef<HTMLButtonElement>(null);
  const id = useId();

  useEffect(() => {
    if (!isOpen) return undefined;
    const items = box.current?.querySelectorAll<HTMLElement>('[role^="menuitem"]');
    (box.current?.querySelector<HTMLElement>('[aria-checked="true"]') ?? items?.[0])?.focus();
    const outside = (event: PointerEvent): void => {
      if (event.target instanceof Node && !box.current?.contains(event.target)) setOpen(false);
    };
    document.addEventListener("pointerdown", outside);
    return () => document.removeEventListener("pointerdown", outside);
  }, [isOpen]);

  const close = (): void => {
    setOpen(false);
    trigger.current?.focus();
  };
  const move = (event: KeyboardEvent): void => {
    const items = [...(box.current?.querySelectorAll<HTMLElement>('[role^="menuitem"]') ?? [])];
    const at = items.indexOf(document.activeElement as HTMLElement);
    const to = { ArrowDown: (at + 1) % items.length, ArrowUp: (at - 1 + items.length) % items.length, Home: 0, End: items.length - 1 }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      items[to]?.focus();
    } else if (event.key === "Escape") {
      event.stopPropagation();
      close();
    } else if (event.key === "Tab") setOpen(false);
  };
  return (
    <div className={`menu ${className}`} ref={box}>
      <button
        type="button"
        ref={trigger}
        className="menu-button"
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        onClick={() => setOpen(!isOpen)}
      >
        {button}
      </button>
      {isOpen ? (
        <div className={`menu-list menu-${side}`} onKeyDown={move}>
          {head}
          <div role="menu" id={id} aria-label={label}>
            {entries.map((entry) => (
              <button
                key={entry.key}
                type="button"
                role={entry.isCurrent === undefined ? "menuitem" : "menuitemradio"}
                aria-checked={entry.isCurrent}
                tabIndex={-1}
                className={entry.isDanger === true ? "menu-item menu-danger" : "menu-item"}
                onClick={() => {
                  close();
                  entry.onPick();
                }}
              >
                {entry.text}
              </button>
            ))}
          </div>
        </div>
      ) : null}
    </div>
  );
}
