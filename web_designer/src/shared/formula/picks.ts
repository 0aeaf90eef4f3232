/** CHOOSE, which computes only the value it takes, and XOR. */
import Big from "big.js";
import type { Make } from "./choices";
import { cut } from "./numbers";
import { Failure, type Value } from "./values";

const makeChoose: Make = (node, compileNode) => {
  const [which, ...values] = node.args.map(compileNode);
  return (frames, context) => {
    const place = which?.(frames, context);
    const value = place instanceof Big ? values[cut(place) - 1] : undefined;
    if (value === undefined) throw new Failure("VALUE");
    return value(frames, context);
  };
};

export const makes = { CHOOSE: makeChoose };

export const plain = {
  XOR: (...conditions: Value[]) => conditions.filter((condition) => condition === true).length % 2 === 1,
};
