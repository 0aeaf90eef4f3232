/**
 * A text box that offers a list while one types: for choices and for references alike, in forms and in table cells.
 *
 * It shows what is chosen, asks its owner for options by what is typed, and gives back the option picked or null.
 */
import { useEffect, useId, useLayoutEffect, useRef, useState, type FocusEvent, type JSX, type KeyboardEvent, type ReactNode, type Ref } from "react";
import { createPortal } from "react-dom";
import { Icon } from "./Icon";

export interface ComboboxOption {
  readonly key: string;
  readonly label: string;
  /** What is drawn in the list, when it is more than the label. */
  readonly content?: ReactNode;
}

export interface ComboboxProps<O extends ComboboxOption> {
  readonly inputId: string;
  /** Label of what is chosen; empty when nothing is. */
  readonly text: string;
  readonly options: readonly O[];
  readonly isLoading?: boolean;
  readonly emptyText: string;
  readonly placeholder?: string;
  readonly clearLabel?: string;
  readonly onOpen?: () => void;
  readonly onQuery: (typed: string) => void;
  readonly onPick: (option: O | null) => void;
  readonly aria: Readonly<Record<string, string | boolean | undefined>>;
  readonly disabled?: boolean;
  readonly listLabel: string;
  readonly ref?: Ref<HTMLInputElement>;
  readonly className?: string;
  readonly autoFocus?: boolean;
}

export function Combobox<O extends ComboboxOption>(props: ComboboxProps<O>): JSX.Element {
  const { inputId, text, options, isLoading = false, onQuery, onPick } = props;
  const [typed, setTyped] = useState<string | null>(null);
  const [isOpen, setOpen] = useState(false);
  const [active, setActive] = useState(0);
  // Whoever types and goes on before the answer is there gets the first option when it comes.
  const [isAwaited, setAwaited] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const listId = useId();
  const at = Math.min(active, Math.max(options.length - 1, 0));

  const open = (): void => {
    if (isOpen || props.disabled === true) return;
    setOpen(true);
    setActive(Math.max(options.findIndex((option) => option.label === text), 0));
    props.onOpen?.();
  };
  const close = (): void => {
    setOpen(false);
    setTyped(null);
    setAwaited(false);
    onQuery("");
  };
  const pick = (option: O | null): void => {
    onPick(option);
    close();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.nativeEvent.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      event.stopPropagation();
      if (!isOpen) open();
      else if (options.length > 0) setActive((at + (event.key === "ArrowDown" ? 1 : -1) + options.length) % options.length);
    } else if (event.key === "Enter" && isOpen) {
      event.preventDefault();
      event.stopPropagation();
      const option = options[at];
      if (isLoading) setAwaited(true);
      else if (option !== undefined) pick(option);
    } else if (event.key === "Escape" && isOpen) {
      event.preventDefault();
      event.stopPropagation();
      close();
    } else if (event.key === "Tab" && isOpen && typed !== null && typed.trim() !== "") {
      if (isLoading) setAwaited(true);
      else if (options[at] !== undefined) pick(options[at]);
    }
  };
  const onBlur = (event: FocusEvent): void => {
    if (event.relatedTarget instanceof Element && event.relatedTarget.id === listId) return;
    if (isAwaited) return setOpen(false);
    if (typed !== null && typed.trim() === "" && text !== "") onPick(null);
    if (isOpen || typed !== null) close();
  };
  useEffect(() => {
    if (!isAwaited || isLoading) return undefined;
    const timer = window.setTimeout(() => {
      const option = options[0];
      if (option === undefined) close();
      else pick(option);
    });
    return () => window.clearTimeout(timer);
  });
  return (
    <div className={`combobox ${props.className ?? ""}`}>
      <input
        id={inputId}
        ref={(element) => {
          input.current = element;
          if (typeof props.ref === "function") props.ref(element);
          else if (props.ref) props.ref.current = element;
        }}
        className="input"
        type="text"
        role="combobox"
        autoComplete="off"
        spellCheck={false}
        aria-autocomplete="list"
        aria-expanded={isOpen}
        aria-controls={isOpen ? listId : undefined}
        aria-activedescendant={isOpen && options[at] !== undefined ? `${listId}-${at}` : undefined}
        {...props.aria}
        placeholder={props.placeholder}
        disabled={props.disabled}
        autoFocus={props.autoFocus}
        value={typed ?? text}
        onFocus={(event) => event.target.select()}
        onMouseDown={() => (isOpen ? undefined : open())}
        onChange={(event) => {
          setTyped(event.target.value);
          setAwaited(false);
          setActive(0);
          onQuery(event.target.value);
          if (!isOpen) open();
          setActive(0);
        }}
        onKeyDown={onKeyDown}
        onBlur={onBlur}
      />
      {text !== "" && props.clearLabel !== undefined && props.disabled !== true ? (
        <button
          type="button"
          tabIndex={-1}
          className="combobox-clear"
          aria-label={props.clearLabel}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => pick(null)}
        >
          <Icon name="close" size={12} />
        </button>
      ) : (
        <span className="combobox-arrow">
          <Icon name="down" size={14} />
        </span>
      )}
      {isOpen ? (
        <ComboboxList anchor={input} id={listId} label={props.listLabel} activeId={`${listId}-${at}`}>
          {isLoading && options.length === 0 ? <div className="combobox-note">…</div> : null}
          {!isLoading && options.length === 0 ? <div className="combobox-note">{props.emptyText}</div> : null}
          {options.map((option, index) => (
            <div
              key={option.key}
              id={`${listId}-${index}`}
              role="option"
              aria-selected={index === at}
              className={index === at ? "combobox-option is-active" : "combobox-option"}
              onMouseDown={(event) => event.preventDefault()}
              onMouseMove={() => setActive(index)}
              onClick={() => pick(option)}
            >
              {option.content ?? option.label}
              {option.label === text ? <Icon name="check" size={14} /> : null}
            </div>
          ))}
        </ComboboxList>
      ) : null}
    </div>
  );
}

