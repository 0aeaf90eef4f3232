/** The head of the panel of something that lies on no form: the way back to where it is listed, and what it is called. */
import { type JSX, useEffect, useRef } from "react";
import { Button } from "@/shared/ui/Button";
import { useDesign } from "../../core/DesignContext";
import type { Pointer } from "../../core/doc";
import { useTexts } from "../../core/useTexts";
import { focusPart } from "./focusPart";

export function DetailHead({ pointer, title }: { readonly pointer: Pointer; readonly title: string }): JSX.Element {
  const { t } = useTexts("designer.form");
  const { store } = useDesign();
  const head = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    // What was pressed to come here is gone; the focus must not be lost with it.
    if (document.activeElement === document.body) head.current?.focus();
  }, []);
  return (
    <>
      <Button look="text" icon="back" onClick={() => focusPart(pointer, () => store.getState().select(null))}>
        {t("detail.back")}
      </Button>
      <h2 ref={head} tabIndex={-1}>
        {title}
      </h2>
    </>
  );
}
