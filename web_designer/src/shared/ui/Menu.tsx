/** A button that opens a list of actions or links; arrows move, Escape closes and gives the focus back. */
import { cloneElement, useRef, useState, type ButtonHTMLAttributes, type JSX, type ReactElement, type ReactNode } from "react";
import { Button } from "./Button";
import { makePart, usePart } from "./later";

export interface MenuEntry {
  readonly key: string;
  readonly text: ReactNode;
  readonly isCurrent?: boolean;
  readonly isDanger?: boolean;
  readonly onPick: () => void;
}

export interface MenuProps {
  /** What is on the button; else it is a plain one with an icon. */
  readonly button?: ReactNode;
  readonly icon?: string;
  readonly label: string;
  readonly entries: readonly MenuEntry[];
  readonly head?: ReactNode;
  readonly side?: "start" | "end";
  readonly className?: string;
}

export interface MenuListProps extends Omit<MenuProps, "button" | "icon" | "className"> {
  readonly isOpen: boolean;
  readonly onOpen: (isOpen: boolean) => void;
  readonly children: ReactElement<ButtonHTMLAttributes<HTMLButtonElement>>;
}

const part = makePart<MenuListProps>(async () => (await import("./MenuList")).MenuList);

/** Draws the button alone until the list is wanted and there; pressed before, it opens as soon as it is. */
function List(props: MenuListProps): JSX.Element {
  const { Found } = usePart(part, props.isOpen);
  if (Found !== undefined) return <Found {...props} />;
  return cloneElement(props.children, { onClick: () => props.onOpen(!props.isOpen) });
}

export function Menu({ button, icon, className = "", ...rest }: MenuProps): JSX.Element {
  const [isOpen, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const turn = (next: boolean): void => {
    setOpen(next);
    // The focus goes back to the button, unless it has gone elsewhere with a click beside the list.
    if (!next && document.activeElement?.closest('[role="menu"]')) box.current?.querySelector("button")?.focus();
  };
  const aria = { "aria-label": rest.label, "aria-haspopup": "menu", "aria-expanded": isOpen } as const;
  return (
    <div className={`menu ${className}`} ref={box}>
      <List {...rest} isOpen={isOpen} onOpen={turn}>
        {icon === undefined ? (
          <button type="button" className="menu-button" {...aria}>
            {button}
          </button>
        ) : (
          <Button icon={icon} {...aria} />
        )}
      </List>
    </div>
  );
}
