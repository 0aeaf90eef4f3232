/** What rules and defaults of a page know of people and of the saved record, and what they leave to the server. */
import { describe, expect, it } from "vitest";
import { prepare, type TreeJson } from "@/shared/formula";
import { FormModel } from "./formModel";
import type { EntityModel } from "./types";

const text = (literal: string): TreeJson => ({ literal, type: "text" });
const call = (name: string, ...args: TreeJson[]): TreeJson => ({ call: name, args, type: "bool" });
const status = { path: ["status"], type: "text" };
const old = { ...call("OLD", status), type: "text" };
const ofUser = (...path: string[]): TreeJson => ({ ...call("user_field", call("CURRENTUSER"), { path, type: "text" }), type: "text" });
const trees = [
  call("HASROLE", text("sales")),
  call("HASROLE", text("shop.sales")),
  call("HASROLE", text("boss")),
  call("INDEPARTMENT", text("Head office")),
  call("eq", ofUser("name"), text("Li Lei")),
  call("eq", ofUser("name"), text("Han Meimei")),
  call("eq", ofUser("phone"), text("1")),
  call("eq", old, text("open")),
  call("CHANGED", status, old),
  call("eq", { ...call("DEPTPATH", { path: ["id"], type: "record" }), type: "text" }, text("a")),
];
const entity: EntityModel = {
  key: "card",
  name: { en: "Card" },
  actions: ["create", "update"],
  fields: [{ key: "status", kind: "text", name: { en: "Status" } }],
};

describe("a page's formulas", () => {
  it("know the user's roles and name and the saved record; the rest holds until the server says otherwise", async () => {
    await prepare(trees);
    const user = { id: "u1", name: "Li Lei", email: "li@example.com", roles: ["shop.sales"] };
    const start = { entity, entities: () => undefined, user, app: "shop", now: new Date(), zone: "Asia/Shanghai" };
    const form = new FormModel({ ...start, record: { id: "r1", status: "open" } });
    form.set("status", "done");
    expect(trees.map((tree) => form.holds(tree))).toEqual([true, true, false, true, true, false, true, true, true, true]);
    const fresh = new FormModel({ ...start, record: null });
    expect(trees.slice(7, 9).map((tree) => fresh.holds(tree))).toEqual([false, false]);
  });
});
