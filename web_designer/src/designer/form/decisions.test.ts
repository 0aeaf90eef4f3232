/** How an entity becomes a decision table in the designer: what each gesture makes of the document, and how its fields are kept and renamed. */
import { describe, expect, it } from "vitest";
import { applyAll } from "../core/commands";
import type { AppDocument, DecisionDefinition, EntityDefinition } from "../core/doc";
import type { Gesture } from "../core/history";
import { addInput, changeInput, decisionOf, setDeciding, setMatch } from "./decisions";
import { renameField } from "./rename";
import { usesOf } from "./usage";

const field = (key: string, kind: string): EntityDefinition["fields"][number] => ({ key, kind: kind as "text", name: { en: key } });
const limit: EntityDefinition = {
  key: "limit",
  name: { en: "Limits" },
  title: "name",
  fields: [field("name", "text"), field("level", "choice"), field("low", "money"), field("high", "money"), field("most", "percent"), field("day", "date")],
};
const document: AppDocument = { key: "app", name: {}, entities: [limit], forms: [], views: [] };

function done(before: AppDocument, gesture: Gesture | Gesture["commands"]): AppDocument {
  const applied = applyAll(before, "commands" in gesture ? gesture.commands : gesture);
  expect(applied.refused).toBeNull();
  return applied.document ?? before;
}
const decisionIn = (now: AppDocument): DecisionDefinition | null => decisionOf(now.entities[0]);

describe("a decision table", () => {
  const table = done(document, setDeciding(document, "limit", true));

  it("begins with an input and an output, and can be plain records again", () => {
    expect(table.entities[0]).toMatchObject({ kind: "decision", decision: { inputs: [{ key: "level", match: "eq", field: "level" }], outputs: ["day"], policy: "first" } });
    expect(done(table, setDeciding(table, "limit", false))).toEqual(document);
  });

  it("gets inputs of fields that are none yet, which can be matched otherwise", () => {
    const more = done(table, addInput(table, "limit"));
    const [, added] = decisionIn(more)?.inputs ?? [];
    expect(added).toEqual({ key: "low", match: "eq", field: "low" });
    const ranged = done(more, setMatch(more, "limit", added ?? { key: "", match: "" }, "range"));
    expect(decisionIn(ranged)?.inputs[1]).toEqual({ key: "low", match: "range", from: "low", to: "high" });
    const moved = done(ranged, changeInput(ranged, "limit", "low", -1));
    expect(decisionIn(moved)?.inputs.map(({ key }) => key)).toEqual(["low", "level"]);
    expect(decisionIn(done(moved, changeInput(moved, "limit", "level", 0)))?.inputs.map(({ key }) => key)).toEqual(["low"]);
  });

  it("keeps a field it names from being deleted, and follows its new key", () => {
    expect(usesOf(table, { entity: "limit", field: "level" })).toEqual([{ kind: "decision", pointer: "/entities/limit/decision", removable: false }]);
    const renamed = done(table, renameField(table, { entity: "limit", field: "level" }, "grade"));
    expect(decisionIn(renamed)?.inputs).toEqual([{ key: "level", match: "eq", field: "grade" }]);
    expect(decisionIn(done(table, renameField(table, { entity: "limit", field: "day" }, "date_on")))?.outputs).toEqual(["date_on"]);
  });
});
