/** Numbers as whole multiples of 2^-470, for what must be computed to many digits: logarithms, powers of e, interest. */
import Big from "big.js";
import { ZERO } from "./numbers";
import { approximation } from "./roots";
import { Failure } from "./values";

// 141 decimals; a power of two, for shifting is quicker than dividing.
const BITS = 470n;
const DECIMALS = 140;
/** 1 as a fixed number. */
export const UNIT = 1n << BITS;
const HALVINGS = 8n;

export function toFixed(number: Big): bigint {
  const places = number.c.length - 1 - number.e;
  const digits = BigInt(number.c.join("")) * BigInt(number.s);
  return places > 0 ? (digits << BITS) / 10n ** BigInt(places) : (digits * 10n ** BigInt(-places)) << BITS;
}

export function fromFixed(number: bigint): Big {
  return new Big(`${(number * 10n ** BigInt(DECIMALS)) >> BITS}e-${DECIMALS}`);
}

export function times(left: bigint, right: bigint): bigint {
  return (left * right) >> BITS;
}

export function over(left: bigint, right: bigint): bigint {
  return (left << BITS) / right;
}

export function sizeOf(number: bigint): bigint {
  return number < 0n ? -number : number;
}

/** Shifting rounds down, so that what vanishes below 0 stays at -1. */
function isSomething(number: bigint): boolean {
  return number !== 0n && number !== -1n;
}

/** Returns the logarithm of what lies between 0.5 and 2, by the series of atanh. */
function nearLogarithm(number: bigint): bigint {
  const z = over(number - UNIT, number + UNIT);
  const square = times(z, z);
  let [power, sum] = [z, z];
  for (let count = 3n; isSomething(power); count += 2n) {
    power = times(power, square);
    sum += power / count;
  }
  return 2n * sum;
}

const LN2 = nearLogarithm(2n * UNIT);
const LN10 = 3n * LN2 + nearLogarithm((5n * UNIT) / 4n);

/** Returns the natural logarithm of a number above 0. */
export function logarithm(number: Big): bigint {
  // What lies between 1 and 10 keeps its digits however small the number is.
  const leading = new Big(number);
  leading.e = 0;
  let [rest, halvings] = [toFixed(leading), 0n];
  while (rest > (3n * UNIT) / 2n) {
    rest /= 2n;
    halvings += 1n;
  }
  return nearLogarithm(rest) + halvings * LN2 + BigInt(number.e) * LN10;
}

/** Returns e raised to a number between -1000 and 200. */
export function exponential(number: bigint): bigint {
  const turns = number / LN2;
  const rest = (number - turns * LN2) >> HALVINGS;
  let [term, sum] = [UNIT, UNIT];
  for (let count = 1n; isSomething(term); count += 1n) {
    term = times(term, rest) / count;
    sum += term;
  }
  for (let count = 0n; count < HALVINGS; count += 1n) sum = times(sum, sum);
  return turns < 0n ? sum >> -turns : sum << turns;
}

/** Returns e raised to any number, rounded; fails at 10^38 and above. */
export function roundedExponential(number: Big): Big {
  if (number.gt(88)) throw new Failure("LIMIT");
  return number.lt(-300) ? ZERO : approximation(fromFixed(exponential(toFixed(number))));
}

/** Returns a whole power of a number that is not above 1. */
export function smallPower(base: bigint, exponent: number): bigint {
  let [result, square] = [UNIT, base];
  for (let rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = times(result, square);
    square = times(square, square);
  }
  return result;
}

