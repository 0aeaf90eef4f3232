/** The input of a cell of the lines: as long as nobody has been at it a plain box with its text, which gives way to the real one. */
import { useLayoutEffect, useRef, useState, type ComponentProps, type JSX } from "react";
import { flushSync } from "react-dom";
import { label } from "@/shared/i18n/label";
import { ReachedContext } from "@/shared/ui/LateBox";
import type { FieldComponent, FieldProps } from "./fields/types";
import { useForm, useValue } from "./FormContext";
import { anyOf } from "./pointing";

/** Kinds whose input is made of many parts: hundreds of lines would draw thousands of them. */
const HEAVY: ReadonlySet<string> = new Set(["reference", "member", "department", "any_reference", "choice"]);

/** How somebody came to the cell: under the mouse, with the focus, or by a tap or press, which also opens its list. */
type Reached = "never" | "mouse" | "focus" | "tap";

/** Draws `Field`, but a plain box in its place as long as nobody has been at the cell. */
export function CellField({ Field, ...props }: FieldProps & { readonly Field: FieldComponent }): JSX.Element {
  const { isCompact } = useForm();
  const { inputId } = props;
  const isHeavy = HEAVY.has(props.field.kind) && !isCompact;
  const [reached, setReached] = useState<Reached>(isHeavy ? "never" : "mouse");
  useLayoutEffect(() => {
    if (reached !== "focus" && reached !== "tap") return;
    const input = document.getElementById(inputId);
    input?.focus();
    // The tap went to the plain box; the real one gets what opens it.
    if (reached === "tap") input?.dispatchEvent(new MouseEvent("mousedown", { bubbles: true, cancelable: true }));
  }, [reached, inputId]);
  if (reached === "never") return <PlainBox {...props} onReach={setReached} />;
  return (
    <ReachedContext value={isHeavy}>
      <Field {...props} />
    </ReachedContext>
  );
}

function PlainBox({ field, path, inputId, aria, onReach }: FieldProps & { readonly onReach: (how: Reached) => void }): JSX.Element {
  const { language } = useForm();
  const value = useValue(path);
  const title = useValue(`${path}__title`);
  const isTouched = useRef(false);
  const isPressed = useRef(false);
  const key = typeof value === "string" ? value : (anyOf(value)?.id ?? "");
  const named = field.kind === "choice" ? label(field.options?.find((option) => option.key === value)?.name, language, key) : title;
  const reactions: ComponentProps<"input"> = {
    onPointerDown: (event) => {
      isTouched.current = event.pointerType !== "mouse";
      isPressed.current = !isTouched.current;
    },
    // At once, so that a press that follows goes to the real input. A tap ends on what it began on: to change over before would lose it.
    onPointerEnter: (event) => (event.pointerType === "mouse" ? flushSync(() => onReach("mouse")) : undefined),
    // A row drawn anew under a resting mouse is pressed without having been entered: the press must open the list all the same.
    onFocus: () => (isTouched.current ? undefined : onReach(isPressed.current ? "tap" : "focus")),
    onClick: () => onReach("tap"),
  };
  return (
    <input
      id={inputId}
      className="input"
      type="text"
      role="combobox"
      aria-expanded="false"
      aria-haspopup="listbox"
      autoComplete="off"
      {...aria}
      {...reactions}
      value={typeof named === "string" && named !== "" ? named : key.slice(0, 8)}
      onChange={() => undefined}
    />
  );
}
