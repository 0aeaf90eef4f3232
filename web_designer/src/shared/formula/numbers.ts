/** The functions over numbers that every page has: Big in, Big out, exact but for quotients (20 decimals, half up). */
import Big, { type BigConstructor } from "big.js";
import { Failure } from "./values";

// Constructors of their own, so that no setting of the shared one matters. Rounding mode 1 is half up.
const Exact: BigConstructor = Big();
Exact.DP = 20;
Exact.RM = 1;

export const ZERO = new Exact(0);
export const ONE = new Exact(1);
const DOWN = 0;
const HALF_UP = 1;
const UP = 3;
const MOST_PLACES = 1000;

/** Returns a result, or fails when it has reached 10^38 or has more than 1,000 digits. */
export function limited(number: Big): Big {
  if (number.e > 37 || number.c.length > 1000) throw new Failure("LIMIT");
  return number;
}

export function add(left: Big, right: Big): Big {
  return limited(left.plus(right));
}

export function quotient(number: Big, divisor: Big): Big {
  if (divisor.eq(0)) throw new Failure("DIV0");
  return limited(new Exact(number).div(divisor));
}

/** Returns the canonical text: no exponent, no trailing zeros, no minus at zero. */
export function numberText(number: Big): string {
  return number.eq(0) ? "0" : number.toFixed();
}

export function isWhole(number: Big): boolean {
  return number.eq(number.round(0, DOWN));
}

/** Returns a whole number cut towards zero. */
export function cut(number: Big): number {
  return number.round(0, DOWN).toNumber();
}

export function rounder(mode: 0 | 1 | 2 | 3): (number: Big, places: Big) => Big {
  return (number, places) => {
    const count = Math.max(-MOST_PLACES, Math.min(MOST_PLACES, cut(places)));
    return limited(number.round(count, mode));
  };
}

export const roundHalfUp = rounder(HALF_UP);

function whole(number: Big): Big {
  const towardsZero = number.round(0, DOWN);
  return number.lt(towardsZero) ? towardsZero.minus(1) : towardsZero;
}

export const NUMBERS: Readonly<Record<string, (...args: Big[]) => Big>> = {
  add: add as (...args: Big[]) => Big,
  sub: ((left: Big, right: Big) => limited(left.minus(right))) as (...args: Big[]) => Big,
  mul: ((left: Big, right: Big) => limited(left.times(right))) as (...args: Big[]) => Big,
  div: quotient as (...args: Big[]) => Big,
  neg: ((number: Big) => number.neg()) as (...args: Big[]) => Big,
  percent: ((number: Big) => number.times("0.01")) as (...args: Big[]) => Big,
  ABS: ((number: Big) => number.abs()) as (...args: Big[]) => Big,
  ROUND: roundHalfUp as (...args: Big[]) => Big,
  ROUNDUP: rounder(UP) as (...args: Big[]) => Big,
  ROUNDDOWN: rounder(DOWN) as (...args: Big[]) => Big,
  TRUNC: rounder(DOWN) as (...args: Big[]) => Big,
  INT: whole as (...args: Big[]) => Big,
};
