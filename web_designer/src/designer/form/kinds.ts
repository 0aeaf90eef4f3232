/** The field kinds the palette offers, one row each: what a new field of the kind is called and starts with. No behaviour. */
import type { FieldDefinition, FieldKind, Labels } from "../core/doc";

export type KindRow = {
  readonly kind: FieldKind;
  /** The type of its values, null for one that has none of its own. */
  readonly type: string | null;
  readonly name: Labels;
  /** What a new field has beside key, kind and name. `to` of a reference is chosen when it is added. */
  readonly starts: Partial<FieldDefinition>;
  /** Takes the whole width of its section. */
  readonly wide: boolean;
  /** May be a column of lines. */
  readonly inLines: boolean;
  /** May have a default, and a formula. */
  readonly hasDefault: boolean;
  readonly hasFormula: boolean;
  /** May be unique among the records; may have an index (a reference always has one). */
  readonly hasUnique: boolean;
  readonly hasIndex: boolean;
};

const row = (kind: FieldKind, type: string | null, zh: string, en: string, more: Partial<KindRow> = {}): KindRow => ({
  kind,
  type,
  name: { "zh-CN": zh, en },
  starts: {},
  wide: false,
  inLines: true,
  hasDefault: true,
  hasFormula: true,
  hasUnique: true,
  hasIndex: true,
  ...more,
});

/** Lists of records and files are stored beside the table of the record. */
const LIST: Partial<KindRow> = { hasDefault: false, hasFormula: false, hasUnique: false, hasIndex: false };
const OPTIONS = [
  { key: "option_1", name: { "zh-CN": "选项 1", en: "Option 1" } },
  { key: "option_2", name: { "zh-CN": "选项 2", en: "Option 2" } },
];

/** What no formula reads and no index holds. */
const APART = { hasDefault: false, hasFormula: false, hasUnique: false, hasIndex: false } as const;

export const KINDS: readonly KindRow[] = [
  row("text", "text", "文本", "Text"),
  row("long_text", "text", "多行文本", "Long text", { wide: true, hasUnique: false, hasIndex: false }),
  row("number", "number", "数字", "Number", { starts: { scale: 2 } }),
  row("money", "number", "金额", "Money", { starts: { scale: 2 } }),
  row("boolean", "boolean", "是否", "Yes or no", { hasUnique: false, hasIndex: false }),
  row("date", "date", "日期", "Date"),
  row("datetime", "datetime", "日期时间", "Date and time"),
  row("choice", "option", "选项", "Choice", {
    starts: { options: OPTIONS },
  }),
  row("choices", "list<option>", "多选", "Choices", { starts: { options: OPTIONS }, hasFormula: false, hasUnique: false, hasIndex: false }),
  row("tree_choice", "option", "树形选择", "Tree choice", { starts: { options: [...OPTIONS, { key: "option_3", name: { "zh-CN": "选项 3", en: "Option 3" }, parent: "option_1" }] } }),
  row("percent", "number", "百分比", "Percent"),
  row("quantity", "number", "数量", "Quantity"),
  row("rating", "number", "评分", "Rating"),
  row("time", "text", "时间", "Time"),
  row("duration", "number", "时长", "Duration"),
  row("phone", "text", "电话", "Phone number"),
  row("email", "text", "邮箱", "E-mail"),
  row("url", "text", "网址", "Web address", { hasUnique: false, hasIndex: false }),
  row("barcode", "text", "条码", "Barcode"),
  row("rich_text", null, "富文本", "Rich text", { ...APART, wide: true }),
  row("address", null, "地址", "Address", { ...APART, wide: true }),
  row("location", null, "定位", "Location", APART),
  row("json", null, "JSON", "JSON", { ...APART, wide: true }),
  row("secret", null, "密文", "Secret", { ...APART, inLines: false }),
  row("reference", "record", "引用", "Reference", { hasFormula: false, hasIndex: false }),
  row("references", null, "多条引用", "References", LIST),
  row("any_reference", null, "任意引用", "Any reference", LIST),
  row("member", "record", "成员", "Member", { hasFormula: false, hasIndex: false }),
  row("members", null, "多个成员", "Members", LIST),
  row("department", "record", "部门", "Department", { hasFormula: false, hasIndex: false }),
  row("departments", null, "多个部门", "Departments", LIST),
  row("attachments", null, "附件", "Attachments", { ...LIST, wide: true }),
  row("images", null, "图片", "Images", { ...LIST, wide: true }),
  row("signature", null, "手写签名", "Signature", LIST),
  row("lines", null, "明细", "Lines", {
    starts: { fields: [{ key: "x_text", kind: "text", name: { "zh-CN": "文本", en: "Text" } }] },
    wide: true,
    inLines: false,
    hasDefault: false,
    hasFormula: false,
    hasUnique: false,
    hasIndex: false,
  }),
  row("sequence", "text", "编号", "Sequence", { starts: { pattern: "{yyyy}-{0000}" }, inLines: false, hasDefault: false, hasFormula: false }),
];

/** Return the row of a kind, or undefined for a kind this designer does not know. */
export function kindRow(kind: string): KindRow | undefined {
  return KINDS.find((other) => other.kind === kind);
}

/** Return the type the values of a field have in expressions, undefined for one without values of its own. */
export function typeOf(field: FieldDefinition): string | undefined {
  const type = kindRow(field.kind)?.type ?? undefined;
  if (field.kind === "member") return "record:organization.user";
  if (field.kind === "department") return "record:organization.department";
  if (type === "record") return field.to === undefined ? type : `${type}:${field.to}`;
  return type === "boolean" ? "bool" : type;
}

/** Return the first of `stem`, `stem_2`, `stem_3`, … that is not taken. */
export function freeKey(stem: string, taken: Iterable<string>): string {
  const used = new Set(taken);
  if (!used.has(stem)) return stem;
  for (let count = 2; ; count++) if (!used.has(`${stem}_${count}`)) return `${stem}_${count}`;
}
