/** What can be undone and done again by the log alone: as on the page where it was done. */
import { describe, expect, it } from "vitest";
import { type Command, applyAll, setAt } from "./commands";
import { find } from "./doc";
import { redo, undo, withKept } from "./history";
import { type Line, keptOf } from "./kept";
import { sampleDocument } from "./sample";

const NAME = "/entities/order/fields/remark/name/en";
const start = sampleDocument();

/** Return the command that sets the name, in a document where it was another. */
function names(before: string | null, value: string): Command {
  const document = before === null ? start : (applyAll(start, [setAt(start, NAME, before)]).document ?? start);
  return setAt(document, NAME, value);
}

const did = (id: string, ...commands: Command[]): Line => ({ id, label: { message: id }, commands, undoes: [] });
const took = (id: string, ...undoes: string[]): Line => ({ id, label: { message: id }, commands: [names("b", "a")], undoes });
const ids = (entries: readonly { readonly gestures: readonly string[] }[]): readonly (readonly string[])[] => entries.map(({ gestures }) => gestures);

describe("keptOf", () => {
  const a = did("1", names(null, "a"));
  const b = did("2", names("a", "b"));

  it("gives what was undone to be done again, what was done again to be undone", () => {
    const undone = keptOf([a, b, took("3", "2")]);
    expect([ids(undone.past), ids(undone.future)]).toEqual([[["1"]], [["2"]]]);
    const again = keptOf([a, b, took("3", "2"), took("4", "3")]);
    expect([ids(again.past), ids(again.future)]).toEqual([[["1"], ["2"]], []]);
    const twice = keptOf([a, b, took("3", "2"), took("4", "3"), took("5", "2"), took("6", "1")]);
    expect([ids(twice.past), ids(twice.future)]).toEqual([[], [["1"], ["2"]]]);
  });

  it("ends what could be done again with something new", () => {
    const kept = keptOf([a, b, took("3", "2"), did("4", names("a", "c"))]);
    expect([ids(kept.past), ids(kept.future)]).toEqual([[["1"], ["4"]], []]);
    expect(keptOf([did("5", names("c", "d"))], { ...kept, future: kept.past })).toMatchObject({ future: [] });
  });

  it("takes typing that was sent in between as the one thing it was undone as", () => {
    const kept = keptOf([a, b, took("3", "1", "2")]);
    expect([ids(kept.past), ids(kept.future)]).toEqual([[], [["1", "2"]]]);
    const opened = withKept(start, kept);
    const done = redo(opened);
    expect(done && find(done.history.document, NAME)).toBe("b");
    expect(done && undo(done.history)?.history.document).toEqual(start);
  });

  it("does again what belongs to a version by now", () => {
    const document = applyAll(start, [names(null, "a")]).document ?? start;
    const opened = withKept(document, keptOf([took("3", "of an earlier chapter")]));
    const done = redo(opened);
    expect(done && find(done.history.document, NAME)).toBe("b");
    expect(done?.entry.undoneBy).toEqual(["3"]);
  });
});
