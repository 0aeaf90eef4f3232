/** Gestures of the form designer: what one gesture changes, and that one undo takes all of it back. */
import { describe, expect, it } from "vitest";
import { type AppDocument, find, findList, nodeOf, walkNodes } from "../core/doc";
import { type Gesture, execute, openHistory, undo } from "../core/history";
import { sampleDocument } from "../core/sample";
import { addColumn, addOption, columnsOf, hideColumn, removeColumn, removeOption, shiftColumn, shiftOption, widenColumn } from "./columns";
import { copySources } from "./copySources";
import { copiedText, duplicateNode, pasteNode } from "./duplicate";
import { addExisting, addField, addSection, deleteField, hideNode, moveNode, removeNode, setLabel, showInList } from "./gestures";
import { placeIssues } from "./issuePlaces";
import { KINDS, freeKey, kindRow } from "./kinds";
import { neighbour, placeAfter, shifted } from "./places";
import { keyFault, otherKeys, renameField, renamedNode } from "./rename";
import { fieldAt, fieldsOf, namesIn, usesOf, withKey } from "./usage";

const ROOT = "/forms/order/nodes";
const BASIC = `${ROOT}/basic/nodes`;
const TEXT = kindRow("text");

function after(document: AppDocument, gesture: Gesture | undefined): AppDocument {
  if (!gesture) throw new Error("no gesture");
  const { history, refused } = execute(openHistory(document), gesture);
  expect(refused).toBeNull();
  expect(undo(history)?.history.document).toEqual(document);
  return history.document;
}

const keys = (document: AppDocument, list: string) => (findList(document, list) ?? []).map((element) => element.key);

describe("adding", () => {
  it("puts a new field of every kind into the entity and onto the form in one step", () => {
    for (const row of KINDS) {
      const document = sampleDocument();
      const made = addField(document, "order", row, { list: BASIC, before: "number" }, "zh-CN");
      const changed = after(document, made?.gesture);
      expect(keys(changed, BASIC)).toEqual(["customer", `x_${row.kind}`, "number", "lines"]);
      expect(fieldAt(changed, { entity: "order", field: `x_${row.kind}` })?.kind).toBe(row.kind);
      expect(made?.selection).toBe(`${BASIC}/x_${row.kind}`);
      expect(nodeOf(changed, made?.selection ?? "")?.span).toBe(row.wide ? 2 : 1);
    }
  });

  it("gives the second field of a kind a key of its own", () => {
    const document = sampleDocument();
    if (!TEXT) throw new Error("text is a kind");
    const once = after(document, addField(document, "order", TEXT, { list: BASIC, before: null }, "zh-CN")?.gesture);
    const twice = after(once, addField(once, "order", TEXT, { list: BASIC, before: null }, "zh-CN")?.gesture);
    expect(keys(twice, "/entities/order/fields").slice(-2)).toEqual(["x_text", "x_text_2"]);
    expect(freeKey("a", ["a", "a_2"])).toBe("a_3");
  });

  it("puts back a field that was taken off", () => {
    const document = sampleDocument();
    const off = after(document, removeNode(document, "order", `${BASIC}/number`).gesture);
    expect(keys(off, "/entities/order/fields")).toContain("number");
    const on = after(off, addExisting(off, "order", "number", { list: BASIC, before: null })?.gesture);
    expect(keys(on, BASIC)).toEqual(["customer", "lines", "number"]);
  });

  it("adds a section after the section of the selection", () => {
    const document = sampleDocument();
    const place = placeAfter(document, "order", `${BASIC}/number`, "section");
    expect(keys(after(document, addSection(document, "order", place, "zh-CN").gesture), ROOT)).toEqual(["basic", "x_section", "more"]);
  });
});

