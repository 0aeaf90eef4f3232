/** Shows what only some kinds of field have: decimals and limits, options, target, length, pattern. */
import type { JSX } from "react";
import { label } from "@/shared/i18n/label";
import { useDesign, useDocument } from "../../core/DesignContext";
import { type AppDocument, type FieldDefinition, type Pointer, under } from "../../core/doc";
import type { DraftIssue } from "../../core/store";
import { type Texts, useTexts } from "../../core/useTexts";
import { FormulaControl } from "../../formula/FormulaControl";
import { issuesAt } from "../issuePlaces";
import { Group, SelectControl, TextControl } from "./controls";
import { OptionsPanel } from "./OptionsPanel";
import { type Edit, useEdit } from "./useEdit";

type KindPanelProps = { readonly pointer: Pointer; readonly field: FieldDefinition; readonly isFixed: boolean; readonly issues: readonly DraftIssue[] };
type Part = (props: KindPanelProps & { readonly edit: Edit; readonly t: Texts }) => JSX.Element;

const Numbers: Part = ({ field, edit, t }) => (
  <Group title={t("group.number")}>
    <SelectControl
      title={t("property.scale")}
      value={String(field.scale ?? 2)}
      options={Array.from({ length: 21 }, (_, scale) => ({ value: String(scale), text: String(scale) }))}
      onChange={(value) => edit.choose("scale", Number(value))}
    />
    <div className="prop-pair">
      <Limit property="min" value={field.min} edit={edit} t={t} />
      <Limit property="max" value={field.max} edit={edit} t={t} />
    </div>
  </Group>
);

/** A number as text in plain notation; nothing means no limit. */
function Limit({ property, value, edit, t }: { readonly property: "min" | "max"; readonly value?: string | undefined; readonly edit: Edit; readonly t: Texts }): JSX.Element {
  const isNumber = value === undefined || /^-?\d+(\.\d+)?$/.test(value);
  return (
    <TextControl
      title={t(`property.${property}`)}
      name={property}
      value={value ?? ""}
      faults={isNumber ? [] : [t("not-a-number")]}
      onChange={(text) => edit.type(property, text.trim() === "" ? undefined : text.trim())}
      onLeave={edit.leave}
    />
  );
}

const Length: Part = ({ field, edit, t }) => (
  <Group title={t("group.text")}>
    <TextControl
      title={t("property.max_length")}
      name="max_length"
      value={field.max_length === undefined ? "" : String(field.max_length)}
      hint={t("max_length.hint", { length: field.kind === "text" ? "200" : "10000" })}
      onChange={(text) => {
        const digits = text.replaceAll(/\D/g, "").slice(0, 6);
        edit.type("max_length", digits === "" ? undefined : Number(digits));
      }}
      onLeave={edit.leave}
    />
  </Group>
);

const Pattern: Part = ({ field, edit, t }) => (
  <Group title={t("group.sequence")}>
    <TextControl
      title={t("property.pattern")}
      name="pattern"
      isCode
      value={field.pattern ?? ""}
      hint={t("pattern.hint")}
      onChange={(text) => edit.type("pattern", text)}
      onLeave={edit.leave}
    />
  </Group>
);

const Target: Part = ({ pointer, field, edit, isFixed, issues, t }) => {
  const { app, labels } = useDesign();
  const document = useDocument();
  const targets = targetsOf(document, labels, t);
  const isKnown = targets.some((target) => target.value === field.to);
  return (
    <Group title={t("group.reference")}>
      <SelectControl
        title={t("property.to")}
        value={field.to ?? ""}
        options={isKnown ? targets : [{ value: field.to ?? "", text: field.to ?? t("choose") }, ...targets]}
        isDisabled={isFixed}
        {...(isFixed ? { hint: t("to.fixed") } : {})}
        onChange={(value) => edit.choose("to", value)}
      />
      {field.to === undefined ? null : (
        <FormulaControl
          key={`${pointer} ${field.to}`}
          title={t("property.where")}
          name="where"
          value={field.where ?? ""}
          subject={{ app, entity: field.to, use: "where" }}
          hint={t("where.hint")}
          issues={issuesAt(issues, under(pointer, "where"))}
          onChange={(text) => edit.type("where", text === "" ? undefined : text)}
          onLeave={edit.leave}
        />
      )}
    </Group>
  );
};

const Options: Part = ({ pointer, t }) => (
  <Group title={t("group.options")}>
    <OptionsPanel field={pointer} />
  </Group>
);

const PARTS: Readonly<Record<string, Part>> = {
  text: Length,
  long_text: Length,
  number: Numbers,
  money: Numbers,
  choice: Options,
  reference: Target,
  sequence: Pattern,
};

export function KindProperties(props: KindPanelProps): JSX.Element | null {
  const { t } = useTexts("designer.form");
  const edit = useEdit(props.pointer);
  const KindPart = PARTS[props.field.kind];
  return KindPart ? <KindPart {...props} edit={edit} t={t} /> : null;
}

/** People and departments are records of the organization, in every app. */
const SHARED = ["organization.user", "organization.department"] as const;

function targetsOf(document: AppDocument, language: string, t: Texts): readonly { readonly value: string; readonly text: string }[] {
  const own = document.entities.map((entity) => ({ value: entity.key, text: label(entity.name, language, entity.key) }));
  return [...own, ...SHARED.map((value) => ({ value, text: t(`target.${value}`) }))];
}
