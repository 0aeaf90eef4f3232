/** What is made of all values of lists: middle values, deviations, ranks, products of pairs, tests of all rows. */
import Big, { type BigConstructor } from "big.js";
import { compare, type Make } from "./choices";
import { add, limited, quotient, ZERO } from "./numbers";
import { squareRoot } from "./roots";
import { ErrorValue, Failure, isRecord, MAX_LIST, type Value } from "./values";

// A variance is rounded at 40 decimals, for a root at 80. Rounding mode 1 is half up.
const Variance: BigConstructor = Big();
Variance.DP = 40;
Variance.RM = 1;
const Root: BigConstructor = Big();
Root.DP = 80;
Root.RM = 1;
const ONE = new Big(1);
const TWO = new Big(2);

/** Returns the elements of a list, none for a blank; an element that is an error makes the list fail. */
export function elements(value: Value): readonly Value[] {
  if (!Array.isArray(value)) return [];
  const found = value as readonly Value[];
  if (found.length > MAX_LIST) throw new Failure("LIMIT");
  for (const part of found) if (part instanceof ErrorValue) throw new Failure(part.code);
  return found;
}

/** Returns the values of arguments, lists spread out and blanks left out. */
export function filled(given: readonly Value[]): Value[] {
  const found: Value[] = [];
  for (const arg of given) {
    for (const part of Array.isArray(arg) ? elements(arg) : [arg]) if (part !== null && part !== "") found.push(part);
  }
  return found;
}

/** Returns what tells two values apart: of a record its id, or, of a row that has none yet, the row itself. */
export function identity(value: Value): unknown {
  if (isRecord(value)) return value["id"] ?? value;
  if (value instanceof Big) return value.eq(0) ? "0" : value.toFixed();
  if (value instanceof Date) return value.getTime();
  return value === "" ? null : value;
}

function sorted(values: Value[]): Value[] {
  return values.sort(compare);
}

function numbers(values: readonly Value[]): Big[] {
  return values.map((value) => (value instanceof Big ? value : ZERO));
}

function middle(...given: Value[]): Value {
  const values = numbers(sorted(filled(given)));
  const place = Math.floor(values.length / 2);
  const [low, high] = [values[place - 1], values[place]];
  if (high === undefined) return null;
  if (values.length % 2 === 1 || low === undefined || low.eq(high)) return high;
  return quotient(add(low, high), TWO);
}

function product(...given: Value[]): Value {
  const values = numbers(filled(given));
  return values.length > 0 ? values.reduce((total, value) => limited(total.times(value)), ONE) : null;
}

/** Returns the variance by one of the constructors; `least` is 2 for a sample, 1 for a population. */
function variance(values: readonly Big[], least: number, Rounded: BigConstructor): Big | null {
  const count = values.length;
  if (count < least) return null;
  let [total, squares] = [ZERO, ZERO];
  for (const value of values) {
    total = total.plus(value);
    squares = squares.plus(value.times(value));
  }
  const above = squares.times(count).minus(total.times(total));
  return new Rounded(above).div(count * (count - least + 1));
}

function spread(least: number): (...given: Value[]) => Value {
  return (...given) => {
    const found = variance(numbers(filled(given)), least, Variance);
    return found === null ? null : limited(found);
  };
}

function deviation(least: number): (...given: Value[]) => Value {
  return (...given) => {
    const found = variance(numbers(filled(given)), least, Root);
    return found === null ? null : squareRoot(found);
  };
}

function mode(...given: Value[]): Value {
  const counts = new Map<unknown, [Value, number]>();
  for (const value of filled(given)) {
    const known = counts.get(identity(value));
    if (known === undefined) counts.set(identity(value), [value, 1]);
    else known[1] += 1;
  }
  let [best, most]: [Value, number] = [null, 1];
  for (const [value, count] of counts.values()) {
    if (count > most || (count === most && best !== null && compare(value, best) < 0)) [best, most] = [value, count];
  }
  return best;
}

