/** The field that keeps the state of a record: a choice nobody fills in, made of the states the entity has. */
import { expect, test } from "vitest";
import { stateField, type EntityDefinition } from "./doc";

const entity: EntityDefinition = {
  key: "offer",
  name: {},
  fields: [],
  states: { key: "state", start: "draft", states: [{ key: "draft", name: { en: "Draft" }, color: "grey" }, { key: "sent" }] },
};

test("the states of an entity are the options of a read-only choice", () => {
  const field = stateField(entity);
  expect(field).toMatchObject({ key: "state", kind: "choice", read_only: true, name: { en: "Status" } });
  expect(field?.options).toEqual([
    { key: "draft", name: { en: "Draft" }, color: "grey" },
    { key: "sent", name: {} },
  ]);
});

test("an entity without states has no such field", () => {
  expect(stateField({ key: "plain", name: {}, fields: [] })).toBeUndefined();
  expect(stateField(undefined)).toBeUndefined();
});
