/** Holds the form's values to account: computed values, copies, what is sent, errors by place, conflicts. */
import { beforeEach, describe, expect, it, vi } from "vitest";
import { checkForm } from "./check";
import { FormModel } from "./formModel";
import type { EntityModel, FieldModel } from "./types";

const name = { "zh-CN": "名", en: "Name" };
const number = (text: string): Record<string, unknown> => ({ literal: text, type: "number" });
const path = (...keys: string[]): Record<string, unknown> => ({ path: keys, type: "number" });
const blankAsZero = (node: Record<string, unknown>): Record<string, unknown> => ({ call: "or_zero", args: [node], type: "number" });

const columns: FieldModel[] = [
  { key: "item", kind: "reference", name, to: "item", to_title: "name", required: true },
  { key: "quantity", kind: "number", name, scale: 3, min: "0.001", required: true, default: number("1") },
  { key: "price", kind: "money", name, scale: 2, copy: ["item", "price"] },
  { key: "amount", kind: "money", name, scale: 2, formula: { call: "mul", args: [blankAsZero(path("quantity")), blankAsZero(path("price"))], type: "number" } },
];
const order: EntityModel = {
  key: "order",
  name,
  actions: ["create", "update"],
  computed: ["lines.amount", "total", "level"],
  fields: [
    { key: "number", kind: "sequence", name },
    { key: "customer", kind: "reference", name, to: "partner", to_title: "name", required: true },
    { key: "phone", kind: "text", name, copy: ["customer", "phone"], max_length: 5 },
    { key: "state", kind: "choice", name, default: { literal: "draft", type: "text" } },
    { key: "due", kind: "date", name },
    { key: "lines", kind: "lines", name, required: true, fields: columns },
    { key: "total", kind: "money", name, scale: 2, formula: { call: "SUM", args: [{ path: ["lines", "amount"], type: "list<number>", many: 1 }], type: "number" } },
    { key: "level", kind: "number", name, formula: path("customer", "level") },
  ],
  rules: [
    {
      key: "small",
      at: "total",
      message: { "zh-CN": "太多", en: "Too much" },
      check: { call: "le", args: [path("total"), number("1000")], type: "bool" },
    },
  ],
};
const partner: EntityModel = { key: "partner", name, actions: [], fields: [{ key: "level", kind: "number", name }] };
const entities = (key: string): EntityModel | undefined => [order, partner].find((entity) => entity.key === key);
const start = { entity: order, entities, user: null, now: new Date("2026-11-23T00:00:00Z"), zone: "Asia/Shanghai" };
const item = (id: string, price: string): { id: string; title: string; record: Record<string, unknown> } => ({ id, title: `item ${id}`, record: { price } });

let form: FormModel;
beforeEach(() => {
  form = new FormModel({ ...start, record: null });
});

