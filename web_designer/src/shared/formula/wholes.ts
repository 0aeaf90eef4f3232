/** Functions about multiples, rests, divisors, signs and bounds, and rounding to the even digit. */
import Big from "big.js";
import { cut, limited, ONE, quotient, rounder, ZERO } from "./numbers";
import { Failure } from "./values";

const DOWN = 0;
const HALF_EVEN = 2;
const UP = 3;
const MOST_FACTORIAL = 33;

function nearestMultiple(number: Big, step: Big): Big {
  if (step.eq(0)) return ZERO;
  const rest = number.mod(step);
  const below = number.minus(rest);
  if (rest.abs().times(2).lt(step.abs())) return limited(below);
  return limited(number.lt(0) ? below.minus(step.abs()) : below.plus(step.abs()));
}

function wholeQuotient(number: Big, divisor: Big): Big {
  if (divisor.eq(0)) return quotient(number, divisor);
  const rest = number.mod(divisor);
  // What is left divides without a rest, so that nothing is rounded.
  return limited(number.minus(rest).div(divisor).round(0, DOWN));
}

function even(number: Big): Big {
  return limited(number.times("0.5").round(0, UP).times(2));
}

function odd(number: Big): Big {
  const sign = number.lt(0) ? ONE.neg() : ONE;
  return number.abs().lte(1) ? sign : limited(even(number.minus(sign)).plus(sign));
}

function wholes(numbers: readonly Big[]): bigint[] {
  const found = numbers.map((number) => BigInt(number.round(0, DOWN).toFixed()));
  if (found.some((whole) => whole < 0n)) throw new Failure("NUM");
  return found;
}

function divisorOf(one: bigint, other: bigint): bigint {
  let [left, right] = [one, other];
  while (right !== 0n) [left, right] = [right, left % right];
  return left;
}

function leastMultiple(...numbers: Big[]): Big {
  const found = wholes(numbers);
  if (found.includes(0n)) return ZERO;
  let result = 1n;
  for (const whole of found) {
    result = (result / divisorOf(result, whole)) * whole;
    limited(new Big(result.toString()));
  }
  return new Big(result.toString());
}

function factorial(number: Big): Big {
  if (number.lte(-1)) throw new Failure("NUM");
  if (number.gte(MOST_FACTORIAL + 1)) throw new Failure("LIMIT");
  let result = ONE;
  for (let factor = 2; factor <= cut(number); factor += 1) result = result.times(factor);
  return result;
}

function multiple(isUp: boolean): (number: Big, step: Big) => Big {
  return (number, step) => {
    if (step.lte(0)) throw new Failure("NUM");
    const rest = number.mod(step);
    const below = number.minus(rest);
    if (isUp) return limited(rest.gt(0) ? below.plus(step) : below);
    return limited(rest.lt(0) ? below.minus(step) : below);
  };
}

function modulo(number: Big, divisor: Big): Big {
  if (divisor.eq(0)) throw new Failure("DIV0");
  const rest = number.mod(divisor);
  return !rest.eq(0) && rest.lt(0) !== divisor.lt(0) ? rest.plus(divisor) : rest;
}

function sign(number: Big): Big {
  return new Big(number.cmp(0));
}

function clamp(number: Big, low: Big, high: Big): Big {
  if (number.lt(low)) return low;
  return number.gt(high) ? high : number;
}

export const plain = {
  CEILING: multiple(true),
  FLOOR: multiple(false),
  MOD: modulo,
  SIGN: sign,
  CLAMP: clamp,
  MROUND: nearestMultiple,
  QUOTIENT: wholeQuotient,
  ROUNDBANKER: rounder(HALF_EVEN),
  EVEN: even,
  ODD: odd,
  GCD: (...numbers: Big[]) => new Big(wholes(numbers).reduce(divisorOf).toString()),
  LCM: leastMultiple,
  FACT: factorial,
};
