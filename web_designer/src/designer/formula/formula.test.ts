/** The parts of the formula editor that need no page: counting positions, pieces for colours, one question at a time. */
import { EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { describe, expect, it } from "vitest";
import { makeAdviser } from "./adviser";
import { addChip, chipping, setChips } from "./chips";
import type { Answer } from "./expressionApi";
import { pointsOf } from "./points";
import { setMistakes, squiggling } from "./squiggles";
import { tokensOf } from "./tokens";

const kinds = (text: string): string[] => tokensOf(text).map(({ kind, from, to }) => `${kind} ${text.slice(from, to)}`);

describe("tokens", () => {
  it("tell functions, words, names and values apart", () => {
    expect(kinds("ROUND(数量 * 2.5, 1) AND {Unit Price} = \"a\"\"b\" // why").filter((kind) => !kind.startsWith("sign"))).toEqual([
      "function ROUND",
      "name 数量",
      "number 2.5",
      "number 1",
      "word AND",
      "name {Unit Price}",
      'text "a""b"',
      "comment // why",
    ]);
  });

  it("read full-width signs and texts that do not end yet", () => {
    expect(kinds("SUM（“ab").map((kind) => kind.split(" ")[0])).toEqual(["function", "sign", "text"]);
    expect(kinds("order + andy").filter((kind) => kind.startsWith("name"))).toHaveLength(2);
    expect(kinds("#2024-01-01# 'x")).toEqual(["date #2024-01-01#", "text 'x"]);
  });
});

describe("points", () => {
  it("agree with units where every character is one", () => {
    expect(pointsOf("数量").isPlain).toBe(true);
  });

  it("count an emoji as one", () => {
    const points = pointsOf("a😀b");
    expect([0, 1, 2, 3].map(points.toUnit)).toEqual([0, 1, 3, 4]);
    expect([0, 1, 3, 4].map(points.toPoint)).toEqual([0, 1, 2, 3]);
    expect(points.toPoint(2)).toBe(2);
    expect(points.toUnit(99)).toBe(4);
  });
});

describe("adviser", () => {
  const answer = (type: string): Answer => ({ issues: [], type, tree: null, canonical: "", names: [], completions: [], signature: null });

  it("asks the same question once and drops an older one", async () => {
    const asked: string[] = [];
    const waiting: ((found: Answer) => void)[] = [];
    const adviser = makeAdviser((text) => {
      asked.push(text);
      return new Promise((resolve) => waiting.push(resolve));
    });
    const old = adviser.at("a", 1);
    expect(adviser.at("a", 1)).toBe(old);
    const next = adviser.at("ab", 2);
    waiting.forEach((resolve, place) => resolve(answer(String(place))));
    expect(await old).toBeNull();
    expect((await next)?.type).toBe("1");
    expect(asked).toEqual(["a", "ab"]);
  });

  it("gives whoever waits while the fields change what is true of the new ones", async () => {
    const waiting: ((found: Answer) => void)[] = [];
    const adviser = makeAdviser(() => new Promise((resolve) => waiting.push(resolve)));
    const listed = adviser.at("a.", 2);
    adviser.forget();
    const advised = adviser.at("a.", 2);
    waiting.forEach((resolve, place) => resolve(answer(String(place))));
    expect((await listed)?.type).toBe("1");
    expect((await advised)?.type).toBe("1");
    adviser.forget();
    void adviser.at("a.", 2);
    expect(waiting.length).toBe(3);
  });

  it("asks again what failed", async () => {
    let count = 0;
    const adviser = makeAdviser(() => (++count === 1 ? Promise.reject(new Error("no answer")) : Promise.resolve(answer("number"))));
    expect(await adviser.at("a", 1)).toBeNull();
    expect((await adviser.at("a", 1))?.type).toBe("number");
  });
});

describe("chips and mistakes", () => {
  const chipsOf = (state: EditorState): string[] => {
    const found: string[] = [];
    for (const set of state.facet(EditorView.decorations)) {
      if (typeof set === "function") continue;
      set.between(0, state.doc.length, (from, to, value) => {
        if (value.spec["widget"] !== undefined) found.push(state.doc.sliceString(from, to));
      });
    }
    return found;
  };
  const open = (doc: string): EditorState => EditorState.create({ doc, extensions: [chipping, squiggling] });

  it("a chip moves with its text and is text again once it is typed on", () => {
    let { state } = open("a * price").update({ effects: setChips.of([{ from: 4, to: 9, label: "单价" }]) });
    expect(chipsOf(state)).toEqual(["price"]);
    ({ state } = state.update({ changes: { from: 0, insert: "2 + " } }));
    expect(chipsOf(state)).toEqual(["price"]);
    ({ state } = state.update({ changes: { from: state.doc.length, insert: "s" } }));
    expect(chipsOf(state)).toEqual([]);
  });

  it("a name put in from the list is a chip at once", () => {
    const { state } = open("").update({ changes: { from: 0, insert: "price" }, effects: addChip.of({ from: 0, to: 5, label: "单价" }) });
    expect(chipsOf(state)).toEqual(["price"]);
  });

  it("what is written anew is not called wrong any more", () => {
    const marksOf = (state: EditorState): number => state.facet(EditorView.decorations).reduce((sum, set) => sum + (typeof set === "function" ? 0 : set.size), 0);
    let { state } = open("quantty + 1").update({ effects: setMistakes.of([{ place: { from: 0, to: 7 }, text: "?", fixes: [] }]) });
    expect(marksOf(state)).toBe(1);
    ({ state } = state.update({ changes: { from: 11, insert: "0" } }));
    expect(marksOf(state)).toBe(1);
    ({ state } = state.update({ changes: { from: 5, insert: "i" } }));
    expect(marksOf(state)).toBe(0);
  });
});
