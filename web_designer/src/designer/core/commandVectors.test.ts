/** Commands do in the browser what they do on the server: the table of both. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, it } from "vitest";
import { type Command, adapt, apply, invert, same } from "./commands";
import { type AppDocument, type Json, find, findList } from "./doc";

type Vector = {
  readonly name: string;
  readonly command: Command;
  readonly at: string;
  readonly keys?: readonly string[];
  readonly value?: Json;
  readonly absent?: boolean;
  readonly unchanged?: boolean;
  readonly refused?: string;
  readonly adapted?: Command;
};
const table = JSON.parse(readFileSync(resolve(__dirname, "../../../../tests/runtime/command_vectors.json"), "utf8")) as {
  readonly document: AppDocument;
  readonly apply: readonly Vector[];
  readonly adapt: readonly Vector[];
};

it.each(table.apply)("apply: $name", (vector) => {
  const before = JSON.stringify(table.document);
  const { document, refused } = apply(table.document, vector.command);
  expect(JSON.stringify(table.document)).toBe(before);
  expect(refused ?? undefined).toBe(vector.refused);
  if (document === null) return;
  if (vector.unchanged) return expect(document).toBe(table.document);
  if (vector.keys) expect(findList(document, vector.at)?.map((element) => element.key)).toEqual(vector.keys);
  else expect(find(document, vector.at)).toEqual(vector.absent ? undefined : vector.value);
  const back = apply(document, invert(vector.command)).document;
  expect(same(back as never, table.document as never)).toBe(true);
});

it.each(table.adapt)("adapt: $name", (vector) => {
  expect(adapt(table.document, vector.command)).toEqual(vector.refused === undefined ? vector.adapted : null);
});
