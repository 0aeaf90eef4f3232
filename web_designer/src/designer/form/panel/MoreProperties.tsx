/** Shows what the less common kinds of field have: units, stars, seconds, formats, patterns, a JSON Schema. */
import { useState, type JSX } from "react";
import { label } from "@/shared/i18n/label";
import { useDesign, useDocument } from "../../core/DesignContext";
import { type FieldDefinition, type Json, under } from "../../core/doc";
import { fieldsOf } from "../usage";
import { Group, SelectControl, SwitchControl, TextControl, faultTexts } from "./controls";
import { issuesAt } from "../issuePlaces";
import { Labelled } from "./Labelled";
import { Limit, type Part } from "./kindPart";

const UNIT_KINDS: ReadonlySet<string> = new Set(["text", "choice", "tree_choice", "reference"]);

/** The unit of a quantity or the currency of an amount: a fixed one, or a field beside it. */
export function Unit({ pointer, field, edit, issues, t, own, beside }: Parameters<Part>[0] & { readonly own: "unit" | "currency"; readonly beside: "unit_field" | "currency_field" }): JSX.Element {
  const { labels } = useDesign();
  const document = useDocument();
  const fields = siblings(fieldsOf(document, ownerOf(pointer)), field.key);
  const faults = faultTexts([...issuesAt(issues, under(pointer, own)), ...issuesAt(issues, under(pointer, beside))], labels);
  return (
    <Group title={t(`group.${own}`)}>
      <SelectControl
        title={t(`property.${beside}`)}
        value={field[beside] ?? ""}
        options={[{ value: "", text: t(`${own}.fixed`) }, ...fields.map((one) => ({ value: one.key, text: label(one.name, labels, one.key) }))]}
        faults={faults}
        onChange={(value) => edit.choose(beside, value === "" ? undefined : value)}
      />
      {field[beside] === undefined ? (
        <TextControl
          title={t(`property.${own}`)}
          name={own}
          value={field[own] ?? ""}
          placeholder={own === "unit" ? "kg" : "CNY"}
          faults={own === "currency" && field.currency !== undefined && !/^[A-Z]{3}$/.test(field.currency) ? [t("currency.fault")] : []}
          onChange={(text) => edit.type(own, text.trim() === "" ? undefined : own === "currency" ? text.trim().toUpperCase() : text.trim())}
          onLeave={edit.leave}
        />
      ) : null}
    </Group>
  );
}

const siblings = (fields: readonly FieldDefinition[], key: string): readonly FieldDefinition[] => fields.filter((one) => one.key !== key && UNIT_KINDS.has(one.kind));

/** Returns whose field a pointer names: `order`, or `order.lines`. */
function ownerOf(pointer: string): string {
  const [, , entity = "", , first = "", , second] = pointer.split("/");
  return second === undefined ? entity : `${entity}.${first}`;
}

export const Most: Part = ({ field, edit, t }) => (
  <Group title={t("group.rating")}>
    <SelectControl
      title={t("property.stars")}
      value={String(field.max ?? 5)}
      options={Array.from({ length: 10 }, (_, index) => ({ value: String(index + 1), text: String(index + 1) }))}
      onChange={(value) => edit.choose("max", Number(value))}
    />
  </Group>
);

export const Seconds: Part = ({ field, edit, t }) => (
  <Group title={t("group.time")}>
    <SwitchControl title={t("property.seconds")} value={field.seconds === true} onChange={(value) => edit.choose("seconds", value || undefined)} />
  </Group>
);

export const Spans: Part = ({ field, edit, t }) => (
  <Group title={t("group.duration")}>
    <SelectControl
      title={t("property.show")}
      value={field.show ?? "hours"}
      options={["hours", "days"].map((value) => ({ value, text: t(`show.${value}`) }))}
      onChange={(value) => edit.choose("show", value)}
    />
    <div className="prop-pair">
      <Limit property="min" value={field.min} edit={edit} t={t} />
      <Limit property="max" value={field.max === undefined ? undefined : String(field.max)} edit={edit} t={t} />
    </div>
    <p className="design-hint">{t("duration.hint")}</p>
  </Group>
);

const FORMATS = ["code128", "code39", "ean13", "ean8", "upca", "itf14", "qrcode", "datamatrix"] as const;
const FORMAT_NAMES: Readonly<Record<string, string>> = { code128: "Code 128", code39: "Code 39", ean13: "EAN-13", ean8: "EAN-8", upca: "UPC-A", itf14: "ITF-14", qrcode: "QR Code", datamatrix: "Data Matrix" };

export const Format: Part = ({ field, edit, t }) => (
  <Group title={t("group.barcode")}>
    <SelectControl
      title={t("property.format")}
      value={field.format ?? "code128"}
      options={FORMATS.map((value) => ({ value, text: FORMAT_NAMES[value] ?? value }))}
      onChange={(value) => edit.choose("format", value)}
    />
  </Group>
);

export const Country: Part = ({ field, edit, t }) => (
  <Group title={t("group.address")}>
    <SwitchControl title={t("property.country")} value={field.country === true} onChange={(value) => edit.choose("country", value || undefined)} />
  </Group>
);

export const TextRules: Part = ({ pointer, field, edit, issues, t }) => {
  const { labels } = useDesign();
  return (
    <Group title={t("group.pattern")}>
      <TextControl
        title={t("property.min_length")}
        name="min_length"
        value={field.min_length === undefined ? "" : String(field.min_length)}
        onChange={(text) => {
          const digits = text.replaceAll(/\D/g, "").slice(0, 4);
          edit.type("min_length", digits === "" ? undefined : Number(digits));
        }}
        onLeave={edit.leave}
      />
      <TextControl
        title={t("property.text_pattern")}
        name="pattern"
        isCode
        value={field.pattern ?? ""}
        hint={t("text_pattern.hint")}
        faults={faultTexts(issuesAt(issues, under(pointer, "pattern")), labels)}
        onChange={(text) => edit.type("pattern", text === "" ? undefined : text)}
        onLeave={edit.leave}
      />
      {field.pattern === undefined ? null : <Labelled pointer={pointer} property="pattern_message" />}
    </Group>
  );
};

export const Schema: Part = ({ pointer, field, edit, issues, t }) => {
  const { labels } = useDesign();
  const [typed, setTyped] = useState<string | null>(null);
  const text = typed ?? (field.schema === undefined ? "" : JSON.stringify(field.schema, null, 2));
  const parsed = parse(text);
  const faults = [...(parsed === undefined ? [t("schema.fault")] : []), ...faultTexts(issuesAt(issues, under(pointer, "schema")), labels)];
  return (
    <Group title={t("group.json")}>
      <TextControl
        title={t("property.schema")}
        name="schema"
        isCode
        rows={6}
        value={text}
        hint={t("schema.hint")}
        faults={faults}
        onChange={(next) => {
          setTyped(next);
          const schema = parse(next);
          if (schema !== undefined) edit.type("schema", schema === null ? undefined : schema);
        }}
        onLeave={() => {
          if (parsed !== undefined) setTyped(null);
          edit.leave();
        }}
      />
    </Group>
  );
};

/** Returns the object a text is, null for an empty one, undefined for anything else. */
function parse(text: string): Json | undefined {
  if (text.trim() === "") return null;
  try {
    const value = JSON.parse(text) as Json;
    return value !== null && typeof value === "object" && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
