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
  expect(undo(history).document).toEqual(document);
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

it("follows the new key of a field in its condition and its place", () => {
  const document = sampleDocument();
  const changed = after(document, { label: { message: "rename" }, commands: renameField(document, { entity: "order", field: "lines" }, "x_goods") });
  expect(ruleAt(changed, SOME_LINES)).toMatchObject({ check: "COUNT(x_goods) > 0", at: "x_goods" });
});
