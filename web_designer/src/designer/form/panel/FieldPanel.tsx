/** Shows and edits a field of the entity or of its lines: labels, key, what may be filled in, how it is computed. */
import type { JSX } from "react";
import { label } from "@/shared/i18n/label";
import { Notice } from "@/shared/ui/Notice";
import { useDesign, useDesignState, useDocument, usePublished } from "../../core/DesignContext";
import { type FieldDefinition, type Pointer, under } from "../../core/doc";
import { useTexts } from "../../core/useTexts";
import { issuesAt } from "../issuePlaces";
import { kindRow, typeOf } from "../kinds";
import { isPublished, otherKeys, renameField, renamedNode, takenKeys } from "../rename";
import { type FieldPlace, fieldPointer } from "../usage";
import { DefaultControl } from "./DefaultControl";
import { Group, SwitchControl, faultTexts } from "./controls";
import { FormulaControl } from "../../formula/FormulaControl";
import { KeyControl } from "./KeyControl";
import { KindProperties } from "./KindProperties";
import { Labelled } from "./Labelled";
import { OriginPart } from "./OriginPart";
import { CopyControl, StoringSwitches } from "./StoringControls";
import { useEdit } from "./useEdit";
import { useKey } from "./useKey";

type FieldPanelProps = {
  readonly place: FieldPlace;
  readonly field: FieldDefinition;
  /** The input on the form, when it is a field of the record. */
  readonly node?: Pointer;
  readonly onRenamed?: (key: string) => void;
};

export function FieldPanel({ place, field, node, onRenamed }: FieldPanelProps): JSX.Element {
  const { t, language } = useTexts("designer.form");
  const { app } = useDesign();
  const published = usePublished();
  const pointer = fieldPointer(place);
  const edit = useEdit(pointer);
  const row = kindRow(field.kind);
  const document = useDocument();
  const rename = useKey({
    pointer,
    property: "name",
    hasFirstKey: hasFirstKey(place, field),
    isFixed: (inUse) => isPublished(inUse, place),
    taken: (now, inUse) => takenKeys(now, inUse, place.entity),
    rename: (now, key) => renameField(now, place, key),
    shown: node,
    shownAs: (now, key) => (node === undefined ? undefined : renamedNode(now, node, place, key)),
    onRenamed,
  });
  const issues = useDesignState((state) => state.issues);
  const faultsOf = (property: string): readonly string[] => faultTexts(issuesAt(issues, under(pointer, property)), language);
  const ownIssues = faultTexts(
    issuesAt(issues, pointer).filter((issue) => issuesAt([issue], ...SHOWN_BESIDE.map((property) => under(pointer, property))).length === 0),
    language,
  );
  const isComputed = field.formula !== undefined;
  return (
    <>
      {ownIssues.length > 0 ? <Notice look="error">{ownIssues.join(" ")}</Notice> : null}
      {field.locked ? <Notice look="info">{t("locked")}</Notice> : null}
      <p className="prop-kind">
        {t("property.kind")}: <strong>{label(row?.name, language, field.kind)}</strong>
      </p>
      <OriginPart pointer={pointer} />
      <Labelled pointer={pointer} property="name" onType={rename.typed} onLeave={rename.left} />
      <KeyControl
        value={place.field}
        others={otherKeys(document, place)}
        isFixed={isPublished(published, place)}
        hint={t("key.hint")}
        proposal={t("key.propose")}
        onRename={rename.to}
        onPropose={() => void rename.propose()}
      />
      <Labelled pointer={pointer} property="help" />
      <Group title={t("group.filling")}>
        <SwitchControl title={t("property.required")} value={field.required === true} isDisabled={isComputed} onChange={(value) => edit.choose("required", value || undefined)} />
        {row?.hasDefault === false ? null : <DefaultControl key={`default ${pointer}`} place={place} field={field} edit={edit} isDisabled={isComputed} issues={issuesAt(issues, under(pointer, "default"))} />}
        {row?.hasFormula === false ? null : (
          <FormulaControl
            key={`formula ${pointer}`}
            title={t("property.formula")}
            name="formula"
            value={field.formula ?? ""}
            subject={{ app, entity: place.entity, use: "formula", wanted: typeOf(field) }}
            field={field}
            hint={t("formula.hint")}
            issues={issuesAt(issues, under(pointer, "formula"))}
            onChange={(text) => edit.type("formula", text === "" ? undefined : text)}
            onLeave={edit.leave}
          />
        )}
        {row && (row.hasFormula || field.kind === "reference") ? <CopyControl place={place} field={field} row={row} edit={edit} faultsOf={faultsOf} /> : null}
        {row ? <StoringSwitches place={place} field={field} row={row} edit={edit} faultsOf={faultsOf} /> : null}
      </Group>
      <KindProperties pointer={pointer} field={field} isFixed={isPublished(published, place)} issues={issues} />
    </>
  );
}

/** Properties whose control says what is wrong with them. */
const SHOWN_BESIDE = ["default", "formula", "where", "copy", "read_only", "unique", "indexed", "sensitive"] as const;

/** Say whether a field still has the key it was added with: `x_text`, `x_text_2`. */
function hasFirstKey(place: FieldPlace, field: FieldDefinition): boolean {
  return new RegExp(`^x_${field.kind}(_\\d+)?$`).test(place.field);
}
