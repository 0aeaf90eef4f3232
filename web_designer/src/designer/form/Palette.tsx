/** Shows what can be added to the form: sections, new fields of each kind, fields of the entity that are not on it. */
import { useDraggable } from "@dnd-kit/core";
import type { JSX, KeyboardEvent } from "react";
import { label } from "@/shared/i18n/label";
import { Icon } from "@/shared/ui/Icon";
import { useDesign, useDocument } from "../core/DesignContext";
import { entityOf, formOf, walkNodes } from "../core/doc";
import { useTexts } from "../core/useTexts";
import { type Made, addExisting, addField, addSection } from "./gestures";
import { KindIcon } from "./KindIcon";
import { KINDS, kindRow } from "./kinds";
import { placeAfter } from "./places";
import type { DragData } from "./useFormDrag";

export function Palette({ formKey }: { readonly formKey: string }): JSX.Element {
  const { t, language } = useTexts("designer.form");
  const { store, labels, announce } = useDesign();
  const document = useDocument();
  const form = formOf(document, formKey);
  const shown = new Set(form ? walkNodes(form).map(({ node }) => node.field) : []);
  const missing = entityOf(document, form?.entity ?? "")?.fields.filter((field) => !shown.has(field.key)) ?? [];

  const add = (data: DragData): void => {
    const { history, selection } = store.getState();
    const place = placeAfter(history.document, formKey, selection, data.nodeKind);
    const row = kindRow(data.kind ?? "");
    const made: Made | null =
      data.field !== undefined
        ? addExisting(history.document, formKey, data.field, place)
        : row
          ? addField(history.document, formKey, row, place, labels)
          : addSection(history.document, formKey, place, labels);
    if (made && store.getState().execute(made.gesture, made.selection) === null) announce(t("added", { name: data.name }));
  };

  return (
    <nav className="palette" aria-label={t("palette")} onKeyDown={moveFocus}>
      <p className="design-hint" id="palette-hint">
        {t("palette.hint")}
      </p>
      <h2>{t("palette.structure")}</h2>
      <ul>
        <PaletteItem id="new:section" icon="section" data={{ nodeKind: "section", name: t("node.section") }} onAdd={add} />
      </ul>
      <h2>{t("palette.fields")}</h2>
      <ul className="palette-kinds">
        {KINDS.map((row) => (
          <PaletteItem key={row.kind} id={`new:${row.kind}`} icon={row.kind} data={{ nodeKind: "input", kind: row.kind, name: label(row.name, language) }} onAdd={add} />
        ))}
      </ul>
      <h2>{t("palette.existing")}</h2>
      {missing.length === 0 ? <p className="design-hint">{t("palette.none")}</p> : null}
      <ul>
        {missing.map((field) => (
          <PaletteItem
            key={field.key}
            id={`field:${field.key}`}
            icon={field.kind}
            data={{ nodeKind: "input", field: field.key, name: label(field.name, labels, field.key) }}
            onAdd={add}
          />
        ))}
      </ul>
    </nav>
  );
}

type ItemProps = { readonly id: string; readonly icon: string; readonly data: DragData; readonly onAdd: (data: DragData) => void };

function PaletteItem({ id, icon, data, onAdd }: ItemProps): JSX.Element {
  const { listeners, setNodeRef, isDragging } = useDraggable({ id, data });
  return (
    <li>
      <button
        ref={setNodeRef}
        type="button"
        className="palette-item"
        data-palette={id}
        data-dragging={isDragging || undefined}
        aria-describedby="palette-hint"
        onClick={() => onAdd(data)}
        {...listeners}
      >
        <KindIcon kind={icon} />
        <span>{data.name}</span>
        <Icon name="add" size={14} />
      </button>
    </li>
  );
}

/** Arrows go from item to item; Tab leaves the palette as usual. */
function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
  if (step === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>("[data-palette]")];
  const index = items.findIndex((item) => item === document.activeElement);
  if (index < 0) return;
  event.preventDefault();
  items[index + step]?.focus();
}
