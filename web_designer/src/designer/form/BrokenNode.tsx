/** Stands on the canvas for a node that cannot be drawn: its field is gone, or nobody knows its kind. It can be taken off. */
import type { JSX } from "react";
import { Button } from "@/shared/ui/Button";
import { Icon } from "@/shared/ui/Icon";
import { useDesign } from "../core/DesignContext";
import type { FormNode, Pointer } from "../core/doc";
import { useTexts } from "../core/useTexts";
import { removeNode } from "./gestures";

export function BrokenNode({ pointer, node }: { readonly pointer: Pointer; readonly node: FormNode }): JSX.Element {
  const { t } = useTexts("designer.form");
  const { store } = useDesign();
  return (
    <div className="frame-broken">
      <Icon name="warning" />
      <span>{node.kind === "input" ? t("broken.field", { field: node.field ?? "" }) : t("broken.kind", { kind: node.kind })}</span>
      <Button
        onClick={(event) => {
          event.stopPropagation();
          const made = removeNode(store.getState().history.document, pointer.split("/")[2] ?? "", pointer);
          store.getState().execute(made.gesture, made.selection);
        }}
      >
        {t("remove")}
      </Button>
    </div>
  );
}
