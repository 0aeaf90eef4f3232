/** History: one entry a gesture, typing joined, nothing for nothing, undo and redo of everything. */
import { describe, expect, it } from "vitest";
import { type Command, moveTo, removeAt, setAt } from "./commands";
import { type AppDocument, find } from "./doc";
import { type History, LIMIT, carryOut, carryOutAnyway, execute, onto, openHistory, redo, seal, undo, withKept, without } from "./history";
import { randomCommand, randomNumbers, sampleDocument } from "./sample";

const NODE = "/forms/order/nodes/basic/nodes/customer";
const NAME = "/entities/order/fields/remark/help";
const label = { message: "test" };

function type(history: History, text: string, mergeKey = "help"): History {
  return execute(history, { label, commands: [setAt(history.document, NAME, text)], mergeKey }).history;
}

function doOne(history: History, command: Command | null): History {
  return execute(history, { label, commands: command ? [command] : [] }).history;
}

const back = (history: History): History => undo(history)?.history ?? history;
const forth = (history: History): History => redo(history)?.history ?? history;

describe("execute", () => {
  it("makes one entry of a group", () => {
    const start = openHistory(sampleDocument());
    const first = setAt(start.document, `${NODE}/span`, 2);
    const second = setAt(start.document, `${NODE}/hidden`, true);
    const { history } = execute(start, { label, commands: [first, second] });
    expect(history.past).toHaveLength(1);
    expect(back(history).document).toEqual(start.document);
  });

  it("makes no entry of what changes nothing", () => {
    const start = openHistory(sampleDocument());
    expect(doOne(start, moveTo(start.document, NODE, { list: "/forms/order/nodes/basic/nodes", before: "number" }))).toBe(start);
    const there = setAt(start.document, `${NODE}/span`, 2);
    const back = { ...there, value: 1, previous: 2 };
    expect(execute(start, { label, commands: [there, back] }).history).toBe(start);
  });

  it("does all of a group or nothing", () => {
    const start = openHistory(sampleDocument());
    const good = setAt(start.document, `${NODE}/span`, 2);
    const bad: Command = { kind: "set", at: "/forms/nobody/name", value: {} };
    const { history, refused } = execute(start, { label, commands: [good, bad] });
    expect(refused).toBe("missing");
    expect(history).toBe(start);
  });

  it("joins typing with one merge key and drops an entry that was typed away", () => {
    let history = openHistory(sampleDocument());
    const start = history.document;
    for (const text of ["a", "ab", "abc"]) history = type(history, text);
    expect(history.past).toHaveLength(1);
    expect(history.past[0]?.commands).toEqual([{ kind: "set", at: NAME, value: "abc" }]);
    expect(back(history).document).toEqual(start);
    history = execute(history, { label, commands: [setAt(history.document, NAME, undefined)], mergeKey: "help" }).history;
    expect(history.past).toHaveLength(0);
    expect(history.document).toEqual(start);
  });

  it("starts a new entry after a seal, another key, or an undo", () => {
    let history = type(openHistory(sampleDocument()), "a");
    history = type(seal(history), "ab");
    expect(history.past).toHaveLength(2);
    history = type(history, "abc", "other");
    expect(history.past).toHaveLength(3);
    history = type(back(history), "x");
    expect(history.past).toHaveLength(3);
    expect(history.future).toHaveLength(0);
  });

  it("keeps the newest entries only", () => {
    let history = openHistory(sampleDocument());
    for (let i = 0; i < LIMIT + 20; i++) history = doOne(history, setAt(history.document, NAME, `v${i}`));
    expect(history.past).toHaveLength(LIMIT);
    for (let i = 0; i < LIMIT + 20; i++) history = back(history);
    expect(find(history.document, NAME)).toBe("v19");
  });
});

describe("undo and redo", () => {
  it("go all the way back and all the way forth", () => {
    for (let seed = 1; seed <= 40; seed++) {
      const random = randomNumbers(seed);
      const start = openHistory(sampleDocument());
      let history = start;
      const seen: AppDocument[] = [start.document];
      for (let step = 0; step < 40; step++) {
        const next = doOne(history, randomCommand(history.document, random, step));
        if (next !== history) seen.push(next.document);
        history = next;
      }
      for (const document of [...seen].reverse()) {
        expect(history.document).toEqual(document);
        history = back(history);
      }
      expect(back(history)).toBe(history);
      for (const document of seen.slice(1)) {
        history = forth(history);
        expect(history.document).toEqual(document);
      }
      expect(forth(history)).toBe(history);
    }
  });

  it("a new gesture forgets what was taken back", () => {
    let history = doOne(openHistory(sampleDocument()), removeAt(sampleDocument(), NODE));
    history = back(history);
    history = doOne(history, setAt(history.document, `${NODE}/span`, 2));
    expect(forth(history)).toBe(history);
  });
});

describe("beside others", () => {
  const SPAN = "/forms/order/nodes/more/nodes/remark/span";

  it("takes back what nobody else has changed, and says of the rest that it cannot", () => {
    let history = doOne(openHistory(sampleDocument()), setAt(sampleDocument(), SPAN, 2));
    history = doOne(history, setAt(history.document, NAME, "mine"));
    const theirs = doOne(openHistory(history.document), setAt(history.document, NAME, "theirs")).document;
    history = onto(history, theirs);
    const first = undo(history);
    expect(first?.commands).toBeNull();
    const second = undo(first?.history ?? history);
    expect(second?.commands).toHaveLength(1);
    expect(find(second?.history.document ?? theirs, NAME)).toBe("theirs");
    expect(find(second?.history.document ?? theirs, SPAN)).toBe(find(sampleDocument(), SPAN));
  });

  it("carries a group out on a changed document, or nothing of it", () => {
    const mine = sampleDocument();
    const group = [setAt(mine, NAME, "mine"), setAt(mine, SPAN, 2)];
    const theirs = doOne(openHistory(mine), setAt(mine, NAME, "theirs")).document;
    expect(carryOut(mine, group)?.commands).toEqual(group);
    expect(carryOut(theirs, group)).toBeNull();
    expect(find(carryOutAnyway(theirs, group)?.document ?? mine, NAME)).toBe("mine");
    const gone = doOne(openHistory(mine), removeAt(mine, "/forms/order/nodes/more/nodes/remark")).document;
    expect(carryOutAnyway(gone, group)).toBeNull();
  });

  it("opens with entries of earlier visits and forgets those that were not kept", () => {
    const document = doOne(openHistory(sampleDocument()), setAt(sampleDocument(), NAME, "before")).document;
    const commands = [setAt(sampleDocument(), NAME, "before")];
    const history = withKept(document, { past: [{ label, commands, gestures: ["one"], undoneBy: [] }], future: [] });
    expect(back(history).document).toEqual(sampleDocument());
    const more = execute(history, { label, commands: [setAt(document, SPAN, 2)] }, "two").history;
    expect(without(more, ["two"]).past.map(({ gestures }) => gestures)).toEqual([["one"]]);
  });
});
