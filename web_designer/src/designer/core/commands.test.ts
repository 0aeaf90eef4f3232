/** Commands: what each does, what is refused, and that every command can be taken back. */
import { describe, expect, it } from "vitest";
import { type Command, apply, applyAll, compose, insertAt, invert, invertAll, listAt, moveTo, rebase, removeAt, renameAt, setAt } from "./commands";
import { type AppDocument, type FormNode, find, findList } from "./doc";
import { randomCommand, randomNumbers, sampleDocument } from "./sample";

const ROOT = "/forms/order/nodes";
const BASIC = `${ROOT}/basic/nodes`;
const MORE = `${ROOT}/more/nodes`;

function must(document: AppDocument, command: Command | null): AppDocument {
  if (!command) throw new Error("no command");
  const applied = apply(document, command);
  if (applied.refused !== null) throw new Error(applied.refused);
  return applied.document;
}

function keys(document: AppDocument, list: string): readonly string[] {
  return (findList(document, list) ?? []).map((element) => element.key);
}

describe("apply", () => {
  it("inserts before a neighbour and at the end", () => {
    const document = sampleDocument();
    const node = { key: "x", kind: "input", field: "remark" };
    expect(keys(must(document, insertAt(document, { list: BASIC, before: "number" }, node)), BASIC)).toEqual(["customer", "x", "number", "lines"]);
    expect(keys(must(document, insertAt(document, { list: BASIC, before: null }, node)), BASIC).at(-1)).toBe("x");
  });

  it("leaves the document it was given alone and shares what did not change", () => {
    const document = sampleDocument();
    const text = JSON.stringify(document);
    const changed = must(document, removeAt(document, `${BASIC}/number`));
    expect(JSON.stringify(document)).toBe(text);
    expect(changed.entities).toBe(document.entities);
    expect(find(changed, `${ROOT}/more`)).toBe(find(document, `${ROOT}/more`));
  });

  it("moves within a list and into another", () => {
    const document = sampleDocument();
    expect(keys(must(document, moveTo(document, `${BASIC}/lines`, { list: BASIC, before: "customer" })), BASIC)).toEqual(["lines", "customer", "number"]);
    const across = must(document, moveTo(document, `${BASIC}/lines`, { list: MORE, before: "remark" }));
    expect(keys(across, BASIC)).toEqual(["customer", "number"]);
    expect(keys(across, MORE)).toEqual(["lines", "remark"]);
  });

  it("gives the same document for a move to where the element is, and for a value that is there", () => {
    const document = sampleDocument();
    for (const before of ["customer", "number"]) expect(must(document, moveTo(document, `${BASIC}/customer`, { list: BASIC, before }))).toBe(document);
    expect(must(document, moveTo(document, `${BASIC}/lines`, { list: BASIC, before: null }))).toBe(document);
    expect(must(document, setAt(document, `${BASIC}/customer/span`, 1))).toBe(document);
    expect(must(document, setAt(document, `${BASIC}/customer/hidden`, undefined))).toBe(document);
  });

  it("refuses to move an element into itself, to take a key twice, to set a key, and to touch what is gone", () => {
    const document = sampleDocument();
    const refusal = (command: Command | null) => (command ? apply(document, command).refused : "no command");
    expect(refusal(moveTo(document, `${ROOT}/basic`, { list: BASIC, before: null }))).toBe("into-itself");
    expect(refusal(insertAt(document, { list: BASIC, before: null }, { key: "number" }))).toBe("taken");
    expect(refusal(setAt(document, `${BASIC}/customer/key`, "client"))).toBe("key-of-element");
    expect(refusal({ kind: "set", at: `${BASIC}/nobody/span`, value: 2 })).toBe("missing");
    expect(removeAt(document, `${BASIC}/nobody`)).toBeNull();
  });

  it("sets a key that is no key of an element", () => {
    const document = sampleDocument();
    const withInverse = must(document, setAt(document, "/entities/order/fields/customer/inverse", { key: "orders", name: {} }));
    const changed = must(withInverse, setAt(withInverse, "/entities/order/fields/customer/inverse/key", "all_orders"));
    expect(find(changed, "/entities/order/fields/customer/inverse/key")).toBe("all_orders");
  });

  it("renames in place", () => {
    const document = sampleDocument();
    const applied = applyAll(document, renameAt(document, `${BASIC}/number`, "x_no"));
    expect(applied.document && keys(applied.document, BASIC)).toEqual(["customer", "x_no", "lines"]);
  });
});