interface ListProps {
  readonly anchor: { readonly current: HTMLInputElement | null };
  readonly id: string;
  readonly label: string;
  readonly activeId: string;
  readonly children: ReactNode;
}

/** The list lies in the browser's top layer, so neither a scrolling table nor a dialog cuts it off. */
function ComboboxList({ anchor, id, label, activeId, children }: ListProps): JSX.Element {
  const list = useRef<HTMLDivElement>(null);
  const place = (): void => {
    const box = anchor.current?.getBoundingClientRect();
    const element = list.current;
    if (box === undefined || element === null) return;
    const below = window.innerHeight - box.bottom;
    const height = Math.min(element.scrollHeight + 2, 288);
    const isAbove = below < height + 8 && box.top > below;
    element.style.minWidth = `${box.width}px`;
    element.style.left = `${Math.max(4, Math.min(box.left, window.innerWidth - Math.max(element.offsetWidth, box.width) - 8))}px`;
    element.style.top = isAbove ? "auto" : `${box.bottom + 4}px`;
    element.style.bottom = isAbove ? `${window.innerHeight - box.top + 4}px` : "auto";
    element.style.maxHeight = `${Math.max(120, Math.min(288, (isAbove ? box.top : below) - 12))}px`;
  };
  useLayoutEffect(() => {
    list.current?.showPopover();
  }, []);
  useLayoutEffect(place);
  useEffect(() => {
    document.getElementById(activeId)?.scrollIntoView({ block: "nearest" });
  }, [activeId]);
  useEffect(() => {
    const follow = (event: Event): void => {
      if (event.target !== list.current) place();
    };
    window.addEventListener("scroll", follow, true);
    window.addEventListener("resize", follow);
    return () => {
      window.removeEventListener("scroll", follow, true);
      window.removeEventListener("resize", follow);
    };
  });
  return createPortal(
    <div ref={list} id={id} popover="manual" role="listbox" aria-label={label} className="combobox-list" tabIndex={-1}>
      {children}
    </div>,
    anchor.current?.closest("dialog") ?? document.body,
  );
}
