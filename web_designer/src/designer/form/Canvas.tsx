/** Draws the form with the components people will fill it with, under the designer's layer; as on a desk or as on a phone. */
import { useDroppable } from "@dnd-kit/core";
import { type JSX, type RefObject, useCallback, useMemo } from "react";
import { useSession } from "@/shared/api/context";
import { FormView, type RenderNode } from "@/shared/renderer/FormView";
import type { FormDefinition as ShownForm } from "@/shared/renderer/types";
import { useDesign, useDesignState } from "../core/DesignContext";
import { type FormNode, formOf, under } from "../core/doc";
import { useTexts } from "../core/useTexts";
import { bareModel } from "./draftModel";
import { NodeFrame } from "./Frame";
import { rootOf } from "./places";

export type Preview = "desktop" | "phone";

type CanvasProps = { readonly formKey: string; readonly preview: Preview; readonly ref: RefObject<HTMLDivElement | null> };

export function Canvas({ formKey, preview, ref }: CanvasProps): JSX.Element {
  const { t } = useTexts("designer.form");
  const { app, store, labels } = useDesign();
  const { time_zone: zone } = useSession();
  const form = useDesignState((state) => formOf(state.history.document, formKey));
  const model = useMemo(() => bareModel(app, zone, form?.entity ?? ""), [app, zone, form?.entity]);
  const root = rootOf(formKey);
  const { setNodeRef } = useDroppable({ id: `box:${root}` });
  const renderNode = useCallback<RenderNode>(
    ({ node, path, element }) => {
      const pointer = path.reduce((list, key, index) => under(list, ...(index === 0 ? [key] : ["nodes", key])), root);
      return (
        <NodeFrame key={node.key} pointer={pointer} node={node as unknown as FormNode}>
          {element}
        </NodeFrame>
      );
    },
    [root],
  );
  const [entity] = model.entities;
  return (
    <div className="canvas" ref={ref} onClick={() => store.getState().select(null)}>
      <div className={`canvas-paper canvas-${preview}`} ref={setNodeRef} data-root={root} role="group" aria-label={t("canvas")}>
        {form && entity ? (
          <FormView model={model} entity={entity} form={form as unknown as ShownForm} mode="design" language={labels} isCompact={preview === "phone"} renderNode={renderNode} />
        ) : null}
        {form?.nodes.length === 0 ? <p className="frame-empty">{t("drop-here")}</p> : null}
      </div>
    </div>
  );
}