describe("moving and hiding", () => {
  it("moves by steps, across sections and back", () => {
    let document = sampleDocument();
    let pointer = `${BASIC}/customer`;
    const seen: string[] = [];
    for (;;) {
      const place = shifted(document, "order", pointer, 1);
      if (!place) break;
      const made = moveNode(document, pointer, place);
      document = after(document, made.gesture);
      pointer = made.selection ?? "";
      seen.push(pointer);
    }
    expect(seen).toHaveLength(4);
    expect(keys(document, `${ROOT}/more/nodes`)).toEqual(["remark", "customer"]);
    for (let place = shifted(document, "order", pointer, -1); place; place = shifted(document, "order", pointer, -1)) {
      const made = moveNode(document, pointer, place);
      document = after(document, made.gesture);
      pointer = made.selection ?? "";
    }
    expect(document).toEqual(sampleDocument());
  });

  it("moves sections among sections", () => {
    const document = sampleDocument();
    const place = shifted(document, "order", `${ROOT}/more`, -1);
    expect(place && keys(after(document, moveNode(document, `${ROOT}/more`, place).gesture), ROOT)).toEqual(["more", "basic"]);
    expect(shifted(document, "order", `${ROOT}/basic`, -1)).toBeNull();
  });

  it("hides and shows without leaving a trace", () => {
    const document = sampleDocument();
    const hidden = after(document, hideNode(document, `${BASIC}/number`, true).gesture);
    expect(nodeOf(hidden, `${BASIC}/number`)?.hidden).toBe(true);
    expect(after(hidden, hideNode(hidden, `${BASIC}/number`, false).gesture)).toEqual(document);
  });

  it("selects in the order of reading", () => {
    const form = sampleDocument().forms[0];
    if (!form) throw new Error("the sample has a form");
    const order = walkNodes(form).map(({ pointer }) => pointer);
    expect(neighbour(form, null, "next")).toBe(order[0]);
    expect(neighbour(form, order[0] ?? "", "previous")).toBe(order[0]);
    expect(neighbour(form, order[3] ?? "", "next")).toBe(`${ROOT}/more`);
    expect(neighbour(form, null, "last")).toBe(order.at(-1));
  });
});

describe("uses", () => {
  it("reads names out of an expression", () => {
    expect(namesIn('SUM(lines[kind = "x" && qty > 2].amount) + {最低 金额} * 数量')).toEqual([["lines"], ["kind"], ["qty"], ["amount"], ["最低 金额"], ["数量"]]);
    expect(namesIn("COUNT(customer.sales_orders)")).toEqual([["customer", "sales_orders"]]);
  });

  it("finds formulas, rules, forms and views", () => {
    const document = sampleDocument();
    expect(usesOf(document, { entity: "order.lines", field: "amount" }).map((use) => use.kind)).toEqual(["formula", "form"]);
    expect(usesOf(document, { entity: "order.lines", field: "quantity" }).map((use) => use.kind)).toEqual(["formula", "form"]);
    expect(usesOf(document, { entity: "order", field: "lines" }).map((use) => use.kind).sort()).toEqual(["form", "formula", "rule"]);
    expect(usesOf(document, { entity: "order", field: "number" }).map((use) => use.kind).sort()).toEqual(["form", "sort", "title", "view"]);
    expect(usesOf(document, { entity: "order", field: "total" }).map((use) => use.kind).sort()).toEqual(["filter", "view"]);
  });

  it("follows references, ways back and parents", () => {
    const base = sampleDocument();
    const order = base.entities[1];
    const partner = base.entities[0];
    if (!order || !partner) throw new Error("the sample has two entities");
    const document: AppDocument = {
      ...base,
      entities: [
        { ...partner, fields: [...partner.fields, { key: "sum", kind: "money", name: {}, formula: "SUM(orders.total)" }] },
        {
          ...order,
          fields: order.fields.map((field) =>
            field.key === "customer"
              ? { ...field, inverse: { key: "orders", name: {} } }
              : field.key === "lines"
                ? { ...field, fields: [{ key: "who", kind: "text" as const, name: {}, formula: "parent.customer.名称" }] }
                : field,
          ),
        },
      ],
    };
    expect(usesOf(document, { entity: "partner", field: "name" }).map((use) => use.pointer)).toEqual(["/entities/order/fields/lines/fields/who", "/entities/partner"]);
    expect(usesOf(document, { entity: "order", field: "total" }).map((use) => use.pointer)).toContain("/entities/partner/fields/sum");
    expect(usesOf(document, { entity: "order", field: "customer" }).map((use) => use.kind)).toContain("formula");
  });

  it("deletes a field with its places on forms and in views, in one step", () => {
    const base = sampleDocument();
    const document: AppDocument = { ...base, views: base.views?.map(({ filter: _filter, ...view }) => view) };
    const place = { entity: "order", field: "total" };
    const changed = after(document, deleteField(document, "order", place, usesOf(document, place), null).gesture);
    expect(fieldsOf(changed, "order").map((field) => field.key)).not.toContain("total");
    expect(keys(changed, "/views/orders/columns")).toEqual(["number", "customer"]);
  });
});

