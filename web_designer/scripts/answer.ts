/** Run in Node: the JSON of vectors in, their answers as JSON out, computed by the same source as in the pages. */
import { readFileSync } from "node:fs";
import { answer, prepareAll, toJson, type VectorJson } from "../src/shared/formula/vectorValues";

const vectors = JSON.parse(readFileSync(0, "utf8")) as readonly VectorJson[];
await prepareAll(vectors);
const answers = vectors.map((vector) => {
  try {
    return { value: toJson(answer(vector)) };
  } catch (problem) {
    return { trouble: String(problem) };
  }
});
process.stdout.write(JSON.stringify(answers));
