/**
 * Drags on the form canvas: from the palette and within the form. Gives the handlers of dnd-kit and the plan of the moment.
 *
 * The planner runs on every move and again at the end, on the pointer's own last position: what dnd-kit says is "over" is
 * one drawing behind. Rectangles are measured when the drag begins and after a scroll.
 */
import { type Announcements, type CollisionDetection, type DragEndEvent, type DragStartEvent, pointerWithin } from "@dnd-kit/core";
import { type RefObject, useEffect, useMemo, useRef, useState } from "react";
import { type StoreApi, createStore } from "zustand/vanilla";
import { label } from "@/shared/i18n/label";
import { useDesign } from "../core/DesignContext";
import { describe } from "../core/describe";
import { type Pointer, split } from "../core/doc";
import { useTexts } from "../core/useTexts";
import { type Made, addExisting, addField, addSection, moveNode } from "./gestures";
import { kindRow } from "./kinds";
import { measure } from "./measure";
import { type Container, type Dragged, type Plan, type Point, accepts, planDrop } from "./plan";

/** What a draggable says about itself. */
export type DragData = {
  readonly nodeKind: string;
  readonly name: string;
  /** The node that is moved. */
  readonly pointer?: Pointer;
  /** A new field of this kind is added. */
  readonly kind?: string;
  /** A field of the entity is put onto the form. */
  readonly field?: string;
};

export type PlanStore = StoreApi<{ readonly plan: Plan | null }>;

type FormDrag = {
  readonly plans: PlanStore;
  readonly dragged: DragData | null;
  readonly collisionDetection: CollisionDetection;
  readonly announcements: Announcements;
  readonly onDragStart: (event: DragStartEvent) => void;
  readonly onDragMove: () => void;
  readonly onDragOver: () => void;
  readonly onDragEnd: (event: DragEndEvent) => void;
  readonly onDragCancel: () => void;
};

/** Watch drags over the canvas of a form. */
export function useFormDrag(formKey: string, canvas: RefObject<Element | null>): FormDrag {
  const { t } = useTexts("designer.form");
  const { store, labels } = useDesign();
  const [plans] = useState<PlanStore>(() => createStore(() => ({ plan: null })));
  const [dragged, setDragged] = useState<DragData | null>(null);
  const at = useRef<Point>({ x: 0, y: 0 });
  const containers = useRef<readonly Container[] | null>(null);

  useEffect(() => {
    if (dragged === null) return undefined;
    const followed = (event: PointerEvent | TouchEvent): void => {
      const point = "touches" in event ? event.touches[0] : event;
      if (point) at.current = { x: point.clientX, y: point.clientY };
    };
    const scrolled = (): void => {
      containers.current = null;
    };
    window.addEventListener("pointermove", followed, true);
    window.addEventListener("touchmove", followed, true);
    window.addEventListener("scroll", scrolled, true);
    return () => {
      window.removeEventListener("pointermove", followed, true);
      window.removeEventListener("touchmove", followed, true);
      window.removeEventListener("scroll", scrolled, true);
    };
  }, [dragged]);

  const made = (data: DragData, plan: Plan): Made | null => {
    const { document } = store.getState().history;
    if (data.pointer !== undefined) return moveNode(document, data.pointer, plan.place);
    if (data.field !== undefined) return addExisting(document, formKey, data.field, plan.place);
    const row = kindRow(data.kind ?? "");
    return row ? addField(document, formKey, row, plan.place, labels) : addSection(document, formKey, plan.place, labels);
  };
  const replan = (): Plan | null => {
    if (dragged === null || canvas.current === null) return null;
    containers.current ??= measure(canvas.current);
    const thing: Dragged = { nodeKind: dragged.nodeKind, pointer: dragged.pointer ?? null };
    const plan = isOver(canvas.current, at.current) ? planDrop(containers.current, thing, at.current) : null;
    plans.setState({ plan });
    return plan;
  };
  const finish = (): void => {
    plans.setState({ plan: null });
    containers.current = null;
    setDragged(null);
  };

  const announcements = useMemo<Announcements>(() => {
    const where = (): string => {
      const { plan } = plans.getState();
      return plan ? describe(store.getState().history.document, split(plan.place.list).parent, labels) : "";
    };
    const name = (data: unknown): string => (data as DragData | undefined)?.name ?? "";
    return {
      onDragStart: ({ active }) => t("dnd.start", { name: name(active.data.current) }),
      onDragOver: ({ active }) => (where() === "" ? t("dnd.nowhere") : t("dnd.over", { name: name(active.data.current), place: where() })),
      onDragEnd: ({ active, over }) => (over ? t("dnd.end", { name: name(active.data.current) }) : t("dnd.cancel")),
      onDragCancel: () => t("dnd.cancel"),
    };
  }, [plans, store, labels, t]);

  return {
    plans,
    dragged,
    announcements,
    collisionDetection: innermost,
    onDragStart: ({ active, activatorEvent }) => {
      const start = activatorEvent as MouseEvent & Partial<TouchEvent>;
      const point = start.touches?.[0] ?? start;
      at.current = { x: point.clientX, y: point.clientY };
      containers.current = null;
      setDragged(active.data.current as DragData);
    },
    onDragMove: replan,
    onDragOver: replan,
    onDragEnd: () => {
      const plan = replan();
      if (dragged !== null && plan !== null) {
        const done = made(dragged, plan);
        if (done) store.getState().execute(done.gesture, done.selection);
      }
      finish();
    },
    onDragCancel: finish,
  };
}

/** Return the name of what is dragged, for the thing under the pointer. */
export function dragName(data: DragData, labels: string): string {
  return data.kind === undefined ? data.name : label(kindRow(data.kind)?.name, labels, data.name);
}

/** The smallest container under the pointer that takes what is dragged: what dnd-kit scrolls and announces by. */
const innermost: CollisionDetection = (args) => {
  const data = args.active.data.current as DragData | undefined;
  const size = (id: string | number): number => {
    const rect = args.droppableRects.get(id);
    return rect ? rect.width * rect.height : Infinity;
  };
  return pointerWithin(args)
    .filter(({ id }) => accepts(String(id).slice("box:".length), data?.nodeKind ?? "input"))
    .sort((a, b) => size(a.id) - size(b.id));
};

function isOver(element: Element, point: Point): boolean {
  const { left, top, right, bottom } = element.getBoundingClientRect();
  return point.x >= left && point.x <= right && point.y >= top && point.y <= bottom;
}