describe("keys", () => {
  it("renames a field wherever it is named, in one step", () => {
    const base = sampleDocument();
    const document = after(base, addExisting(base, "order", "total", { list: BASIC, before: null })?.gesture);
    const place = { entity: "order", field: "total" };
    const pointer = `${BASIC}/total`;
    const changed = after(document, { label: { message: "rename" }, commands: renameField(document, place, "x_sum") });
    expect(fieldAt(changed, { entity: "order", field: "x_sum" })?.formula).toBe("SUM(lines.amount)");
    expect(keys(changed, "/views/orders/columns")).toEqual(["number", "customer", "x_sum"]);
    expect(find(changed, "/views/orders/filter")).toBe("x_sum > 0");
    expect(nodeOf(changed, renamedNode(document, pointer, place, "x_sum"))?.field).toBe("x_sum");
  });

  it("renames a column in formulas of its lines and of the record", () => {
    const document = sampleDocument();
    const changed = after(document, { label: { message: "rename" }, commands: renameField(document, { entity: "order.lines", field: "amount" }, "x_price") });
    expect(find(changed, "/entities/order/fields/total/formula")).toBe("SUM(lines.x_price)");
    expect(keys(changed, `${BASIC}/lines/columns`)).toEqual(["item", "quantity", "x_price"]);
  });

  it("leaves strings, comments and functions alone", () => {
    const text = 'total + TOTAL(total) & "total" // total';
    expect(withKey(sampleDocument(), { text, scope: "order" }, { entity: "order", field: "total" }, "x_sum")).toBe('x_sum + TOTAL(x_sum) & "total" // total');
  });

  it("says what is wrong with a key", () => {
    const document = sampleDocument();
    const place = { entity: "order", field: "remark" };
    expect(["remark", "x_a", "X", "1a", "a__b", "id", "total", "a".repeat(41)].map((key) => keyFault(key, otherKeys(document, place)))).toEqual([
      null,
      null,
      "shape",
      "shape",
      "shape",
      "reserved",
      "taken",
      "shape",
    ]);
  });
});

describe("columns and options", () => {
  it("adds a field to the lines and a column, and works on columns", () => {
    const document = sampleDocument();
    if (!TEXT) throw new Error("text is a kind");
    const node = `${BASIC}/lines`;
    let changed = after(document, addColumn(document, node, "order.lines", TEXT, "zh-CN").gesture);
    expect(keys(changed, "/entities/order/fields/lines/fields")).toEqual(["item", "quantity", "amount", "x_text"]);
    changed = after(changed, shiftColumn(changed, node, "order.lines", "x_text", -1));
    changed = after(changed, hideColumn(changed, node, "order.lines", "quantity", true));
    changed = after(changed, widenColumn(changed, node, "order.lines", "amount", 90));
    changed = after(changed, removeColumn(changed, node, "order.lines", "item"));
    expect(columnsOf(changed, node, "order.lines")).toEqual([{ key: "quantity", hidden: true }, { key: "x_text" }, { key: "amount", width: 90 }]);
  });

  it("writes the columns down when they were left to the fields", () => {
    const base = sampleDocument();
    const document = after(base, { label: { message: "x" }, commands: [{ kind: "set", at: `${BASIC}/lines/columns`, previous: find(base, `${BASIC}/lines/columns`) ?? null }] });
    const changed = after(document, shiftColumn(document, `${BASIC}/lines`, "order.lines", "item", 1));
    expect(keys(changed, `${BASIC}/lines/columns`)).toEqual(["quantity", "item", "amount"]);
  });

  it("adds, moves and removes options", () => {
    const base = sampleDocument();
    const choice = kindRow("choice");
    if (!choice) throw new Error("choice is a kind");
    const pointer = "/entities/order/fields/x_choice";
    let document = after(base, addField(base, "order", choice, { list: BASIC, before: null }, "zh-CN")?.gesture);
    document = after(document, addOption(document, pointer, "zh-CN"));
    document = after(document, shiftOption(document, pointer, "option_3", -1));
    document = after(document, removeOption(document, pointer, "option_1"));
    expect(keys(document, `${pointer}/options`)).toEqual(["option_3", "option_2"]);
  });

  it("drops a help text that was typed away but keeps the name", () => {
    const document = sampleDocument();
    const field = "/entities/order/fields/remark";
    const helped = after(document, setLabel(document, field, "help", "en", "Anything"));
    expect(after(helped, setLabel(helped, field, "help", "en", ""))).toEqual(document);
    expect(find(after(document, setLabel(document, field, "name", "en", "")), `${field}/name`)).toEqual({ "zh-CN": "备注" });
  });
});