describe("compose", () => {
  it("lets later steps see earlier ones", () => {
    const document = sampleDocument();
    const group = compose(
      document,
      (now) => insertAt(now, { list: BASIC, before: null }, { key: "s", kind: "section", nodes: [] }),
      (now) => moveTo(now, `${BASIC}/number`, { list: `${BASIC}/s/nodes`, before: null }),
    );
    const applied = applyAll(document, group);
    expect(applied.document && keys(applied.document, `${BASIC}/s/nodes`)).toEqual(["number"]);
  });
});

describe("invert", () => {
  it("takes any command back: invert(apply(d, c)) is d", () => {
    const random = randomNumbers(7);
    let applied = 0;
    for (let run = 0; run < 60; run++) {
      let document = sampleDocument();
      for (let step = 0; step < 40; step++) {
        const command = randomCommand(document, random, step);
        const result = apply(document, command);
        if (result.refused !== null) continue;
        applied++;
        expect(must(result.document, invert(command))).toEqual(document);
        document = result.document;
      }
    }
    expect(applied).toBeGreaterThan(1000);
  });

  it("takes a whole run back in one go, through JSON", () => {
    const random = randomNumbers(11);
    for (let run = 0; run < 30; run++) {
      const start = sampleDocument();
      const commands: Command[] = [];
      let document = start;
      for (let step = 0; step < 30; step++) {
        const command = randomCommand(document, random, step);
        const result = apply(document, command);
        if (result.refused !== null) continue;
        commands.push(JSON.parse(JSON.stringify(command)) as Command);
        document = result.document;
      }
      expect(applyAll(start, commands).document).toEqual(document);
      expect(applyAll(document, invertAll(commands)).document).toEqual(start);
    }
  });
});

describe("rebase", () => {
  it("keeps the meaning of a command on a document others changed", () => {
    const document = sampleDocument();
    const command = moveTo(document, `${BASIC}/customer`, { list: BASIC, before: "lines" });
    const theirs = must(document, removeAt(document, `${BASIC}/lines`));
    if (!command) throw new Error("no command");
    expect(apply(theirs, command).refused).toBe("missing");
    const fresh = rebase(theirs, command);
    expect(keys(must(theirs, fresh), BASIC)).toEqual(["number", "customer"]);
  });

  it("empties no list that somebody else has made meanwhile", () => {
    const document = sampleDocument();
    const list = "/entities/partner/rules";
    const add = (key: string): readonly Command[] =>
      compose(
        document,
        (now) => listAt(now, list),
        (now) => insertAt(now, { list, before: null }, { key }),
      );
    const theirs = applyAll(document, add("theirs")).document ?? document;
    const both = compose(theirs, ...add("ours").map((command) => (now: typeof document) => rebase(now, command)));
    expect(keys(applyAll(theirs, both).document ?? document, list)).toEqual(["theirs", "ours"]);
  });

  it("gives null when the element is gone", () => {
    const document = sampleDocument();
    const command = removeAt(document, `${BASIC}/customer`) as Command;
    expect(rebase(must(document, command), command)).toBeNull();
  });
});

it("applies a command on a document of 10,000 nodes in a few milliseconds", () => {
  const nodes: readonly FormNode[] = Array.from({ length: 100 }, (_, s) => ({
    key: `s${s}`,
    kind: "section",
    nodes: Array.from({ length: 100 }, (_, n) => ({ key: `n${n}`, kind: "input", field: "remark" })),
  }));
  const document: AppDocument = { ...sampleDocument(), forms: [{ key: "order", entity: "order", name: {}, nodes }] };
  const started = performance.now();
  for (let i = 0; i < 50; i++) must(document, setAt(document, `${ROOT}/s99/nodes/n${i}/span`, 2));
  expect((performance.now() - started) / 50).toBeLessThan(10);
});
