/** Functions over numbers: Big in, Big out, exact but for quotients (20 decimals, half up), roots and fractional powers. */
import Big, { type BigConstructor } from "big.js";
import { Failure } from "./values";

// Constructors of their own, so that no setting of the shared one matters. Rounding mode 1 is half up.
const Exact: BigConstructor = Big();
Exact.DP = 20;
Exact.RM = 1;
const Wide: BigConstructor = Big();
Wide.DP = 140;
Wide.RM = 1;

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

/**
 * Returns a root, a logarithm and the like as the server rounds them: at 20 significant digits and at 100 decimals.
 */
export function approximation(number: Big): Big {
  return limited(number.round(Math.min(100, 19 - number.e), HALF_UP));
}

/** Returns a power that has at most 1,000 digits, rounded where it is the inverse of one; undefined for any other. */
export function exactPower(base: Big, exponent: Big): Big | undefined {
  if (exponent.eq(0)) return ONE;
  if (base.eq(0)) return exponent.lt(0) ? fail("DIV0") : ZERO;
  const [size, digits] = [exponent.abs(), Math.max(base.c.length, base.c.length - 1 - base.e)];
  if (!isWhole(exponent) || size.times(digits).gt(1000)) return undefined;
  const turns = size.toNumber();
  if (exponent.lt(0)) return approximation(new Wide(1).div(new Exact(base).pow(turns)));
  if (turns * base.e > 38) fail("LIMIT");
  return limited(new Exact(base).pow(turns));
}

/** Other powers are in a file of their own, which `prepare` loads. */
function power(base: Big, exponent: Big): Big {
  const exact = exactPower(base, exponent);
  if (exact === undefined) throw new Error("this power has not been loaded");
  return exact;
}

function fail(code: string): never {
  throw new Failure(code);
}

export function squareRoot(number: Big): Big {
  if (number.lt(0)) throw new Failure("NUM");
  return approximation(new Wide(number).sqrt());
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
  return new Exact(number.cmp(0));
}

function clamp(number: Big, low: Big, high: Big): Big {
  if (number.lt(low)) return low;
  return number.gt(high) ? high : number;
}

export const NUMBERS: Readonly<Record<string, (...args: Big[]) => Big>> = {
  add: add as (...args: Big[]) => Big,
  sub: ((left: Big, right: Big) => limited(left.minus(right))) as (...args: Big[]) => Big,
  mul: ((left: Big, right: Big) => limited(left.times(right))) as (...args: Big[]) => Big,
  div: quotient as (...args: Big[]) => Big,
  pow: power as (...args: Big[]) => Big,
  neg: ((number: Big) => number.neg()) as (...args: Big[]) => Big,
  percent: ((number: Big) => number.times("0.01")) as (...args: Big[]) => Big,
  ABS: ((number: Big) => number.abs()) as (...args: Big[]) => Big,
  ROUND: roundHalfUp as (...args: Big[]) => Big,
  ROUNDUP: rounder(UP) as (...args: Big[]) => Big,
  ROUNDDOWN: rounder(DOWN) as (...args: Big[]) => Big,
  TRUNC: rounder(DOWN) as (...args: Big[]) => Big,
  INT: whole as (...args: Big[]) => Big,
  CEILING: multiple(true) as (...args: Big[]) => Big,
  FLOOR: multiple(false) as (...args: Big[]) => Big,
  MOD: modulo as (...args: Big[]) => Big,
  SQRT: squareRoot as (...args: Big[]) => Big,
  SIGN: sign as (...args: Big[]) => Big,
  CLAMP: clamp as (...args: Big[]) => Big,
};