it("places issues on the node, the rule or the list that shows them", () => {
  const issue = (pointer: string) => ({ code: "c", message: {}, pointer });
  const placed = placeIssues(sampleDocument(), "order", [
    issue(`${BASIC}/number/field`),
    issue("/entities/order/fields/lines/fields/amount/formula"),
    issue("/entities/partner/fields/name"),
    issue(`${ROOT}/basic/columns`),
    issue("/entities/order/rules/some_lines/check"),
    issue("/views/orders/filter"),
  ]);
  const shown = [`${BASIC}/number`, `${BASIC}/lines`, null, `${ROOT}/basic`, "/entities/order/rules/some_lines", "/views/orders"];
  expect(placed.map(({ place }) => place)).toEqual(shown);
});

it("makes a field a column of a list and takes it off again", () => {
  const document = sampleDocument();
  const view = document.views?.find((other) => other.entity === "order" && !other.columns?.some((column) => column.key === "remark"));
  const remark = fieldAt(document, { entity: "order", field: "remark" });
  if (!view || !remark) throw new Error("a list of the sample");
  const list = `/views/${view.key}/columns`;
  const shown = after(document, showInList(document, view.key, remark, true));
  expect(keys(shown, list)).toEqual([...keys(document, list), "remark"]);
  expect(keys(after(shown, showInList(shown, view.key, remark, false)), list)).toEqual(keys(document, list));
});

describe("duplicating", () => {
  it("adds another field like that of an input, with a key and a label of its own", () => {
    const document = sampleDocument();
    const made = duplicateNode(document, "order", `${BASIC}/customer`);
    const changed = after(document, made?.gesture);
    expect(keys(changed, BASIC)).toEqual(["customer", "x_reference", "number", "lines"]);
    expect(made?.selection).toBe(`${BASIC}/x_reference`);
    expect(fieldAt(changed, { entity: "order", field: "x_reference" })).toMatchObject({ to: "partner", required: true, name: { "zh-CN": "客户（副本）", en: "Customer (copy)" } });
    expect(duplicateNode(document, "order", `${ROOT}/basic`)).toBeNull();
  });

  it("pastes a copied field with the columns of its lines into another place", () => {
    const document = sampleDocument();
    const text = copiedText(document, "order", `${BASIC}/lines`) ?? "";
    const made = pasteNode(document, "order", text, { list: `${ROOT}/more/nodes`, before: "remark" });
    const changed = after(document, made?.gesture);
    expect(keys(changed, `${ROOT}/more/nodes`)).toEqual(["x_lines", "remark"]);
    expect(fieldsOf(changed, "order.x_lines").map((field) => field.key)).toEqual(["item", "quantity", "amount"]);
  });

  it("takes no other text for a field", () => {
    for (const text of ["", "text", "5", "null", "{}", '{"format":"dougong.field/1"}', '{"format":"dougong.field/1","node":{"kind":"input"},"field":{"kind":"hologram","name":{}}}']) {
      expect(pasteNode(sampleDocument(), "order", text, { list: BASIC, before: null })).toBeNull();
    }
  });
});

it("offers to copy what the records of a reference hold of the same type", () => {
  const document = sampleDocument();
  const remark = fieldAt(document, { entity: "order", field: "remark" });
  const total = fieldAt(document, { entity: "order", field: "total" });
  if (!remark || !total) throw new Error("fields of the sample");
  expect(copySources(document, { entity: "order", field: "remark" }, remark).map((source) => source.value)).toEqual(["customer.name"]);
  expect(copySources(document, { entity: "order", field: "total" }, total)).toEqual([]);
});
