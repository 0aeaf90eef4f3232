/** Every vector of the language, as the server's checker types it, must have its answer in the browser as well. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import Big from "big.js";
import { describe, expect, it } from "vitest";
import { ErrorValue, names, type Value } from "./index";
import { answer, fromJson, prepareAll, type VectorJson } from "./vectorValues";

const root = resolve(__dirname, "../../../..");
const own = resolve(root, ".venv/bin/python");
const written = execFileSync(existsSync(own) ? own : "python3", ["-m", "engines.expression.vectors_json"], {
  cwd: root,
  encoding: "utf8",
  env: { ...process.env, PYTHONPATH: [root, resolve(root, "platform")].join(":"), PYTHONIOENCODING: "utf-8" },
  maxBuffer: 64 * 1024 * 1024,
});
interface Written {
  readonly functions: readonly string[];
  readonly vectors: readonly VectorJson[];
  readonly agreement: readonly VectorJson[];
}
const { functions, vectors, agreement } = JSON.parse(written) as Written;

/** Returns a value in a form that compares as the language does: numbers by value, records by id. */
function plain(found: Value): unknown {
  if (found instanceof Big) return `number ${found.eq(0) ? "0" : found.toFixed()}`;
  if (found instanceof Date) return `time ${found.toISOString()}`;
  if (found instanceof ErrorValue) return `error ${found.code}`;
  if (Array.isArray(found)) return (found as readonly Value[]).map(plain);
  if (typeof found === "object" && found !== null && "id" in found) return plain(found["id"] as Value);
  return found;
}

await prepareAll([...vectors, ...agreement]);

describe("the browser's functions", () => {
  it("are exactly those whose rows say so", async () => {
    expect([...(await names())].sort()).toEqual([...functions].sort());
  });
});

/** Returns what a vector's tree answers, and what it should answer. */
function ask(vector: VectorJson): readonly [Value, Value] {
  return [answer(vector), fromJson(vector.expect)];
}

function isNear(found: Value, wanted: Value, relative: number): boolean {
  if (!(found instanceof Big && wanted instanceof Big)) return false;
  return found.minus(wanted).abs().toNumber() <= Math.max(1, Math.abs(wanted.toNumber())) * relative;
}

describe("vectors", () => {
  it("are all there", () => {
    expect(vectors.length).toBeGreaterThan(300);
  });

  it.each(vectors)("$id $text", (vector) => {
    const [found, wanted] = ask(vector);
    if (vector.relative !== null && isNear(found, wanted, Number(vector.relative))) return;
    expect(plain(found)).toEqual(plain(wanted));
  });
});

describe("agreement with the server", () => {
  it.each([...new Set(agreement.map((vector) => vector.text))])("%s", (text) => {
    for (const vector of agreement.filter((one) => one.text === text)) {
      const [found, wanted] = ask(vector);
      expect(plain(found), vector.id).toEqual(plain(wanted));
    }
  });
});
