/** Run in Node: a vector as JSON on each line in, its answer as JSON on a line out, computed by the same source as in the pages. */
import { createInterface } from "node:readline";
import { answer, prepareAll, toJson, type VectorJson } from "../src/shared/formula/vectorValues";

async function answered(line: string): Promise<unknown> {
  try {
    const vector = JSON.parse(line) as VectorJson;
    await prepareAll([vector]);
    return { value: toJson(answer(vector)) };
  } catch (problem) {
    return { trouble: String(problem) };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await answered(line))}\n`);
}
