/** Shows and edits a field of the entity or of its lines: labels, key, what may be filled in, how it is computed. */
import { type JSX, useRef } from "react";
import { flushSync } from "react-dom";
import { useApi } from "@/shared/api/context";
import { label } from "@/shared/i18n/label";
import { Notice } from "@/shared/ui/Notice";
import { useDesign, useDesignState, usePublished } from "../../core/DesignContext";
import { proposeKey } from "../../core/draftApi";
import { type FieldDefinition, type Pointer, under } from "../../core/doc";
import { useTexts } from "../../core/useTexts";
import { labelMergeKey } from "../gestures";
import { issuesAt } from "../issuePlaces";
import { kindRow, typeOf } from "../kinds";
import { isPublished, renameField, renamedNode, takenKeys } from "../rename";
import { type FieldPlace, fieldAt, fieldPointer } from "../usage";
import { DefaultControl } from "./DefaultControl";
import { Group, SwitchControl, faultTexts } from "./controls";
import { FormulaControl } from "../../formula/FormulaControl";
import { KeyControl } from "./KeyControl";
import { KindProperties } from "./KindProperties";
import { Labelled } from "./Labelled";
import { CopyControl, StoringSwitches } from "./StoringControls";
import { useEdit } from "./useEdit";

/** How long typing a label rests before its key follows. */
const PAUSE_MS = 400;

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
  const rename = useRename(place, node, onRenamed);
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
      <Labelled pointer={pointer} property="name" onType={rename.typed} onLeave={rename.left} />
      <KeyControl place={place} isFixed={isPublished(published, place)} onRename={rename.to} onPropose={() => void rename.propose()} />
      <Labelled pointer={pointer} property="help" />
      <Group title={t("group.filling")}>
        <SwitchControl title={t("property.required")} value={field.required === true} isDisabled={isComputed} onChange={(value) => edit.choose("required", value || undefined)} />
        {row?.hasDefault === false ? null : <DefaultControl key={pointer} place={place} field={field} edit={edit} isDisabled={isComputed} issues={issuesAt(issues, under(pointer, "default"))} />}
        {row?.hasFormula === false ? null : (
          <FormulaControl
            key={pointer}
            title={t("property.formula")}
            name="formula"
            value={field.formula ?? ""}
            subject={{ app, entity: place.entity, use: "formula", wanted: typeOf(field) }}
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
const SHOWN_BESIDE = ["default", "formula", "where", "copy", "read_only", "unique", "indexed"] as const;

/** Keys of unpublished fields: they follow the label until somebody sets one by hand. */
function useRename(place: FieldPlace, node: Pointer | undefined, onRenamed: ((key: string) => void) | undefined) {
  const api = useApi();
  const { store, proposed, announce } = useDesign();
  const { t } = useTexts("designer.form");

  const pause = useRef<number>(undefined);

  const to = (key: string, mergeKey?: string): void => {
    const { history, selection } = store.getState();
    if (key === place.field || !fieldAt(history.document, place)) return;
    const commands = renameField(history.document, place, key);
    const next = node === undefined ? undefined : renamedNode(history.document, node, place, key);
    const gesture = { label: { message: "entry.rename", parts: { zh: key, en: key } }, commands, ...(mergeKey === undefined ? {} : { mergeKey, nextMergeKey: mergeKey.replace(fieldPointer(place), fieldPointer({ ...place, field: key })) }) };
    // In one drawing: the panel stays the same panel, and the text box in it keeps the focus.
    const refused = flushSync(() => {
      const reason = store.getState().execute(gesture, selection === node ? next : undefined);
      if (reason === null) onRenamed?.(key);
      return reason;
    });
    if (refused === null) announce(t("key.set", { key }));
  };
  const propose = async (mergeKey?: string): Promise<void> => {
    const name = fieldAt(store.getState().history.document, place)?.name;
    const text = name?.["zh-CN"] || name?.en || "";
    const { history, published } = store.getState();
    const taken = takenKeys(history.document, published, place.entity).filter((key) => key !== place.field);
    const key = text === "" ? null : await proposeKey(api, text, taken).catch(() => null);
    if (key === null) return;
    proposed.add(fieldPointer({ ...place, field: key }));
    const isStillTyped = store.getState().history.past.at(-1)?.mergeKey === mergeKey;
    to(key, isStillTyped ? mergeKey : undefined);
  };
  /** An unpublished key that nobody chose follows the label, in the same entry. */
  const follow = async (language: string): Promise<void> => {
    const field = fieldAt(store.getState().history.document, place);
    const mergeKey = labelMergeKey(fieldPointer(place), "name", language);
    const isTyped = store.getState().history.past.at(-1)?.mergeKey === mergeKey;
    const isLeading = language === (field?.name["zh-CN"] ? "zh-CN" : "en");
    const isFree = !isPublished(store.getState().published, place) && (isFirstKey(place, field) || proposed.has(fieldPointer(place)));
    if (isTyped && isLeading && isFree) await propose(mergeKey);
  };
  return {
    to: (key: string) => to(key),
    propose: () => propose(),
    /** The label is being typed: the key follows in a pause. */
    typed: (language: string) => {
      clearTimeout(pause.current);
      pause.current = window.setTimeout(() => void follow(language), PAUSE_MS);
    },
    /** The label was left: the key follows at once, and the entry is done. */
    left: (language: string) => {
      clearTimeout(pause.current);
      void follow(language).then(() => store.getState().seal());
    },
  };
}

/** Say whether a field still has the key it was added with: `x_text`, `x_text_2`. */
function isFirstKey(place: FieldPlace, field: FieldDefinition | undefined): boolean {
  return field !== undefined && new RegExp(`^x_${field.kind}(_\\d+)?$`).test(place.field);
}