describe("a new form", () => {
  it("starts from its defaults and is not dirty", () => {
    expect(form.get("state")).toBe("draft");
    expect(form.isDirty()).toBe(false);
    expect(form.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
  });

  it("computes lines and totals exactly, and copies from what is picked", () => {
    const row = form.addRow("lines");
    form.set(`lines.${row}.item`, "a", item("a", "0.1"));
    form.set(`lines.${row}.quantity`, "3");
    expect(form.get(`lines.${row}.price`)).toBe("0.1");
    expect(form.get(`lines.${row}.amount`)).toBe("0.3");
    form.set(`lines.${row}.price`, "33.333");
    expect(form.get("total")).toBe("100");
    form.set(`lines.${row}.quantity`, "2.5");
    expect(form.get("total")).toBe("83.33");
  });

  it("counts and sends only rows that somebody touched", () => {
    const first = form.addRow("lines");
    form.set(`lines.${first}.price`, "7");
    form.addRow("lines");
    expect(form.get("total")).toBe("7");
    expect(form.body()["lines"]).toEqual([{ quantity: "1", price: "7" }]);
  });

  it("tells only those who watch a path", () => {
    const row = form.addRow("lines");
    const other = form.addRow("lines");
    const [cell, neighbour, total] = [vi.fn(), vi.fn(), vi.fn()];
    form.subscribe(`lines.${row}.quantity`, cell);
    form.subscribe(`lines.${other}.quantity`, neighbour);
    form.subscribe("total", total);
    form.set(`lines.${row}.price`, "2");
    expect(cell).not.toHaveBeenCalled();
    form.set(`lines.${row}.quantity`, "2");
    expect(cell).toHaveBeenCalledOnce();
    expect(neighbour).not.toHaveBeenCalled();
    expect(total).toHaveBeenCalledTimes(2);
  });

  it("leaves what it cannot know to the server", () => {
    form.set("customer", "p1", { id: "p1", title: "P", record: {} });
    expect(form.unknownTargets()).toEqual(["level"]);
    form.applyPreview({ level: "4" });
    expect(form.get("level")).toBe("4");
    form.set("customer", "p2", { id: "p2", title: "Q", record: { level: "9" } });
    expect(form.get("level")).toBe("9");
    expect(form.unknownTargets()).toEqual([]);
  });

  it("copies, moves and takes out rows", () => {
    const row = form.addRow("lines");
    form.set(`lines.${row}.price`, "2");
    const copy = form.copyRow("lines", row) ?? "";
    form.set(`lines.${copy}.price`, "3");
    expect(form.get("total")).toBe("5");
    form.moveRow("lines", copy, -1);
    expect(form.rows("lines").map((one) => one.key)).toEqual([copy, row]);
    form.removeRow("lines", row);
    expect(form.get("total")).toBe("3");
  });
});

describe("checking", () => {
  it("finds what is missing, what is no number, what is out of range, and says where", () => {
    const row = form.addRow("lines");
    form.set(`lines.${row}.quantity`, "0.0001");
    form.set(`lines.${row}.price`, "1o");
    form.set("phone", "123456");
    form.set("due", "2026-02-31");
    expect(Object.fromEntries(checkForm(form, "en").map(([at, error]) => [at, "code" in error ? error.code : error.text]))).toEqual({
      customer: "required",
      phone: "length",
      due: "date",
      [`lines.${row}.item`]: "required",
      [`lines.${row}.quantity`]: "scale",
      [`lines.${row}.price`]: "number",
    });
  });

  it("asks the rules once the fields are right", () => {
    form.set("customer", "p1", { id: "p1", title: "P", record: {} });
    const row = form.addRow("lines");
    form.set(`lines.${row}.item`, "a", item("a", "1001"));
    expect(checkForm(form, "en")).toEqual([["total", { text: "Too much" }]]);
    form.set(`lines.${row}.price`, "1000");
    expect(checkForm(form, "en")).toEqual([]);
  });

  it("places the server's errors by the rows that were sent, and forgets them when the value changes", () => {
    form.addRow("lines");
    const second = form.addRow("lines");
    form.set(`lines.${second}.price`, "1");
    const at = form.pathOfPointer("/lines/0/price");
    expect(at).toBe(`lines.${second}.price`);
    form.setErrors([[at, { text: "no" }]]);
    expect(form.error(at)).toEqual({ text: "no" });
    form.set(at, "2");
    expect(form.error(at)).toBeNull();
  });
});

describe("an old record", () => {
  const record = { id: "r", revision: 3, customer: "p1", customer__title: "P", phone: "1", lines: [{ id: "l1", item: "a", quantity: "2", price: "5", amount: "10" }], total: "10" };

  it("sends what has changed and nothing else", () => {
    form = new FormModel({ ...start, record });
    expect(form.isDirty()).toBe(false);
    form.set("phone", "2");
    expect(form.body()).toEqual({ revision: 3, phone: "2" });
    form.set("phone", "1");
    expect(form.isDirty()).toBe(false);
    const [row] = form.rows("lines");
    form.set(`lines.${row?.key ?? ""}.quantity`, "4");
    expect(form.body()).toEqual({ revision: 3, lines: [{ id: "l1", item: "a", quantity: "4", price: "5" }] });
    expect(form.get("total")).toBe("20");
  });

  it("keeps what was typed on top of what somebody else saved", () => {
    form = new FormModel({ ...start, record });
    form.set("phone", "mine");
    form.rebase({ ...record, revision: 4, phone: "theirs", state: "done", lines: [] });
    expect(form.get("state")).toBe("done");
    expect(form.rows("lines")).toEqual([]);
    expect(form.body()).toEqual({ revision: 4, phone: "mine" });
  });
});

describe("errors of formulas", () => {
  const one = { literal: "1", type: "number" };
  const call = (name: string, ...args: unknown[]): Record<string, unknown> => ({ call: name, args, type: "number" });
  const fields: FieldModel[] = [
    { key: "n", kind: "number", name },
    { key: "share", kind: "number", name, formula: call("div", one, blankAsZero(path("n"))) },
    { key: "twice", kind: "number", name, formula: call("add", blankAsZero(path("share")), blankAsZero(path("share"))) },
    { key: "safe", kind: "number", name, formula: call("IFERROR", path("twice"), one) },
    { key: "told", kind: "number", name },
    { key: "after", kind: "number", name, formula: call("add", blankAsZero(path("told")), blankAsZero(path("n"))) },
  ];
  const card: EntityModel = {
    key: "card",
    name,
    actions: ["create", "update"],
    computed: ["share", "twice", "safe", "after"],
    fields,
    rules: [{ key: "small", at: "n", message: name, check: { call: "lt", args: [blankAsZero(path("share")), one], type: "bool" } }],
  };
  const shown = (form: FormModel, ...keys: string[]): unknown[] => keys.map((key) => form.get(`${key}__error`) ?? form.get(key));

  it("pass on to what reads them, until a formula asks for them, and go when they are mended", () => {
    const form = new FormModel({ ...start, entity: card, record: null });
    form.set("n", "0");
    expect(shown(form, "share", "twice", "safe")).toEqual(["DIV0", "DIV0", "1"]);
    expect(form.get("twice")).toBeNull();
    expect(form.holds(card.rules?.[0]?.check ?? {})).toBe(false);
    form.set("n", "4");
    expect(shown(form, "share", "twice", "safe")).toEqual(["0.25", "0.5", "0.5"]);
    expect(form.holds(card.rules?.[0]?.check ?? {})).toBe(true);
  });

  it("come from the server with a record", () => {
    const form = new FormModel({ ...start, entity: card, record: { id: "c", revision: 1, n: "0", told: null, told__error: "NUM" } });
    form.set("n", "2");
    expect(shown(form, "share", "after")).toEqual(["0.5", "NUM"]);
  });
});
