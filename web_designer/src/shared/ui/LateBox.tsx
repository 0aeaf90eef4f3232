/**
 * Takes a light text box and the part that is the full one, draws the light one until somebody is at it and the full one is there.
 *
 * The change is not felt: focus, caret and marked text go over; a press and a word being composed are waited for. Should the
 * full one never come, the light one goes on.
 */
import { createContext, createElement, useContext, useLayoutEffect, useRef, useState, type ComponentType, type JSX } from "react";
import { flushSync } from "react-dom";
import type { Part } from "./later";

/** True where somebody is at the box before it is drawn: a cell that was a mere text gives way to it. */
export const ReachedContext = createContext(false);

interface LateBoxProps<P extends object> {
  readonly part: Part<P>;
  readonly Light: ComponentType<P>;
  /** What either gets. */
  readonly given: P;
}

/** What a light box with the focus hands over: its marked text, and that it was pressed, which opens what hangs from it. */
interface Handed {
  readonly marked: readonly [number | null, number | null];
  readonly isPressed: boolean;
}

export function LateBox<P extends object>({ part, Light, given }: LateBoxProps<P>): JSX.Element {
  const isExpected = useContext(ReachedContext);
  const [Full, setFull] = useState(() => (isExpected ? part.now() : undefined));
  const frame = useRef<HTMLSpanElement>(null);
  const holds = useRef({ isReached: false, isHeldDown: false, isPressed: false, isComposing: false });
  const handed = useRef<Handed | null>(null);

  const giveWay = (change: (go: () => void) => void): void => {
    const { isReached, isHeldDown, isPressed, isComposing } = holds.current;
    const found = part.now();
    if (!isReached || isHeldDown || isComposing || found === undefined || frame.current === null) return;
    const box = document.activeElement;
    handed.current = box instanceof HTMLInputElement && frame.current.contains(box) ? { marked: [box.selectionStart, box.selectionEnd], isPressed } : null;
    change(() => setFull(() => found));
  };
  const reach = (change: (go: () => void) => void): void => {
    holds.current.isReached = true;
    if (part.now() !== undefined) giveWay(change);
    // Not to be had now: the light box goes on, and whoever comes to it next asks anew.
    else part.load().then(() => giveWay(flushSync), () => undefined);
  };
  const release = (isPressed: boolean): void => {
    holds.current.isHeldDown = false;
    holds.current.isPressed = isPressed;
    giveWay(flushSync);
  };
  useLayoutEffect(() => {
    if (Full === undefined || handed.current === null) return;
    const box = frame.current?.querySelector("input");
    box?.focus({ preventScroll: true });
    box?.setSelectionRange(...handed.current.marked);
    if (handed.current.isPressed) box?.click();
    handed.current = null;
  }, [Full]);
  if (Full !== undefined) return <span className="late-box" ref={frame}>{createElement(Full, given)}</span>;
  return (
    <span
      className="late-box"
      ref={frame}
      // At once, so that a press that follows goes to the full box.
      onPointerEnter={(event) => (event.pointerType === "mouse" ? reach(flushSync) : undefined)}
      // A press ends on what it began on: to change over before would lose it.
      onPointerDown={() => (holds.current.isHeldDown = true)}
      onPointerCancel={() => release(false)}
      onClick={() => release(true)}
      onKeyUp={(event) => release(holds.current.isPressed && event.key !== "Escape")}
      onBlur={() => {
        holds.current.isHeldDown = false;
        holds.current.isPressed = false;
      }}
      // The focus may have been set while a page is being drawn; then all is marked and nothing has to be at once.
      onFocus={() => reach((go) => go())}
      onCompositionStart={() => (holds.current.isComposing = true)}
      onCompositionEnd={() => {
        holds.current.isComposing = false;
        // After the browser has put the word in.
        window.setTimeout(() => giveWay(flushSync));
      }}
    >
      <Light {...given} />
    </span>
  );
}
