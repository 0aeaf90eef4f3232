/** Shows what only some kinds of field have: decimals and limits, options, target, length, pattern. */
import type { JSX } from "react";
import { label } from "@/shared/i18n/label";
import { useDesign, useDocument } from "../../core/DesignContext";
import { type AppDocument, amongOf, under } from "../../core/doc";
import { type Texts, useTexts } from "../../core/useTexts";
import { FormulaControl } from "../../formula/FormulaControl";
import { issuesAt } from "../issuePlaces";
import { Group, SelectControl, TextControl } from "./controls";
import { type KindPanelProps, Limit, type Part } from "./kindPart";
import { Country, Format, Most, Schema, Seconds, Spans, TextRules, Unit } from "./MoreProperties";
import { OptionsPanel } from "./OptionsPanel";
import { useEdit } from "./useEdit";

/** Decimals of a kind that says nothing of its own. */
const SCALES: Readonly<Record<string, number>> = { percent: 4, quantity: 3 };

const Numbers: Part = ({ field, edit, t }) => (
  <Group title={t("group.number")}>
    <SelectControl
      title={t("property.scale")}
      value={String(field.scale ?? SCALES[field.kind] ?? 2)}
      options={Array.from({ length: 21 }, (_, scale) => ({ value: String(scale), text: String(scale) }))}
      onChange={(value) => edit.choose("scale", Number(value))}
    />
    <div className="prop-pair">
      <Limit property="min" value={field.min} edit={edit} t={t} />
      <Limit property="max" value={field.max === undefined ? undefined : String(field.max)} edit={edit} t={t} />
    </div>
    {field.kind === "percent" ? <p className="design-hint">{t("percent.hint")}</p> : null}
  </Group>
);

const LENGTHS: Readonly<Record<string, string>> = { text: "200", rich_text: "100000", secret: "1000" };

const Length: Part = ({ field, edit, t }) => (
  <Group title={t("group.text")}>
    <TextControl
      title={t("property.max_length")}
      name="max_length"
      value={field.max_length === undefined ? "" : String(field.max_length)}
      hint={t("max_length.hint", { length: LENGTHS[field.kind] ?? "10000" })}
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
    <SelectControl
      title={t("property.mode")}
      value={field.mode ?? "fast"}
      options={["fast", "gapless"].map((mode) => ({ value: mode, text: t(`mode.${mode}`) }))}
      hint={t("mode.hint")}
      onChange={(mode) => edit.choose("mode", mode === "fast" ? undefined : mode)}
    />
    <SelectControl
      title={t("property.reset")}
      value={field.reset ?? "pattern"}
      options={["pattern", "none", "year", "month", "day"].map((reset) => ({ value: reset, text: t(`reset.${reset}`) }))}
      onChange={(reset) => edit.choose("reset", reset === "pattern" ? undefined : reset)}
    />
    <TextControl
      title={t("property.start")}
      name="start"
      value={field.start === undefined ? "" : String(field.start)}
      onChange={(text) => {
        const digits = text.replaceAll(/\D/g, "").slice(0, 9);
        edit.type("start", Number(digits) > 0 ? Number(digits) : undefined);
      }}
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

/** Of which entities the record may be; at least of one. */
const Targets: Part = ({ field, edit, t }) => {
  const { labels } = useDesign();
  const document = useDocument();
  const among = amongOf(field);
  const known = targetsOf(document, labels, t);
  const targets = [...known, ...among.filter((to) => known.every((one) => one.value !== to)).map((to) => ({ value: to, text: to }))];
  return (
    <Group title={t("group.reference")}>
      <fieldset className="prop-checks">
        <legend>{t("property.to")}</legend>
        {targets.map(({ value, text }) => (
          <label key={value} className="prop-check">
            <input
              type="checkbox"
              checked={among.includes(value)}
              disabled={among.length === 1 && among[0] === value}
              onChange={(event) => edit.choose("to", event.target.checked ? [...among, value] : among.filter((one) => one !== value))}
            />
            <span>{text}</span>
          </label>
        ))}
      </fieldset>
      <p className="design-hint">{t("any.hint")}</p>
    </Group>
  );
};

const PEOPLE: Readonly<Record<string, string>> = { member: "organization.user", members: "organization.user", department: "organization.department", departments: "organization.department" };

/** Which people or departments can be chosen. */
const Among: Part = ({ pointer, field, edit, issues, t }) => {
  const { app } = useDesign();
  return (
    <Group title={t("group.reference")}>
      <FormulaControl
        key={pointer}
        title={t("property.where")}
        name="where"
        value={field.where ?? ""}
        subject={{ app, entity: PEOPLE[field.kind] ?? "", use: "where" }}
        hint={t("where.hint")}
        issues={issuesAt(issues, under(pointer, "where"))}
        onChange={(text) => edit.type("where", text === "" ? undefined : text)}
        onLeave={edit.leave}
      />
    </Group>
  );
};

const digitsOf = (text: string, most: number): number | undefined => {
  const digits = text.replaceAll(/\D/g, "").slice(0, most);
  return digits === "" ? undefined : Number(digits);
};

/** How many files, how large, and of which types. */
const Files: Part = ({ field, edit, t }) => (
  <Group title={t("group.files")}>
    <div className="prop-pair">
      <TextControl
        title={t("property.max_count")}
        name="max_count"
        value={field.max_count === undefined ? "" : String(field.max_count)}
        hint={t("max_count.hint")}
        onChange={(text) => edit.type("max_count", digitsOf(text, 3))}
        onLeave={edit.leave}
      />
      <TextControl
        title={t("property.max_size")}
        name="max_size"
        value={field.max_size === undefined ? "" : String(field.max_size)}
        hint={t("max_size.hint")}
        onChange={(text) => edit.type("max_size", digitsOf(text, 5))}
        onLeave={edit.leave}
      />
    </div>
    {field.kind === "images" ? null : (
      <TextControl
        title={t("property.types")}
        name="types"
        isCode
        value={(field.types ?? []).join(" ")}
        hint={t("types.hint")}
        onChange={(text) => {
          const types = text.toLowerCase().split(/[\s,，、]+/).filter(Boolean);
          edit.type("types", types.length === 0 ? undefined : types);
        }}
        onLeave={edit.leave}
      />
    )}
  </Group>
);

const Options: Part = ({ pointer, field, t }) => (
  <Group title={t("group.options")}>
    <OptionsPanel field={pointer} isTree={field.kind === "tree_choice"} />
  </Group>
);

const PARTS: Readonly<Record<string, Part>> = {
  text: (props) => (
    <>
      <Length {...props} />
      <TextRules {...props} />
    </>
  ),
  long_text: Length,
  rich_text: Length,
  secret: Length,
  number: Numbers,
  percent: Numbers,
  money: (props) => (
    <>
      <Numbers {...props} />
      <Unit {...props} own="currency" beside="currency_field" />
    </>
  ),
  quantity: (props) => (
    <>
      <Numbers {...props} />
      <Unit {...props} own="unit" beside="unit_field" />
    </>
  ),
  rating: Most,
  time: Seconds,
  duration: Spans,
  barcode: Format,
  address: Country,
  json: Schema,
  choice: Options,
  choices: Options,
  tree_choice: Options,
  reference: Target,
  references: Target,
  any_reference: Targets,
  member: Among,
  members: Among,
  department: Among,
  departments: Among,
  attachments: Files,
  images: Files,
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
