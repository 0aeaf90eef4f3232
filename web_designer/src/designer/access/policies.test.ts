/** What a cell shows of policies, and what gestures make of a document. */
import { describe, expect, it } from "vitest";
import { applyAll } from "../core/commands";
import type { AppDocument } from "../core/doc";
import type { Gesture } from "../core/history";
import { actionsOf, addPolicy, addRole, markOf, policiesOf, type PolicyDefinition, removeRole, rolesOf, setLevel, toggleAction } from "./policies";

const policy = (more: Partial<PolicyDefinition> = {}): PolicyDefinition => ({ key: "p", role: "sales", entity: "order", actions: ["read", "update"], ...more });
const made = (...policies: readonly PolicyDefinition[]): AppDocument =>
  ({ key: "app", name: {}, entities: [], forms: [], roles: [{ key: "sales", name: { en: "Sales" } }], policies }) as unknown as AppDocument;
const done = (document: AppDocument, gesture: Gesture): AppDocument => applyAll(document, gesture.commands).document ?? document;
const only = (document: AppDocument): PolicyDefinition => policiesOf(document)[0] as PolicyDefinition;

describe("actions of a policy", () => {
  it("are what it names, with what that brings along and without what it leaves out", () => {
    expect([...actionsOf(policy({ without: ["export"] }), ["approve"])].sort()).toEqual(["bulk", "print", "read", "transition.approve", "update"]);
  });
  it("of a denial are not what another action brings as well", () => {
    expect([...actionsOf(policy({ deny: true, actions: ["delete"] }), [])].sort()).toEqual(["delete", "restore"]);
    expect([...actionsOf(policy({ deny: true, actions: ["delete", "bulk"] }), [])].sort()).toEqual(["bulk", "delete", "restore"]);
  });
  it("are taken back by being left out where others bring them along", () => {
    const document = made(policy());
    const gesture = toggleAction(document, policy(), "transition.approve", ["approve", "close"]);
    const after = only(done(document, gesture as Gesture));
    expect([after.actions, after.without]).toEqual([["read", "update"], ["transition.approve"]]);
    const again = toggleAction(made(after), after, "transition.approve", ["approve", "close"]);
    expect(only(done(made(after), again as Gesture)).without).toBeUndefined();
  });
  it("are never none", () => {
    const bare = policy({ actions: ["read"] });
    expect(toggleAction(made(bare), bare, "read", [])).toBeNull();
  });
});

describe("a mark of the matrix", () => {
  it.each([
    ["all", [policy()]],
    ["some", [policy({ rows: "own" })]],
    ["some", [policy({ where: "x > 1" })]],
    ["all", [policy({ rows: "own" }), policy({ key: "q" })]],
    ["some", [policy(), policy({ key: "q", deny: true, rows: "own" })]],
    ["denied", [policy(), policy({ key: "q", deny: true })]],
    ["all", [policy(), policy({ key: "q", deny: true, levels: [{ key: "cost", level: "hidden" }] })]],
    ["none", [policy({ actions: ["create"] })]],
    ["none", []],
  ] as const)("is %s", (mark, policies) => {
    expect(markOf(policies, "read", [])).toBe(mark);
  });
});

describe("gestures", () => {
  it("add a policy of its own key to a document that has none", () => {
    const bare = { key: "app", name: {}, entities: [], forms: [] } as unknown as AppDocument;
    const once = done(bare, addPolicy(bare, "organization.member", "order", false));
    const twice = done(once, addPolicy(once, "organization.member", "order", true));
    expect(policiesOf(twice).map(({ key, deny, actions }) => [key, deny, actions])).toEqual([
      ["organization_member_order", undefined, ["read"]],
      ["organization_member_order_not", true, ["delete"]],
    ]);
  });
  it("take a role away with its policies, and add another", () => {
    const document = made(policy(), policy({ key: "q", role: "boss" }));
    const without = done(document, removeRole(document, "sales"));
    expect([rolesOf(without), policiesOf(without).map(({ key }) => key)]).toEqual([[], ["q"]]);
    expect(rolesOf(done(document, addRole(document, "en").gesture)).map(({ key }) => key)).toEqual(["sales", "x_role"]);
  });
  it("set what may be done with a field, and leave it to the others again", () => {
    const hidden = done(made(policy()), setLevel(made(policy()), policy(), "cost", "hidden"));
    expect(only(hidden).levels).toEqual([{ key: "cost", level: "hidden" }]);
    const read = done(hidden, setLevel(hidden, only(hidden), "cost", "read"));
    expect(only(read).levels).toEqual([{ key: "cost", level: "read" }]);
    expect(only(done(read, setLevel(read, only(read), "cost", null))).levels).toBeUndefined();
  });
});
