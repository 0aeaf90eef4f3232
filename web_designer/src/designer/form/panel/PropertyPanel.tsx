/**
 * Shows the properties of the selected node and what can be done with it; without a selection what the form is called,
 * the rules of its entity and the lists of its records, or the one of them that is looked at.
 */
import { type JSX, useState } from "react";
import { label } from "@/shared/i18n/label";
import { Button } from "@/shared/ui/Button";
import { useDesign, useDesignState, useDocument } from "../../core/DesignContext";
import { type FormNode, type Pointer, entityOf, formOf, listsOf, nodeOf, pointerOf } from "../../core/doc";
import { useTexts } from "../../core/useTexts";
import { duplicateNode } from "../duplicate";
import { hideNode, moveNode, nodeName, removeNode } from "../gestures";
import { rootOf, shifted } from "../places";
import { ruleAt, rulesPointer } from "../rules";
import { ColumnsPanel, ColumnWidth } from "./ColumnsPanel";
import { Group, SelectControl, SwitchControl } from "./controls";
import { DecisionGroup } from "./DecisionGroup";
import { DeleteField } from "./DeleteField";
import { FieldPanel } from "./FieldPanel";
import { Labelled } from "./Labelled";
import { ListsControl } from "./ListsControl";
import { OriginPart } from "./OriginPart";
import { RulePanel } from "./RulePanel";
import { RulesGroup } from "./RulesGroup";
import { useEdit } from "./useEdit";
import { ViewPanel } from "./ViewPanel";
import { ViewsGroup } from "./ViewsGroup";

export function PropertyPanel({ formKey }: { readonly formKey: string }): JSX.Element {
  const document = useDocument();
  const selection = useDesignState((state) => state.selection);
  const node = selection?.startsWith(`${rootOf(formKey)}/`) ? nodeOf(document, selection) : undefined;
  return selection !== null && node ? <NodePanel formKey={formKey} pointer={selection} node={node} /> : <FormPanel formKey={formKey} />;
}

function FormPanel({ formKey }: { readonly formKey: string }): JSX.Element {
  const { t } = useTexts("designer.form");
  const document = useDocument();
  const detail = useDesignState((state) => state.detail);
  const entity = formOf(document, formKey)?.entity ?? "";
  const rule = detail?.startsWith(`${rulesPointer(entity)}/`) ? ruleAt(document, detail) : undefined;
  if (detail !== null && rule) return <RulePanel entity={entity} pointer={detail} rule={rule} />;
  const view = listsOf(document, entity).find(({ key }) => detail === pointerOf("views", key));
  if (detail !== null && view) return <ViewPanel pointer={detail} view={view} />;
  return (
    <section className="design-panel" aria-label={t("properties")}>
      <h2>{t("form-itself")}</h2>
      <OriginPart pointer={pointerOf("forms", formKey)} />
      <Labelled pointer={pointerOf("forms", formKey)} property="name" />
      <p className="design-hint">{t("select-hint")}</p>
      {entityOf(document, entity) ? <RulesGroup entity={entity} /> : null}
      <ViewsGroup entity={entity} />
      <DecisionGroup entity={entity} />
    </section>
  );
}

function NodePanel({ formKey, pointer, node }: { readonly formKey: string; readonly pointer: Pointer; readonly node: FormNode }): JSX.Element {
  const { t } = useTexts("designer.form");
  const { labels } = useDesign();
  const document = useDocument();
  const [column, setColumn] = useState<{ readonly node: Pointer; readonly key: string } | null>(null);
  const entity = entityOf(document, formOf(document, formKey)?.entity ?? "");
  const field = node.field === undefined ? undefined : entity?.fields.find((other) => other.key === node.field);
  const lines = entity && field?.kind === "lines" ? `${entity.key}.${field.key}` : null;
  const shownColumn = column?.node === pointer && lines !== null ? field?.fields?.find((other) => other.key === column.key) : undefined;
  if (lines !== null && shownColumn) {
    const place = { entity: lines, field: shownColumn.key };
    return (
      <section className="design-panel" aria-label={t("properties")}>
        <Button look="text" icon="back" onClick={() => setColumn(null)}>
          {t("columns.back", { name: label(field?.name, labels, field?.key) })}
        </Button>
        <h2>{label(shownColumn.name, labels, shownColumn.key)}</h2>
        <FieldPanel place={place} field={shownColumn} onRenamed={(key) => setColumn({ node: pointer, key })} />
        <ColumnWidth node={pointer} lines={lines} field={shownColumn.key} />
        <DeleteField formKey={formKey} place={place} onDeleted={() => setColumn(null)} />
      </section>
    );
  }
  return (
    <section className="design-panel" aria-label={t("properties")}>
      <h2>{label(nodeName(document, pointer), labels, node.key)}</h2>
      <NodeActions formKey={formKey} pointer={pointer} node={node} />
      {node.kind === "section" ? <SectionPanel pointer={pointer} node={node} /> : null}
      {field && entity ? <FieldPanel place={{ entity: entity.key, field: field.key }} field={field} node={pointer} /> : null}
      {node.kind === "input" ? <InputPanel pointer={pointer} node={node} isComputed={field?.formula !== undefined || field?.kind === "sequence"} /> : null}
      {field && entity ? <ListsControl place={{ entity: entity.key, field: field.key }} field={field} /> : null}
      {lines === null ? null : <ColumnsPanel node={pointer} lines={lines} onEdit={(key) => setColumn({ node: pointer, key })} />}
      {field && entity ? <DeleteField formKey={formKey} place={{ entity: entity.key, field: field.key }} onDeleted={() => undefined} /> : null}
    </section>
  );
}