function placed(isDescending: boolean): (given: Value, which: Value) => Value {
  return (given, which) => {
    const values = sorted(filled([given]));
    const place = cutPlace(which);
    return values[isDescending ? values.length - place : place - 1] ?? null;
  };
}

/** Returns a number cut towards zero, as a place: far beyond every list it is as good as anywhere there. */
export function cutPlace(which: Value): number {
  return which instanceof Big ? which.round(0, 0).toNumber() + 0 : 0;
}

function percentile(given: Value, share: Value): Value {
  const values = numbers(sorted(filled([given])));
  if (!(share instanceof Big) || share.lt(0) || share.gt(1)) throw new Failure("NUM");
  const place = share.times(Math.max(values.length - 1, 0));
  const low = place.round(0, 0);
  const [below, above] = [values[low.toNumber()], values[low.toNumber() + 1]];
  if (below === undefined) return null;
  const rest = place.minus(low);
  return above === undefined || rest.eq(0) ? below : limited(below.plus(rest.times(above.minus(below))));
}

function rank(value: Value, given: Value, order: Value): Value {
  const values = filled([given]);
  if (value === null || value === "" || !values.some((other) => compare(other, value) === 0)) return null;
  const rises = order instanceof Big && !order.eq(0);
  const before = values.filter((other) => (rises ? compare(other, value) < 0 : compare(other, value) > 0));
  return new Big(before.length + 1);
}

function sumOfProducts(...given: Value[]): Value {
  const lists = given.map((values) => numbers(elements(values)));
  const count = lists[0]?.length ?? 0;
  if (lists.some((values) => values.length !== count)) throw new Failure("VALUE");
  let total: Big = ZERO;
  for (let place = 0; place < count; place += 1) {
    total = add(total, lists.reduce((piece, values) => limited(piece.times(values[place] ?? ZERO)), ONE));
  }
  return total;
}

function weightedAverage(values: Value, weights: Value): Value {
  const others = elements(weights);
  let [total, weightSum, isEmpty]: [Big, Big, boolean] = [ZERO, ZERO, true];
  elements(values).forEach((value, place) => {
    const weight = others[place];
    if (!(value instanceof Big) || !(weight instanceof Big)) return;
    total = add(total, limited(value.times(weight)));
    weightSum = add(weightSum, weight);
    isEmpty = false;
  });
  return isEmpty ? null : quotient(total, weightSum);
}

const PLAIN: Readonly<Record<string, (...values: Value[]) => Value>> = {
  COUNTDISTINCT: (...given) => new Big(new Set(filled(given).map(identity)).size),
  MEDIAN: middle,
  PRODUCT: product,
  VAR: spread(2),
  VARP: spread(1),
  STDEV: deviation(2),
  STDEVP: deviation(1),
  MODE: mode,
  LARGE: placed(true) as (...values: Value[]) => Value,
  SMALL: placed(false) as (...values: Value[]) => Value,
  PERCENTILE: percentile as (...values: Value[]) => Value,
  RANK: rank as (...values: Value[]) => Value,
  SUMPRODUCT: sumOfProducts,
  WAVG: weightedAverage as (...values: Value[]) => Value,
  ANY: ((given: Value) => elements(given).includes(true)) as (...values: Value[]) => Value,
  ALL: ((given: Value) => elements(given).every((part) => part === true)) as (...values: Value[]) => Value,
};

export const makes = asMakes(PLAIN);

/** Returns functions that are given blanks as they are. */
export function asMakes(functions: Readonly<Record<string, (...values: Value[]) => Value>>): Readonly<Record<string, Make>> {
  const made = Object.entries(functions).map(([name, apply]): [string, Make] => [name, kept(apply)]);
  return Object.fromEntries(made);
}

function kept(apply: (...values: Value[]) => Value): Make {
  return (node, compileNode) => {
    const args = node.args.map(compileNode);
    return (frames, context) => apply(...args.map((arg) => arg(frames, context)));
  };
}
