/**
 * Draws a form from metadata: sections with columns, an input per field, the lines as a table.
 *
 * The same pieces serve the form people fill, the page they read and the canvas of the designer: in design mode the
 * inputs are inert, hidden nodes are drawn too, and `renderNode` may wrap each node with handles of its own.
 */
import { memo, useMemo, type CSSProperties, type JSX, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { label } from "@/shared/i18n/label";
import { errorText } from "./errorText";
import { FIELDS } from "./fields/registry";
import { FormContext, useFieldError, useForm, type FormMode, type FormSurroundings } from "./FormContext";
import { FormModel } from "./formModel";
import { isWritable } from "./formRows";
import { isWideKind } from "./kinds";
import { LinesTable } from "./LinesTable";
import { ReadValue } from "./ReadValue";
import { entityOf, zoneOf, type EntityModel, type FieldModel, type FormDefinition, type FormNode, type InputNode, type RuntimeModel, type SectionNode } from "./types";
import "./renderer.css";

/** A node about to be drawn: where it is (keys of its ancestors and itself) and what would be drawn. */
export interface NodeSlot {
  readonly node: FormNode;
  readonly path: readonly string[];
  readonly element: ReactNode;
}

export type RenderNode = (slot: NodeSlot) => ReactNode;

export interface FormViewProps {
  readonly model: RuntimeModel;
  readonly entity: EntityModel;
  readonly form: Pick<FormDefinition, "nodes">;
  readonly mode: FormMode;
  readonly language: string;
  readonly isCompact?: boolean;
  /** Shown to somebody without an account. */
  readonly isOutside?: boolean;
  /** The values; left out by the designer, where each node has its own. */
  readonly store?: FormModel;
  readonly renderNode?: RenderNode;
}

export function FormView({ model, entity, form, mode, language, isCompact = false, isOutside = false, store, renderNode }: FormViewProps): JSX.Element {
  const surroundings = useMemo<FormSurroundings>(
    () => ({ model, store: store ?? blankModel(model, entity), mode, language, isCompact, isOutside }),
    [model, entity, store, mode, language, isCompact, isOutside],
  );
  return (
    <FormContext value={surroundings}>
      <div className={`form-view form-mode-${mode} ${isCompact ? "form-compact" : ""}`}>
        <Nodes nodes={form.nodes} path={[]} {...(renderNode ? { renderNode } : {})} />
      </div>
    </FormContext>
  );
}

/** Returns a form without values: what the designer's canvas is drawn around. */
function blankModel(model: RuntimeModel, entity: EntityModel): FormModel {
  return new FormModel({ entity, entities: (key) => entityOf(model, key), record: {}, user: null, now: new Date(), zone: zoneOf(model) });
}

interface NodesProps {
  readonly nodes: readonly FormNode[];
  readonly path: readonly string[];
  readonly renderNode?: RenderNode;
}

/** Draws nodes one after the other; neighbours that are inputs outside a section share a grid. */
export function Nodes({ nodes, path, renderNode }: NodesProps): JSX.Element {
  const { mode } = useForm();
  const shown = mode === "design" ? nodes : nodes.filter((node) => node.hidden !== true);
  return (
    <>
      {shown.map((node) => (
        <NodeView key={node.key} node={node} path={[...path, node.key]} {...(renderNode ? { renderNode } : {})} />
      ))}
    </>
  );
}

function NodeView({ node, path, renderNode }: { readonly node: FormNode; readonly path: readonly string[]; readonly renderNode?: RenderNode }): ReactNode {
  const element =
    node.kind === "section" ? (
      <SectionView node={node} path={path} {...(renderNode ? { renderNode } : {})} />
    ) : node.kind === "input" ? (
      <InputView node={node} />
    ) : (
      <UnknownNode />
    );
  return renderNode ? renderNode({ node, path, element }) : element;
}

export function SectionView({ node, path, renderNode }: { readonly node: SectionNode; readonly path: readonly string[]; readonly renderNode?: RenderNode }): JSX.Element {
  const { language } = useForm();
  const title = label(node.name, language);
  return (
    <section className="form-section" aria-label={title || undefined}>
      {title === "" ? null : <h2 className="form-section-title">{title}</h2>}
      <div className="form-grid" style={{ "--columns": node.columns ?? 2 } as CSSProperties}>
        <Nodes nodes={node.nodes ?? []} path={path} {...(renderNode ? { renderNode } : {})} />
      </div>
    </section>
  );
}

/** Draws the input of one field with its label, help and error; a field that is gone gives a place-holder. */
export const InputView = memo(function InputView({ node }: { readonly node: InputNode }): JSX.Element {
  const { store } = useForm();
  const field = store.entity.fields.find((one) => one.key === node.field);
  if (field === undefined) return <UnknownNode field={node.field} />;
  const style = { "--span": node.span ?? 1 } as CSSProperties;
  if (field.kind === "lines") {
    return (
      <div className="form-item form-item-lines" style={style} data-field={field.key}>
        <LinesTable field={field} node={node} />
      </div>
    );
  }
  return <FieldItem field={field} node={node} style={style} />;
});

function FieldItem({ field, node, style }: { readonly field: FieldModel; readonly node: InputNode; readonly style: CSSProperties }): JSX.Element {
  const { t } = useTranslation("form");
  const { language, mode } = useForm();
  const error = useFieldError(field.key);
  const inputId = `field-${field.key}`;
  const isFilled = mode !== "view" && isWritable(field) && node.read_only !== true;
  const Field = FIELDS[field.kind];
  const help = label(field.help, language);
  const isRequired = field.required === true && isFilled;
  const described = [error ? `${inputId}-error` : "", help ? `${inputId}-help` : ""].filter(Boolean).join(" ");
  return (
    <div className={`form-item ${error ? "is-wrong" : ""} ${(node.span ?? 1) > 1 || isWideKind(field.kind) ? "is-wide" : ""}`} style={style} data-field={field.key}>
      {isFilled && Field ? (
        <label className="form-label" htmlFor={inputId}>
          {label(node.name, language) || label(field.name, language, field.key)}
          {isRequired ? <span className="form-required" aria-hidden="true" /> : null}
        </label>
      ) : (
        <span className="form-label" id={`${inputId}-label`}>
          {label(node.name, language) || label(field.name, language, field.key)}
        </span>
      )}
      {isFilled && Field ? (
        <Field
          field={field}
          path={field.key}
          lines={null}
          inputId={inputId}
          variant="form"
          aria={{ "aria-required": isRequired || undefined, "aria-invalid": error ? true : undefined, "aria-describedby": described || undefined }}
        />
      ) : isFilled ? (
        <UnknownNode field={field.key} />
      ) : (
        <ReadValue field={field} path={field.key} labelledBy={`${inputId}-label`} />
      )}
      {error ? (
        <p className="form-error" id={`${inputId}-error`}>
          {errorText(error, t)}
        </p>
      ) : null}
      {help && mode !== "view" ? (
        <p className="form-help" id={`${inputId}-help`}>
          {help}
        </p>
      ) : null}
    </div>
  );
}

function UnknownNode({ field }: { readonly field?: string }): JSX.Element {
  const { t } = useTranslation("form");
  return <div className="form-unknown">{field === undefined ? t("unknownNode") : t("unknownField", { field })}</div>;
}