function NodeActions({ formKey, pointer, node }: { readonly formKey: string; readonly pointer: Pointer; readonly node: FormNode }): JSX.Element {
  const { t } = useTexts("designer.form");
  const { store } = useDesign();
  const document = useDocument();
  const move = (by: -1 | 1): void => {
    const place = shifted(document, formKey, pointer, by);
    if (!place) return;
    const made = moveNode(document, pointer, place);
    store.getState().execute(made.gesture, made.selection);
  };
  return (
    <div className="node-actions" role="toolbar" aria-label={t("node-actions")}>
      <Button icon="up" title={t("move-earlier")} aria-label={t("move-earlier")} disabled={shifted(document, formKey, pointer, -1) === null} onClick={() => move(-1)} />
      <Button icon="down" title={t("move-later")} aria-label={t("move-later")} disabled={shifted(document, formKey, pointer, 1) === null} onClick={() => move(1)} />
      <Button
        onClick={() => {
          const made = hideNode(document, pointer, !node.hidden);
          store.getState().execute(made.gesture, made.selection);
        }}
      >
        {node.hidden ? t("show") : t("hide")}
      </Button>
      {node.kind === "input" && node.field !== undefined ? (
        <Button
          title={`${t("duplicate")} (Ctrl+D)`}
          onClick={() => {
            const made = duplicateNode(document, formKey, pointer);
            if (made) store.getState().execute(made.gesture, made.selection);
          }}
        >
          {t("duplicate")}
        </Button>
      ) : null}
      <Button
        onClick={() => {
          const made = removeNode(document, formKey, pointer);
          store.getState().execute(made.gesture, made.selection);
        }}
      >
        {t("remove")}
      </Button>
    </div>
  );
}

function SectionPanel({ pointer, node }: { readonly pointer: Pointer; readonly node: FormNode }): JSX.Element {
  const { t } = useTexts("designer.form");
  const edit = useEdit(pointer);
  const columns = typeof node.columns === "number" ? node.columns : 1;
  return (
    <>
      <OriginPart pointer={pointer} />
      <Labelled pointer={pointer} property="name" />
      <SelectControl
        title={t("property.columns")}
        value={String(columns)}
        options={["1", "2", "3", "4"].map((value) => ({ value, text: t("columns.count", { count: value }) }))}
        onChange={(value) => edit.choose("columns", Number(value))}
      />
      <SwitchControl title={t("property.hidden")} value={node.hidden === true} onChange={(value) => edit.choose("hidden", value || undefined)} />
    </>
  );
}

function InputPanel({ pointer, node, isComputed }: { readonly pointer: Pointer; readonly node: FormNode; readonly isComputed: boolean }): JSX.Element {
  const { t } = useTexts("designer.form");
  const edit = useEdit(pointer);
  const section = useDesignState((state) => nodeOf(state.history.document, pointer.split("/").slice(0, -2).join("/")));
  const columns = typeof section?.columns === "number" ? section.columns : 1;
  const spans = Array.from({ length: Math.max(columns, node.span ?? 1) }, (_, index) => String(index + 1));
  return (
    <Group title={t("group.on-form")}>
      <SelectControl
        title={t("property.span")}
        value={String(node.span ?? 1)}
        options={spans.map((value) => ({ value, text: t("span.of", { span: value, columns }) }))}
        onChange={(value) => edit.choose("span", Number(value))}
      />
      <SwitchControl title={t("property.hidden")} value={node.hidden === true} onChange={(value) => edit.choose("hidden", value || undefined)} />
      {isComputed ? null : (
        <SwitchControl title={t("input.read_only")} value={node.read_only === true} onChange={(value) => edit.choose("read_only", value || undefined)} />
      )}
    </Group>
  );
}
