/**
 * The layer of the designer over a node of the form: it selects, drags and marks, and lets nothing through to the input.
 *
 * It says in `data-node` what it stands for; the drag measures the canvas by that. A section takes drops, too.
 */
import { useDraggable, useDroppable } from "@dnd-kit/core";
import { type CSSProperties, type JSX, type ReactNode, useMemo } from "react";
import { useSession } from "@/shared/api/context";
import { label } from "@/shared/i18n/label";
import { FormContext, useForm } from "@/shared/renderer/FormContext";
import { FormModel } from "@/shared/renderer/formModel";
import { zoneOf } from "@/shared/renderer/types";
import { useDesign, useDesignState } from "../core/DesignContext";
import { type AppDocument, type FieldDefinition, type FormNode, type Labels, type Pointer, amongOf, entityOf, formOf, under, stateField } from "../core/doc";
import { useTexts } from "../core/useTexts";
import { BrokenNode } from "./BrokenNode";
import { entityModel, fieldModel } from "./draftModel";
import { issuesAt } from "./issuePlaces";
import { kindRow } from "./kinds";
import { useDefault } from "./useDefault";

type FrameProps = { readonly pointer: Pointer; readonly node: FormNode; readonly children: ReactNode };

export function NodeFrame({ pointer, node, children }: FrameProps): JSX.Element {
  const { t, language } = useTexts("designer.form");
  const { store, labels } = useDesign();
  const isSelected = useDesignState((state) => state.selection === pointer);
  const isReachable = useDesignState((state) => (state.selection === null ? isFirst(state.history.document, pointer) : state.selection === pointer));
  const field = useDesignState((state) => shownField(state.history.document, pointer, node));
  const hasIssue = useDesignState((state) => state.issues.length > 0 && issuesAt(state.issues, pointer, ...fieldPointers(state.history.document, pointer, node)).length > 0);
  const isSection = node.kind === "section";
  const isBroken = !isSection && (node.kind !== "input" || kindRow(field?.kind ?? "") === undefined);
  const name = label(node.name ?? field?.name, labels, node.key);
  const drag = useDraggable({ id: `node:${pointer}`, data: { pointer, nodeKind: node.kind, name } });
  const drop = useDroppable({ id: `box:${under(pointer, "nodes")}`, disabled: !isSection });
  const kindName = isSection ? t("node.section") : label(kindRow(field?.kind ?? "")?.name, language, node.kind);
  return (
    <div
      ref={(element) => {
        drag.setNodeRef(element);
        drop.setNodeRef(element);
      }}
      role="group"
      tabIndex={isReachable ? 0 : -1}
      aria-current={isSelected || undefined}
      aria-label={[name, kindName, node.hidden ? t("hidden") : "", hasIssue ? t("has-issue") : ""].filter(Boolean).join(", ")}
      className={`frame frame-${isSection ? "section" : "input"}`}
      data-node={pointer}
      data-selected={isSelected || undefined}
      data-hidden={node.hidden || undefined}
      data-dragging={drag.isDragging || undefined}
      data-issue={hasIssue || undefined}
      style={{ "--span": node.span ?? 1 } as CSSProperties}
      onClick={(event) => {
        event.stopPropagation();
        store.getState().select(pointer);
      }}
      onFocus={(event) => {
        if (event.target === event.currentTarget) store.getState().select(pointer);
      }}
      {...drag.listeners}
    >
      {node.hidden ? <span className="frame-badge">{t("hidden")}</span> : null}
      {isBroken ? <BrokenNode pointer={pointer} node={node} /> : field ? <OneField field={field}>{children}</OneField> : children}
      {isSection && !node.nodes?.length ? <p className="frame-empty">{t("drop-here")}</p> : null}
    </div>
  );
}

/** Draws an input from a model of its own field, as it begins in a new record, and lets nothing through to it. */
function OneField({ field, children }: { readonly field: FieldDefinition; readonly children: ReactNode }): JSX.Element {
  const form = useForm();
  const { user } = useSession();
  const { t } = useTexts("designer.form");
  const { labels } = useDesign();
  // As text, for what stays the same draws nothing anew.
  const named = useDesignState((state) => JSON.stringify(namesAmong(state.history.document, field, (to) => ({ [labels]: t(`target.${to}`) }))));
  const { tree, calendar } = useDefault(form.store.entity.key, field);
  const own = useMemo(() => {
    const entity = entityModel(form.store.entity.key, [fieldModel(field, tree, JSON.parse(named) as Record<string, Labels>)]);
    return { ...form, store: new FormModel({ entity, entities: () => undefined, record: null, user, app: form.model.app, now: new Date(), zone: zoneOf(form.model), calendar }) };
  }, [form, field, tree, user, calendar, named]);
  return (
    <FormContext value={own}>
      <div inert>{children}</div>
    </FormContext>
  );
}

/** Put the focus on the frame of a node once it is drawn. */
export function focusFrame(canvas: Element | null, pointer: Pointer | null): void {
  requestAnimationFrame(() => {
    const frame = pointer === null ? null : canvas?.querySelector<HTMLElement>(`[data-node="${CSS.escape(pointer)}"]`);
    frame?.focus({ preventScroll: true });
    frame?.scrollIntoView({ block: "nearest" });
  });
}

/** Returns what the entities are called that a field, or one of its columns, may point to among several. */
function namesAmong(document: AppDocument, field: FieldDefinition, shared: (to: string) => Labels): Readonly<Record<string, Labels>> {
  const pointing = [field, ...(field.fields ?? [])].filter((one) => one.kind === "any_reference");
  return Object.fromEntries(pointing.flatMap(amongOf).map((to) => [to, entityOf(document, to)?.name ?? shared(to)]));
}

function isFirst(document: AppDocument, pointer: Pointer): boolean {
  const [, , form, , key] = pointer.split("/");
  return pointer.split("/").length === 5 && formOf(document, form ?? "")?.nodes[0]?.key === key;
}

function shownField(document: AppDocument, pointer: Pointer, node: FormNode): FieldDefinition | undefined {
  if (node.field === undefined) return undefined;
  const form = formOf(document, pointer.split("/")[2] ?? "");
  const entity = entityOf(document, form?.entity ?? "");
  const state = stateField(entity);
  return entity?.fields.find((field) => field.key === node.field) ?? (state?.key === node.field ? state : undefined);
}

function fieldPointers(document: AppDocument, pointer: Pointer, node: FormNode): readonly Pointer[] {
  const form = formOf(document, pointer.split("/")[2] ?? "");
  return node.field === undefined || !form ? [] : [`/entities/${form.entity}/fields/${node.field}`];
}
