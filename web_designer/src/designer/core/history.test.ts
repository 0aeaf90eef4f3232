/** History: one entry a gesture, typing joined, nothing for nothing, undo and redo of everything. */
import { describe, expect, it } from "vitest";
import { type Command, moveTo, removeAt, setAt } from "./commands";
import { type AppDocument, find } from "./doc";
import { type History, LIMIT, execute, goTo, openHistory, redo, replay, seal, undo } from "./history";
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

describe("execute", () => {
  it("makes one entry of a group", () => {
    const start = openHistory(sampleDocument());
    const first = setAt(start.document, `${NODE}/span`, 2);
    const second = setAt(start.document, `${NODE}/hidden`, true);
    const { history } = execute(start, { label, commands: [first, second] });
    expect(history.past).toHaveLength(1);
    expect(undo(history).document).toEqual(start.document);
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
    expect(undo(history).document).toEqual(start);
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
    history = type(undo(history), "x");
    expect(history.past).toHaveLength(3);
    expect(history.future).toHaveLength(0);
  });

  it("keeps the newest entries only", () => {
    let history = openHistory(sampleDocument());
    for (let i = 0; i < LIMIT + 20; i++) history = doOne(history, setAt(history.document, NAME, `v${i}`));
    expect(history.past).toHaveLength(LIMIT);
    for (let i = 0; i < LIMIT + 20; i++) history = undo(history);
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
        history = undo(history);
      }
      expect(undo(history)).toBe(history);
      for (const document of seen.slice(1)) {
        history = redo(history);
        expect(history.document).toEqual(document);
      }
      expect(redo(history)).toBe(history);
      expect(goTo(goTo(history, 0), seen.length - 1).document).toEqual(seen.at(-1));
    }
  });

  it("a new gesture forgets what was taken back", () => {
    let history = doOne(openHistory(sampleDocument()), removeAt(sampleDocument(), NODE));
    history = undo(history);
    history = doOne(history, setAt(history.document, `${NODE}/span`, 2));
    expect(redo(history)).toBe(history);
  });
});

describe("replay", () => {
  it("does gestures again on a changed document and names the ones that are lost", () => {
    const mine = openHistory(sampleDocument());
    const hide = { label: { message: "hide" }, commands: [setAt(mine.document, `${NODE}/hidden`, true)] };
    const widen = { label: { message: "widen" }, commands: [setAt(mine.document, "/forms/order/nodes/more/nodes/remark/span", 2)] };
    const gone = doOne(mine, removeAt(mine.document, NODE)).document;
    const { history, lost } = replay(gone, [hide, widen]);
    expect(lost.map((gesture) => gesture.label.message)).toEqual(["hide"]);
    expect(find(history.document, "/forms/order/nodes/more/nodes/remark/span")).toBe(2);
    expect(undo(history).document).toEqual(gone);
  });
});
