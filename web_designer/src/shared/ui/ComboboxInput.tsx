/**
 * The combobox itself: antd's list under a text box, with what our forms ask of a keyboard.
 *
 * What is chosen stands in the box as text, so that it can be read out and copied. Enter and Tab take the option marked;
 * whoever types and goes on before the answer is there gets the first option when it comes.
 */
import { AutoComplete } from "antd";
import { useEffect, useRef, type FocusEvent, type JSX, type KeyboardEvent } from "react";
import type { ComboboxBoxProps } from "./Combobox";
import { Icon } from "./Icon";

export function ComboboxInput({ inputId, text, options, isLoading = false, emptyText, placeholder, clearLabel, aria, listLabel, state }: ComboboxBoxProps): JSX.Element {
  const { typed, isOpen } = state;
  const marked = useRef<string | undefined>(undefined);
  const pressed = useRef("");
  const box = useRef<HTMLDivElement>(null);

  const turn = (next: boolean): void => {
    // Enter in a closed box belongs to the form or the table around it.
    if (next === isOpen || (next && pressed.current === "Enter")) return;
    if (next) state.open();
    else state.shut();
  };
  const onKeyDownCapture = (event: KeyboardEvent): void => {
    pressed.current = event.key;
    if (!isOpen || event.nativeEvent.isComposing) return;
    const isEnter = event.key === "Enter";
    if (isEnter && isLoading) {
      event.preventDefault();
      event.stopPropagation();
      state.awaitAnswer();
    } else if (isEnter && typed !== null && typed.trim() !== "" && options.length > 0) {
      // The library's mark may be of the answer before this one: it would close the list and take nothing.
      event.preventDefault();
      event.stopPropagation();
      state.settle(options.find((one) => one.key === marked.current));
    } else if (event.key === "Tab") {
      // The list would keep the focus, and take an option though nothing was typed.
      event.stopPropagation();
      state.settle(options.find((one) => one.key === marked.current));
    }
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (isOpen && (event.key === "Enter" || event.key === "Escape")) event.stopPropagation();
  };
  useEffect(() => {
    // Tab goes from input to input, whether they hold something or not; a keyboard clears by taking out the text.
    box.current?.querySelector(".ant-select-clear")?.setAttribute("tabindex", "-1");
    // The library gives its list no name.
    const list = isOpen ? document.getElementById(`${inputId}_list`) : null;
    list?.setAttribute("aria-label", listLabel);
    return () => list?.removeAttribute("aria-label");
  });
  // The value of an option is its label, so that the chosen one is marked when the list opens; its key where two are called the same.
  const labels = options.map((option) => option.label);
  const listed = options.map((option) => ({
    key: option.key,
    value: labels.filter((one) => one === option.label).length === 1 ? option.label : option.key,
    label: (
      <span className="combobox-option">
        {option.content ?? option.label}
        {option.label === text ? <Icon name="check" size={14} /> : null}
      </span>
    ),
    title: option.label,
    option,
  }));
  return (
    <div className="combobox" ref={box} onKeyDownCapture={onKeyDownCapture} onKeyDown={onKeyDown}>
      <AutoComplete
        id={inputId}
        {...aria}
        {...(aria["aria-invalid"] === true ? { status: "error" as const } : {})}
        classNames={{ popup: { root: "combobox-list" } }}
        styles={{ root: { width: "100%" } }}
        virtual={false}
        popupMatchSelectWidth={false}
        filterOption={false}
        defaultActiveFirstOption
        notFoundContent={<span className="combobox-note">{isLoading ? "…" : emptyText}</span>}
        placeholder={placeholder}
        suffixIcon={<Icon name="down" size={14} />}
        allowClear={clearLabel === undefined ? false : { clearIcon: <Icon name="close" size={12} />, label: clearLabel }}
        options={listed}
        value={typed ?? text}
        // The text stands in the box; it need not be drawn behind it as well.
        labelRender={() => ""}
        open={isOpen}
        onOpenChange={turn}
        onActive={(value) => (marked.current = listed.find((one) => one.value === value)?.key)}
        onSearch={(next) => {
          pressed.current = "";
          state.type(next);
        }}
        onSelect={(_, chosen) => state.pick(chosen.option)}
        onClear={() => state.pick(null)}
        onFocus={(event: FocusEvent) => (event.target instanceof HTMLInputElement ? event.target.select() : undefined)}
        onBlur={() => {
          pressed.current = "";
          state.leave();
        }}
      />
    </div>
  );
}
