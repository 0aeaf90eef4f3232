/** Rules of an entity: what is done to them, what they lack, and that a field they name takes them along. */
import { expect, it } from "vitest";
import { type AppDocument, find, findList } from "../core/doc";
import { type Gesture, execute, openHistory, undo } from "../core/history";
import { sampleDocument } from "../core/sample";
import { setLabel, setProperty } from "./gestures";
import { renameField } from "./rename";
import { addRule, missingIn, removeRule, ruleAt, shiftRule } from "./rules";
import { usesOf } from "./usage";

const RULES = "/entities/order/rules";
const SOME_LINES = `${RULES}/some_lines`;

function after(document: AppDocument, gesture: Gesture): AppDocument {
  const { history, refused } = execute(openHistory(document), gesture);
  expect(refused).toBeNull();
  expect(undo(history)?.history.document).toEqual(document);
  return history.document;
}

const keys = (document: AppDocument, list: string) => (findList(document, list) ?? []).map((element) => element.key);

it("adds a rule that lacks everything, orders it and takes it away, each in one step", () => {
  const document = sampleDocument();
  const first = addRule(document, null, "order");
  expect(first.selection).toBe(`${RULES}/x_rule`);
  const one = after(document, first.gesture);
  const two = after(one, addRule(one, null, "order").gesture);
  expect(keys(two, RULES)).toEqual(["some_lines", "x_rule", "x_rule_2"]);
  expect(keys(after(two, shiftRule(two, `${RULES}/x_rule_2`, -1)), RULES)).toEqual(["some_lines", "x_rule_2", "x_rule"]);
  expect(keys(after(two, removeRule(two, SOME_LINES)), RULES)).toEqual(["x_rule", "x_rule_2"]);
  expect(keys(after(document, addRule(document, null, "partner").gesture), "/entities/partner/rules")).toEqual(["x_rule"]);
});

it("gives no key of the version in use out again", () => {
  const published = after(sampleDocument(), addRule(sampleDocument(), null, "order").gesture);
  expect(addRule(sampleDocument(), published, "order").selection).toBe(`${RULES}/x_rule_2`);
});

it("says what a rule lacks until it is written", () => {
  const lacking = (document: AppDocument) => missingIn(ruleAt(document, `${RULES}/x_rule`) ?? {});
  let document = after(sampleDocument(), addRule(sampleDocument(), null, "order").gesture);
  expect(lacking(document)).toEqual(["check", "message"]);
  document = after(document, setProperty(document, `${RULES}/x_rule`, "check", "total > 0", true));
  expect(lacking(document)).toEqual(["message"]);
  document = after(document, setLabel(document, `${RULES}/x_rule`, "message", "en", "Nothing ordered"));
  expect(lacking(document)).toEqual([]);
  document = after(document, setLabel(document, `${RULES}/x_rule`, "message", "en", ""));
  expect(lacking(document)).toEqual(["message"]);
  expect(find(document, `${RULES}/x_rule/message`)).toEqual({});
});

it("is named among the uses of the field it is told at, whatever its condition ends with", () => {
  const base = sampleDocument();
  const document = after(base, setProperty(base, SOME_LINES, "check", "(total > 0) // of all goods"));
  for (const field of ["lines", "total"]) expect(usesOf(document, { entity: "order", field }).map((use) => use.pointer)).toContain(SOME_LINES);
});

it("leaves a field of the same key elsewhere alone when a field gets another", () => {
  const base = sampleDocument();
  const [partner, order] = base.entities;
  if (!partner || !order) throw new Error("the sample has two entities");
  const name = partner.fields[0];
  if (!name) throw new Error("a partner has a name");
  const check = "customer.name <> name AND ANY(lines, customer . name = item)";
  const document: AppDocument = { ...base, entities: [partner, { ...order, fields: [...order.fields, name], rules: [{ key: "other", check, at: "name", message: {} }] }] };
  const renamed = (entity: string) =>
    ruleAt(after(document, { label: { message: "rename" }, commands: renameField(document, { entity, field: "name" }, "x_name") }), `${RULES}/other`);
  expect(renamed("order")).toMatchObject({ check: "customer.name <> x_name AND ANY(lines, customer . name = item)", at: "x_name" });
  expect(renamed("partner")).toMatchObject({ check: "customer.x_name <> name AND ANY(lines, customer . x_name = item)", at: "name" });
});

it("is named among the uses of what it asks of a whole entity, and follows there too", () => {
  const base = sampleDocument();
  const check = "COUNT(@partner[name = parent.remark]) < 2 AND MAX(@{订单}.total) > 0";
  const document = after(base, setProperty(base, SOME_LINES, "check", check));
  const changed = [
    { entity: "partner", field: "name" },
    { entity: "order", field: "remark" },
    { entity: "order", field: "total" },
  ].map((place) => {
    expect(usesOf(document, place).map((use) => use.pointer)).toContain(SOME_LINES);
    return ruleAt(after(document, { label: { message: "rename" }, commands: renameField(document, place, "x_other") }), SOME_LINES)?.check;
  });
  expect(changed).toEqual([check.replace("name", "x_other"), check.replace("remark", "x_other"), check.replace("total", "x_other")]);
  expect(usesOf(document, { entity: "order", field: "number" }).map((use) => use.pointer)).not.toContain(SOME_LINES);
});

it("follows the new key of a field in its condition and its place", () => {
  const document = sampleDocument();
  const changed = after(document, { label: { message: "rename" }, commands: renameField(document, { entity: "order", field: "lines" }, "x_goods") });
  expect(ruleAt(changed, SOME_LINES)).toMatchObject({ check: "COUNT(x_goods) > 0", at: "x_goods" });
});
