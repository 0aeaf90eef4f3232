/** Shows and edits a rule: the condition that must hold, at which field it is told when it does not, and in which words. */
import type { JSX } from "react";
import { LANGUAGES, label } from "@/shared/i18n/label";
import { Button } from "@/shared/ui/Button";
import { Notice } from "@/shared/ui/Notice";
import { renameAt } from "../../core/commands";
import { useDesign, useDesignState, useDocument, usePublished } from "../../core/DesignContext";
import { type Labels, type Pointer, type RuleDefinition, entityOf, split, under } from "../../core/doc";
import { useTexts } from "../../core/useTexts";
import { FormulaControl } from "../../formula/FormulaControl";
import { issuesAt } from "../issuePlaces";
import { hasFirstKey, missingIn, removeRule, rulesOf, takenRuleKeys } from "../rules";
import { SelectControl, TextControl, faultTexts } from "./controls";
import { DetailHead } from "./DetailHead";
import { focusPart } from "./focusPart";
import { KeyControl } from "./KeyControl";
import { OriginPart } from "./OriginPart";
import { useEdit } from "./useEdit";
import { useKey } from "./useKey";

/** Properties whose control says what is wrong with them. */
const SHOWN_BESIDE = ["check", "at", "message", "severity"] as const;

type RulePanelProps = { readonly entity: string; readonly pointer: Pointer; readonly rule: RuleDefinition };

export function RulePanel({ entity, pointer, rule }: RulePanelProps): JSX.Element {
  const { t, language } = useTexts("designer.form");
  const { app, store, labels } = useDesign();
  const document = useDocument();
  const published = usePublished();
  const edit = useEdit(pointer);
  const { parent } = split(pointer);
  // A draft may hold anything; what is not there can be written here.
  const { check = "", message = {} }: Partial<RuleDefinition> = rule;
  const isFixed = rulesOf(published, entity).some((other) => other.key === rule.key);
  const naming = useKey({
    pointer,
    property: "message",
    hasFirstKey: hasFirstKey(pointer),
    isFixed: (inUse) => rulesOf(inUse, entity).some((other) => other.key === rule.key),
    taken: (now, inUse) => takenRuleKeys(now, inUse, entity),
    rename: (now, key) => renameAt(now, pointer, key),
    shown: pointer,
    shownAs: (_, key) => under(parent, key),
  });
  const missing = missingIn(rule);
  // What nobody has written yet is told at the top, in one sentence.
  const issues = useDesignState((state) => state.issues).filter(({ pointer: at }) => !missing.some((property) => at === under(pointer, property)));
  const beside = issuesAt(issues, ...SHOWN_BESIDE.map((property) => under(pointer, property)));
  const others = issuesAt(issues, pointer).filter((issue) => !beside.includes(issue));
  return (
    <section className="design-panel" aria-label={t("properties")}>
      <DetailHead pointer={pointer} title={label(message, labels, t("rule.new"))} />
      {rule.locked ? <Notice look="info">{t("locked")}</Notice> : null}
      {missing.length > 0 ? <Notice look="warning">{t("rule.missing", { what: missing.map((property) => t(`property.${property}`)).join(t("rule.missing-and")) })}</Notice> : null}
      {others.length > 0 ? <Notice look="error">{faultTexts(others, language).join(" ")}</Notice> : null}
      <OriginPart pointer={pointer} />
      <FormulaControl
        key={pointer}
        title={t("property.check")}
        name="check"
        value={check}
        subject={{ app, entity, use: "rule" }}
        hint={t("check.hint")}
        isDisabled={rule.locked === true}
        issues={issuesAt(issues, under(pointer, "check"))}
        onChange={(text) => edit.type("check", text)}
        onLeave={edit.leave}
      />
      <MessageControl pointer={pointer} texts={message} isDisabled={rule.locked === true} faults={faultTexts(issuesAt(issues, under(pointer, "message")), language)} onType={naming.typed} onLeave={naming.left} />
      <FieldChoice entity={entity} rule={rule} faults={faultTexts(issuesAt(issues, under(pointer, "at")), language)} onChoose={(field) => edit.choose("at", field)} />
      <SelectControl
        title={t("property.severity")}
        value={rule.severity ?? "error"}
        options={[
          { value: "error", text: t("severity.error") },
          { value: "warning", text: t("severity.warning") },
        ]}
        isDisabled={rule.locked === true}
        hint={t("severity.hint")}
        faults={faultTexts(issuesAt(issues, under(pointer, "severity")), language)}
        onChange={(severity) => edit.choose("severity", severity === "warning" ? severity : undefined)}
      />
      <KeyControl
        value={rule.key}
        others={rulesOf(document, entity).flatMap(({ key }) => (key === rule.key ? [] : [key]))}
        isFixed={isFixed}
        hint={t("key.hint-rule")}
        proposal={t("key.propose-message")}
        onRename={naming.to}
        onPropose={() => void naming.propose()}
      />
      {rule.locked ? null : (
        <div className="danger-zone">
          <Button
            look="danger"
            icon="trash"
            onClick={() => focusPart(parent, () => void store.getState().execute(removeRule(document, pointer), null))}
          >
            {t("rule.delete")}
          </Button>
        </div>
      )}
    </section>
  );
}

type MessageProps = {
  readonly pointer: Pointer;
  readonly texts: Labels;
  readonly isDisabled: boolean;
  readonly faults: readonly string[];
  readonly onType: (language: string) => void;
  readonly onLeave: (language: string) => void;
};

/** What people are told, in each language of the app. */
function MessageControl({ pointer, texts, isDisabled, faults, onType, onLeave }: MessageProps): JSX.Element {
  const { t } = useTexts("designer.form");
  const edit = useEdit(pointer);
  const languages = useDocument().languages ?? LANGUAGES;
  return (
    <>
      {languages.map((language, index) => (
        <TextControl
          key={language}
          name={`message-${language}`}
          title={t(`property.message.${language}`)}
          rows={2}
          language={language}
          value={texts[language] ?? ""}
          placeholder={label(texts, language)}
          isDisabled={isDisabled}
          faults={index === 0 ? faults : []}
          {...(index === languages.length - 1 ? { hint: t("message.hint") } : {})}
          onChange={(text) => {
            edit.typeLabel("message", language, text);
            onType(language);
          }}
          onLeave={() => onLeave(language)}
        />
      ))}
    </>
  );
}

type FieldChoiceProps = { readonly entity: string; readonly rule: RuleDefinition; readonly faults: readonly string[]; readonly onChoose: (field: string | undefined) => void };

/** The field the message is shown at, of those the entity has. */
function FieldChoice({ entity, rule, faults, onChoose }: FieldChoiceProps): JSX.Element {
  const { t } = useTexts("designer.form");
  const { labels } = useDesign();
  const fields = (entityOf(useDocument(), entity)?.fields ?? []).map((field) => ({ value: field.key, text: label(field.name, labels, field.key) }));
  const { at } = rule;
  const isKnown = at === undefined || fields.some((field) => field.value === at);
  return (
    <SelectControl
      title={t("property.at")}
      value={at ?? ""}
      options={[{ value: "", text: t("at.none") }, ...(isKnown ? [] : [{ value: at, text: at }]), ...fields]}
      isDisabled={rule.locked === true}
      hint={t("at.hint")}
      faults={faults}
      onChange={(field) => onChoose(field === "" ? undefined : field)}
    />
  );
}
