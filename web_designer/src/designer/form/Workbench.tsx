/** The form designer of an open draft: palette, canvas and panels, joined by one drag and one set of keys. */
import { DndContext, DragOverlay, MouseSensor, TouchSensor, useSensor, useSensors } from "@dnd-kit/core";
import { type JSX, type RefObject, useEffect, useRef, useState } from "react";
import { createPortal } from "react-dom";
import { useStore } from "zustand";
import type { Language } from "@/shared/i18n/label";
import { useMedia } from "@/shared/hooks/useMedia";
import { Notice } from "@/shared/ui/Notice";
import { Conflicts } from "../core/Conflicts";
import { HistoryPanel } from "../core/HistoryPanel";
import { useDesign, useDesignState } from "../core/DesignContext";
import { useTexts } from "../core/useTexts";
import { Canvas, type Preview } from "./Canvas";
import { focusFrame } from "./Frame";
import { Palette } from "./Palette";
import { PropertyPanel } from "./panel/PropertyPanel";
import { Problems } from "./Problems";
import { Toolbar } from "./Toolbar";
import { type PlanStore, dragName, useFormDrag } from "./useFormDrag";
import { useFormKeys } from "./useFormKeys";

/** Below this a designer has no room for its three parts side by side. */
const NARROW = "(max-width: 1023.98px)";
/** So much of a node has to be seen, in pixels. */
const EDGE = 24;
type Side = "properties" | "problems" | "history";

type WorkbenchProps = {
  readonly formKey: string;
  readonly onLabels: (language: Language) => void;
  readonly onForm: (form: string) => void;
  readonly onPublish: () => void;
};

export function Workbench({ formKey, onLabels, onForm, onPublish }: WorkbenchProps): JSX.Element {
  const { t } = useTexts("designer.form");
  const { store, labels } = useDesign();
  const [preview, setPreview] = useState<Preview>("desktop");
  const [side, setSide] = useState<Side>("properties");
  const isNarrow = useMedia(NARROW);
  const canvas = useRef<HTMLDivElement>(null);
  const drag = useFormDrag(formKey, canvas);
  const sensors = useSensors(
    useSensor(MouseSensor, { activationConstraint: { distance: 4 } }),
    useSensor(TouchSensor, { activationConstraint: { delay: 250, tolerance: 8 } }),
  );
  useFormKeys(formKey, canvas);
  useSelectionOf(formKey);
  useSelectionInSight(canvas);
  return (
    <DndContext
      sensors={sensors}
      collisionDetection={drag.collisionDetection}
      accessibility={{ announcements: drag.announcements, screenReaderInstructions: { draggable: t("palette.hint") }, restoreFocus: false }}
      onDragStart={drag.onDragStart}
      onDragMove={drag.onDragMove}
      onDragOver={drag.onDragOver}
      onDragEnd={drag.onDragEnd}
      onDragCancel={drag.onDragCancel}
    >
      <div className="designer">
        <Toolbar formKey={formKey} preview={preview} onPreview={setPreview} onLabels={onLabels} onForm={onForm} onPublish={onPublish} />
        <Conflicts />
        {isNarrow ? <Notice look="info">{t("narrow")}</Notice> : null}
        <div className="designer-parts">
          <Palette formKey={formKey} />
          <div className="designer-main">
            <Canvas formKey={formKey} preview={preview} ref={canvas} />
          </div>
          <aside className="designer-side" aria-label={t("side")}>
            <SideTabs side={side} onSide={setSide} />
            {side === "properties" ? <PropertyPanel formKey={formKey} /> : null}
            {side === "problems" ? (
              <Problems
                formKey={formKey}
                onShow={(place) => {
                  store.getState().select(place);
                  focusFrame(canvas.current, place);
                  setSide("properties");
                }}
              />
            ) : null}
            {side === "history" ? <HistoryPanel /> : null}
          </aside>
        </div>
      </div>
      <DropMark plans={drag.plans} />
      <DragOverlay dropAnimation={null}>{drag.dragged ? <div className="drag-chip">{dragName(drag.dragged, labels)}</div> : null}</DragOverlay>
    </DndContext>
  );
}

function SideTabs({ side, onSide }: { readonly side: Side; readonly onSide: (side: Side) => void }): JSX.Element {
  const { t } = useTexts("designer.form");
  const count = useDesignState((state) => state.issues.length);
  const sides: readonly Side[] = ["properties", "problems", "history"];
  return (
    <div className="segments side-tabs" role="group" aria-label={t("side")}>
      {sides.map((one) => (
        <button key={one} type="button" aria-pressed={one === side} onClick={() => onSide(one)}>
          {t(one)}
          {one === "problems" && count > 0 ? <span className="side-count">{count}</span> : null}
        </button>
      ))}
    </div>
  );
}

/** The line where the dragged thing would go, over the page so that it moves nothing. */
function DropMark({ plans }: { readonly plans: PlanStore }): JSX.Element | null {
  const mark = useStore(plans, (state) => state.plan?.mark);
  return mark ? createPortal(<div className="drop-mark" style={{ left: mark.left, top: mark.top, width: mark.width, height: mark.height }} />, document.body) : null;
}

/** What is selected is seen: a field that was added or brought back may lie far from what the canvas shows. */
function useSelectionInSight(canvas: RefObject<HTMLElement | null>): void {
  const selection = useDesignState((state) => state.selection);
  useEffect(() => {
    const frame = selection === null ? null : canvas.current?.querySelector(`[data-node="${CSS.escape(selection)}"]`);
    if (!frame || !canvas.current) return;
    const [shown, seen] = [frame.getBoundingClientRect(), canvas.current.getBoundingClientRect()];
    if (shown.bottom < seen.top + EDGE || shown.top > seen.bottom - EDGE) frame.scrollIntoView({ block: "center" });
  }, [canvas, selection]);
}

/** A selection belongs to one form: another form begins without one. */
function useSelectionOf(formKey: string): void {
  const { store } = useDesign();
  useEffect(() => {
    if (store.getState().selection?.startsWith(`/forms/${formKey}/`) !== true) store.getState().select(null);
  }, [store, formKey]);
}

