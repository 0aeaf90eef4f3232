/** Run in a browser: a typed tree in, how long a thousand rows of it take there, beside the same written by hand on big.js. */
import Big from "big.js";
import { compile, type Env, type FormulaContext, type TreeJson } from "../src/shared/formula";

const CONTEXT: FormulaContext = { now: new Date(), zone: "Asia/Shanghai", user: null };

interface Measured {
  readonly dougong_ms: number;
  readonly limit_ms: number;
}

function rows(count: number): Env[] {
  return Array.from({ length: count }, (_, place) => ({
    quantity: new Big((place % 97) + 1),
    price: new Big(((place * 7919) % 100_000) + 1).div(100),
    discount: new Big(place % 31).div(100),
  }));
}

function byHand(row: Env): Big {
  const [quantity, price, discount] = [row["quantity"], row["price"], row["discount"]] as [Big, Big, Big];
  return quantity.times(price).times(new Big(1).minus(discount)).round(2, 1);
}

function median(run: () => void, rounds: number): number {
  const times = Array.from({ length: rounds }, () => {
    const began = performance.now();
    run();
    return performance.now() - began;
  }).sort((one, other) => one - other);
  return times[Math.floor(rounds / 2)] ?? 0;
}

/** Returns how long all rows take once; throws when both do not agree. */
function measure(tree: TreeJson, count: number, rounds: number): Measured {
  const run = compile(tree);
  const found = rows(count);
  for (const row of found) {
    if (!(run(row, CONTEXT) as Big).eq(byHand(row))) throw new Error("the answers differ");
  }
  return {
    dougong_ms: median(() => found.forEach((row) => run(row, CONTEXT)), rounds),
    limit_ms: median(() => found.forEach(byHand), rounds),
  };
}

Object.assign(globalThis, { measure });
