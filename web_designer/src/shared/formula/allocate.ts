/** ALLOCATE: a total in parts by weight that add up to it, to the last cent. */
import Big from "big.js";
import { cut, limited, ZERO } from "./numbers";
import { ErrorValue, Failure, MAX_LIST, type Value } from "./values";

const MOST_PLACES = 20;
const LEAST_PLACES = -37;
const HALF_UP = 1;

/** Returns numbers as whole ones in the same ratio. */
function wholes(numbers: readonly Big[]): bigint[] {
  const places = numbers.reduce((most, number) => Math.max(most, number.c.length - 1 - number.e), 0);
  return numbers.map((number) => BigInt(number.toFixed(places).replace(".", "")));
}

function allocate(total: Big, weights: readonly Value[], places: Big): Value {
  if (weights.length > MAX_LIST) throw new Failure("LIMIT");
  for (const weight of weights) if (weight instanceof ErrorValue) throw new Failure(weight.code);
  const shares = weights.map((weight) => (weight instanceof Big ? weight : ZERO));
  if (shares.length === 0) return [];
  if (shares.some((share) => share.lt(0))) throw new Failure("NUM");
  const scale = Math.max(LEAST_PLACES, Math.min(MOST_PLACES, cut(places)));
  const unit = new Big(`${total.lt(0) ? "-" : ""}1e${-scale}`);
  const count = BigInt(total.round(scale, HALF_UP).times(new Big(`1e${scale}`)).abs().toFixed());
  if (count === 0n) return shares.map(() => ZERO);
  const ratios = wholes(shares);
  const sum = ratios.reduce((one, other) => one + other, 0n);
  if (sum === 0n) throw new Failure("DIV0");
  const parts = ratios.map((ratio) => (count * ratio) / sum);
  const rests = ratios.map((ratio) => (count * ratio) % sum);
  const left = Number(count - parts.reduce((one, other) => one + other, 0n));
  const order = rests.map((rest, place) => ({ rest, place })).sort((one, other) => (one.rest === other.rest ? one.place - other.place : one.rest > other.rest ? -1 : 1));
  const raised = new Set(order.slice(0, left).map(({ place }) => place));
  return parts.map((part, place) => limited(new Big((raised.has(place) ? part + 1n : part).toString()).times(unit)));
}

export const plain = { ALLOCATE: allocate };
